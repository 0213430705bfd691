/** What the dashboard's pages have beside the style of all pages. */
export const DASHBOARD_STYLE = `
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; margin: 0; }
.narrow { max-width: 28rem; }
.narrow h1 { margin-top: 1rem; }
.narrow button { width: 100%; }
.bar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.4rem 1rem; }
.bar p { margin: 0; flex: none; }
.who { display: flex; align-items: center; justify-content: flex-end; gap: 0.75rem; font-weight: 400; min-width: 0; flex: 1 1 auto; }
.who .text { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.who > :not(.text) { flex: none; }
.who button { white-space: nowrap; }
button.small { font-size: 0.9rem; padding: 0.35rem 0.8rem; }
section { margin: 1.6rem 0; }
section h2 { font-size: 1.15rem; }
section > .line { margin-bottom: 0.6rem; }
section > .line h2 { margin: 0; }
.count { font-variant-numeric: tabular-nums; font-weight: 600; color: var(--soft); margin-left: 0.25rem; }
.line { display: flex; align-items: center; justify-content: space-between; gap: 0.5rem 1rem; flex-wrap: wrap; }
.line p, .line h3 { margin: 0; }
.empty { color: var(--soft); border: 1px dashed var(--line); border-radius: 0.9rem; padding: 1.4rem 1.1rem; text-align: center; }
.cards { display: grid; gap: 0.9rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
.request { display: flex; flex-direction: column; gap: 0.5rem; border-left: 4px solid var(--line); }
.request.mine { border-left-color: var(--wait); }
.request p { margin: 0; }
.request h3 { font-size: 1.1rem; margin: 0; }
.request .note { margin: 0; padding: 0.45rem 0.75rem; }
.top { display: flex; gap: 0.5rem; justify-content: space-between; align-items: flex-start; flex-wrap: wrap; }
.top .over { flex: 1 1 10rem; }
.checks { display: grid; gap: 0.6rem; }
.checks .course { margin-top: 0.25rem; }
.checks .number { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.checks figcaption { position: relative; font-size: 0.85rem; }
.checks .course .drawn { height: 2.75rem; }
.checks .course .drawn:not(:has(.scale)) { height: 0.75rem; }
.checks .course .scale { font-size: 0.75rem; padding-bottom: 0.7rem; }
.chips { display: flex; flex-wrap: wrap; gap: 0.35rem; }
.chips .tag { display: inline-block; overflow-wrap: anywhere; border-radius: 0.8rem; }
.act { margin-top: auto; padding-top: 0.4rem; }
.act button { min-height: 2.75rem; width: 100%; max-width: 24rem; }
.pipeline { padding: 1rem 1.1rem; margin-bottom: 0.9rem; }
.pipeline h3 { font-size: 1.05rem; }
.pipeline h3 a { color: inherit; text-decoration: none; display: inline-flex; align-items: center; min-height: 2.75rem; }
.pipeline h3 a:hover { text-decoration: underline; }
a.tag { display: inline-flex; align-items: center; min-height: 2.75rem; padding: 0.2rem 0.9rem; }
.stages { list-style: none; margin: 0.8rem 0 0; padding: 0; display: grid; gap: 0.6rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr)); }
.stage { background: var(--well); border: 1px solid var(--line); border-radius: 0.7rem; padding: 0.7rem 0.8rem; min-width: 0; }
.stage { border-top: 3px solid var(--line); }
.stage.age-0 { border-top-color: var(--good); }
.stage.age-1 { border-top-color: var(--wait); }
.stage.age-2 { border-top-color: var(--link); }
.stage.age-3 { border-top-color: var(--soft); }
.stage p { margin: 0.25rem 0 0; }
.stage .what { font-weight: 600; line-height: 1.35; }
.stage .behind { border-top: 1px solid var(--line); padding-top: 0.3rem; color: var(--wait); }
.entries { padding: 0.2rem 0; overflow: hidden; }
.entries > li + li { border-top: 1px solid var(--line); }
.entries summary { display: grid; gap: 0.1rem 0.75rem; grid-template-columns: auto minmax(0, 1fr); padding: 0.6rem 1.1rem; color: var(--ink); font-weight: 400; align-items: baseline; }
.entries summary::before { display: none; }
.entries summary .what { font-weight: 600; }
.entries summary .where, .entries summary .by, .entries summary .when { grid-column: 2; }
.entries summary:hover { background: var(--well); }
.entries .more { padding: 0.2rem 1.1rem 1rem; }
.entries details[open] summary { background: var(--well); }
.filter { margin-top: 0.4rem; }
.find { display: flex; gap: 0.6rem; }
.find button { flex: none; }
.fields { display: grid; gap: 0.7rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 10rem), 1fr)); align-items: end; }
.fields label { margin: 0; font-size: 0.9rem; }
select { width: 100%; font: inherit; color: inherit; background: var(--well); border: 1.5px solid var(--soft); border-radius: 0.6rem; padding: 0.5rem 0.6rem; min-height: 2.9rem; }
.downloads { display: flex; gap: 1rem; }
.downloads .go { margin: 0; }
.downloads .go + .go { margin-left: 0; }
main > .note { margin-top: 0; margin-bottom: 0.9rem; }
@media (min-width: 56rem) {
  .entries summary { grid-template-columns: 8.5rem minmax(0, 2.2fr) minmax(0, 1.6fr) minmax(0, 1.2fr) 7rem; }
  .entries summary .where, .entries summary .by, .entries summary .when { grid-column: auto; }
  .entries summary .when { text-align: right; }
}
`;
