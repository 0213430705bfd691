/** The page's only style sheet: phone first, light and dark, every target at least 44 px, every contrast at least AA. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f4f3ef; --card: #ffffff; --ink: #1b232d; --soft: #525d6b; --line: #dedcd4; --well: #f7f6f2;
  --yes: #0f6b47; --yes-ink: #ffffff; --no: #b42318; --no-ink: #ffffff; --link: #1f5fa8; --focus: #1f5fa8;
  --good: #0f6b47; --good-well: #e6f4ec; --bad: #a61b12; --bad-well: #fdecea; --wait: #7a4d00; --wait-well: #fdf3dc;
  --calm: #33475b; --calm-well: #e9eef3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10151b; --card: #19212a; --ink: #e8edf2; --soft: #a7b3c0; --line: #2c3743; --well: #131a21;
    --yes: #4cc38a; --yes-ink: #06210f; --no: #f2857b; --no-ink: #2b0703; --link: #8bbcf5; --focus: #8bbcf5;
    --good: #6fd6a4; --good-well: #12301f; --bad: #ff9f96; --bad-well: #3a1613; --wait: #f0c063; --wait-well: #33260c;
    --calm: #b9c8d8; --calm-well: #202c38;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
}
header, main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.1rem; padding-bottom: 1.1rem; color: var(--soft); font-size: 0.9rem; font-weight: 600; }
header p { display: flex; align-items: center; gap: 0.5rem; }
.mark { width: 1.05rem; height: 1.05rem; border-radius: 0.3rem; border: 2px solid var(--good); position: relative; }
.mark::after { content: ""; position: absolute; left: 0.28rem; top: 0.02rem; width: 0.25rem; height: 0.5rem; border: solid var(--good); border-width: 0 2px 2px 0; transform: rotate(42deg); }
h1 { font-size: 1.6rem; line-height: 1.2; letter-spacing: -0.015em; margin: 0.15rem 0 0.35rem; text-wrap: balance; }
h2 { font-size: 1.05rem; line-height: 1.3; margin: 0 0 0.6rem; }
h3 { font-size: 1rem; line-height: 1.3; margin: 1.1rem 0 0.3rem; }
h3:first-child { margin-top: 0; }
p { margin: 0 0 0.6rem; }
p:last-child, ul:last-child, dl:last-child { margin-bottom: 0; }
a { color: var(--link); text-underline-offset: 0.15em; }
ul { list-style: none; margin: 0; padding: 0; }
code { font: 0.875em ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.over { color: var(--soft); font-size: 0.9rem; margin: 0; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.small { font-size: 0.9rem; }
.text { overflow-wrap: anywhere; unicode-bidi: plaintext; }
.grid { display: grid; gap: 0.9rem; margin: 1rem 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 0.9rem; padding: 1.1rem; }
.note { border-radius: 0.7rem; padding: 0.8rem 1rem; margin: 0.9rem 0 0; background: var(--calm-well); color: var(--calm); }
.note h2 { margin-bottom: 0.3rem; }
.note li + li { margin-top: 0.2rem; }
.note a { color: inherit; display: inline-block; min-height: 2.75rem; padding: 0.6rem 0; vertical-align: top; }
.note.good { background: var(--good-well); color: var(--good); }
.note.bad { background: var(--bad-well); color: var(--bad); }
.note.wait { background: var(--wait-well); color: var(--wait); }
.ending { max-width: 40rem; }
.ending > p { margin: 0.9rem 0 0; }
.ending + .again { margin-top: 1.2rem; }
.local { white-space: nowrap; }
.left { display: flex; flex-wrap: wrap; align-items: center; gap: 0.35rem 0.6rem; margin: 0.5rem 0 0; }
.over strong { color: var(--ink); font-weight: 600; }
.pips { display: inline-flex; gap: 0.25rem; margin-right: 0.35rem; }
.pips i { width: 0.65rem; height: 0.65rem; border-radius: 50%; border: 1.5px solid var(--soft); }
.pips i.on { background: var(--good); border-color: var(--good); }
.proof { display: flex; gap: 0.75rem; align-items: stretch; }
.help { margin: 0.35rem 0 0; }
.again { display: flex; align-items: center; gap: 0.4rem 0.9rem; flex-wrap: wrap; }
.quiet { background: transparent; }
.quiet h2 { margin: 0; font-size: 1rem; }
.quiet details[open] > summary { margin-bottom: 0.4rem; }
.run { overflow-wrap: anywhere; margin: 1.2rem 0 0.4rem; }
.jump { margin: 0.5rem 0 -0.6rem; }
.message { font-size: 1.15rem; line-height: 1.4; font-weight: 600; margin: 0 0 0.3rem; }
.revision + .revision { border-top: 1px solid var(--line); padding-top: 0.8rem; margin-top: 0.8rem; }
.well { background: var(--well); border-radius: 0.6rem; padding: 0.7rem 0.85rem; margin: 0.8rem 0 0; border: 1px solid var(--line); }
.go { display: inline-flex; align-items: center; min-height: 2.75rem; margin: -0.35rem 0; font-weight: 600; }
.go + .go { margin-left: 1.25rem; }
dl { margin: 0; display: grid; gap: 0.6rem; }
dt { font-weight: 600; }
dd { margin: 0; color: var(--soft); overflow-wrap: anywhere; }
.rows li { display: flex; gap: 0.75rem; justify-content: space-between; align-items: flex-start; padding: 0.65rem 0; }
.rows li:last-child { padding-bottom: 0; }
.rows li + li { border-top: 1px solid var(--line); }
.rows li > div { min-width: 0; overflow-wrap: anywhere; }
.rows p { margin: 0; }
.rows li.check { display: block; }
.check .head { display: flex; gap: 0.75rem; justify-content: space-between; align-items: flex-start; }
.check .head p { font-weight: 600; min-width: 0; }
.figures { display: flex; flex-wrap: wrap; gap: 0.1rem 1rem; margin: 0.35rem 0 0; }
.figures div { display: flex; gap: 0.35rem; min-width: 0; }
.links { display: flex; flex-wrap: wrap; align-items: center; gap: 0 1.1rem; margin: 0.35rem 0 0; }
.links .go { margin: 0; }
.course { margin: 0.6rem 0 0; }
.course .drawn { display: flex; gap: 0.5rem; height: 4.5rem; }
.course .drawn:not(:has(.scale)) { height: 1rem; }
.course svg { display: block; flex: 1 1 auto; width: 100%; min-width: 0; height: 100%; overflow: visible; }
.course .scale { flex: none; display: flex; flex-direction: column; justify-content: space-between; text-align: right; line-height: 1; font-variant-numeric: tabular-nums; margin: 0; padding-bottom: 1.1rem; }
.course figcaption { margin-top: 0.3rem; overflow-wrap: anywhere; }
.course .band { fill: var(--calm-well); }
.course polyline, .course line { fill: none; stroke: var(--calm); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.course .baseline { stroke-dasharray: 2 3; }
.course .limit { stroke: var(--bad); stroke-dasharray: 6 4; }
.course .PASS { fill: var(--good); }
.course .FAIL { fill: var(--bad); }
.course .ERROR, .course .INCONCLUSIVE { fill: var(--wait); }
.course .WORKING { fill: var(--soft); }
.tag {
  flex: none; font-size: 0.85rem; line-height: 1.3; font-weight: 600; border-radius: 99px; padding: 0.2rem 0.65rem;
  background: var(--calm-well); color: var(--calm);
}
.tag.good { background: var(--good-well); color: var(--good); }
.tag.bad { background: var(--bad-well); color: var(--bad); }
.tag.wait { background: var(--wait-well); color: var(--wait); }
label, .label { display: block; font-weight: 600; margin: 0 0 0.3rem; }
.field { margin: 0 0 1rem; }
.shown {
  display: flex; align-items: center; font: 700 1.55rem/1 ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace;
  letter-spacing: 0.14em; padding: 0 0.35rem 0 0.75rem; border-radius: 0.6rem; background: var(--calm-well); color: var(--calm);
}
input, textarea {
  width: 100%; font: inherit; color: inherit; background: var(--well); border: 1.5px solid var(--soft);
  border-radius: 0.6rem; padding: 0.6rem 0.75rem; min-height: 2.9rem;
}
textarea { min-height: 5.5rem; resize: vertical; }
input.number { font-size: 1.3rem; letter-spacing: 0.12em; font-variant-numeric: tabular-nums; flex: 1; min-width: 0; }
[aria-invalid=true] { border-color: var(--bad); border-width: 2px; }
.field > legend { padding: 0; }
.option { display: flex; align-items: center; gap: 0.6rem; min-height: 2.75rem; margin: 0; font-weight: 400; overflow-wrap: anywhere; }
.option input { flex: none; width: 1.25rem; height: 1.25rem; min-height: 0; margin: 0; accent-color: var(--link); }
.problem { color: var(--bad); font-weight: 600; margin: 0.3rem 0 0; }
fieldset { border: 0; padding: 0; min-width: 0; }
legend { padding: 0; }
.start { display: grid; grid-template-columns: 1fr 1fr; gap: 0.75rem; }
.start label { margin: 0; font-weight: 400; min-width: 0; }
.buttons { display: grid; grid-template-columns: 1fr 1fr; gap: 0.75rem; }
button {
  font: inherit; font-weight: 650; min-height: 3.1rem; border-radius: 0.7rem; padding: 0.6rem 1rem; cursor: pointer;
  border: 1.5px solid var(--soft); background: transparent; color: inherit; -webkit-appearance: none; appearance: none;
}
button.yes { background: var(--yes); border-color: var(--yes); color: var(--yes-ink); }
button.no { background: transparent; border-color: var(--no); color: var(--no); }
button.no:hover { background: var(--no); color: var(--no-ink); }
button.yes:hover { filter: brightness(1.08); }
button[disabled] { background: var(--well); border-color: var(--line); color: var(--soft); cursor: not-allowed; filter: none; }
button.plain { min-height: 2.75rem; font-weight: 600; font-size: 0.95rem; }
[hidden] { display: none !important; }
.me { overflow-wrap: anywhere; }
summary { cursor: pointer; min-height: 2.75rem; display: flex; align-items: center; color: var(--link); font-weight: 600; }
summary::-webkit-details-marker { display: none; }
summary::before { content: "›"; margin-right: 0.45rem; font-size: 1.2em; line-height: 1; }
details[open] > summary::before { transform: rotate(90deg); }
footer { color: var(--soft); font-size: 0.9rem; padding-top: 0.25rem; padding-bottom: 2rem; }
@media (min-width: 56rem) {
  header { padding-top: 1.75rem; }
  .jump { display: none; }
  h1 { font-size: 2.1rem; }
  .grid { grid-template-columns: minmax(0, 1fr) 23rem; align-items: start; gap: 1.1rem; }
  .grid > .side { position: sticky; top: 1.1rem; }
  .grid > .about, .grid > .side { display: grid; gap: 1.1rem; }
  .card { padding: 1.35rem 1.5rem; }
}
.about, .side { display: grid; gap: 0.9rem; }
@media (prefers-reduced-motion: no-preference) { button { transition: filter 0.15s, background 0.15s; } }
@media print { .side { display: none; } }
`;
