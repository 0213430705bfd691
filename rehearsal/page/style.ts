export const STYLE = `
:root { color-scheme: light dark; --bg: #f5f6f8; --card: #fff; --ink: #16202c; --soft: #566273; --line: #dde2e9;
  --accent: #1f5fd0; --accent-ink: #fff; --good: #14713a; --good-bg: #e3f4e9; --bad: #b3261e; --bad-bg: #fdeae8;
  --wait: #855300; --wait-bg: #fff2d9; --run: #1f5fd0; --run-bg: #e6eefc; --none-bg: #eef0f4; --code: #eef1f5; }
@media (prefers-color-scheme: dark) { :root { --bg: #10151c; --card: #18202a; --ink: #e7ecf3; --soft: #9fadbf;
  --line: #2b3644; --accent: #7fb0ff; --accent-ink: #0d1520; --good: #7ddba0; --good-bg: #143524; --bad: #ff9d94;
  --bad-bg: #43201d; --wait: #ffcf77; --wait-bg: #3b2d10; --run: #94bdff; --run-bg: #182c4d; --none-bg: #222c38;
  --code: #202a36; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 15px/1.5 system-ui, 'Segoe UI', sans-serif; }
h1, h2, h3, p, ul, ol { margin: 0; } ul, ol { padding: 0; list-style: none; }
h1 { font-size: 1.05rem; } h2 { font-size: 1rem; } h3 { font-size: .92rem; }
a { color: var(--accent); overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem; z-index: 9; }
header { position: sticky; top: 0; z-index: 2; background: var(--card); border-bottom: 1px solid var(--line);
  padding: .6rem clamp(.8rem, 3vw, 2rem); display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; }
.time { display: flex; gap: .4rem .9rem; align-items: baseline; flex-wrap: wrap; flex: 1 1 18rem; }
.time strong { font-size: 1.15rem; font-variant-numeric: tabular-nums; }
.soft { color: var(--soft); } .small { font-size: .84rem; }
.row { display: flex; flex-wrap: wrap; gap: .45rem; align-items: center; }
button, .button { font: inherit; font-weight: 600; min-height: 2.4rem; padding: .3rem .9rem; border-radius: 8px; cursor: pointer;
  border: 1px solid var(--line); background: var(--card); color: var(--ink); }
button { white-space: nowrap; }
.alarms button { min-height: 2rem; padding: .1rem .7rem; font-size: .86rem; }
.alarms li > span { min-width: 0; }
button.main { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
button:hover { border-color: var(--accent); }
input, select { font: inherit; min-height: 2.4rem; padding: .3rem .6rem; border: 1px solid var(--soft); border-radius: 8px;
  background: var(--card); color: var(--ink); max-width: 100%; }
main { padding: 1rem clamp(.8rem, 3vw, 2rem) 3rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; max-width: 100rem; margin: 0 auto; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1rem; min-width: 0; }
.card > h2 { margin-bottom: .6rem; display: flex; justify-content: space-between; gap: 1rem; flex-wrap: wrap; }
.stages { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(11.5rem, 1fr); gap: .8rem; overflow-x: auto; padding-bottom: .3rem; }
.stage { border: 1px solid var(--line); border-radius: 10px; border-top: 4px solid var(--line); padding: .65rem; min-width: 0; }
.stage > .head { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 0 .4rem; margin-bottom: .5rem; }
.stage > .head > * { overflow-wrap: anywhere; }
.action { background: var(--none-bg); border-radius: 8px; padding: .5rem .6rem; margin-top: .45rem; overflow-wrap: anywhere; }
.action .head { display: flex; justify-content: space-between; gap: .4rem; align-items: baseline; flex-wrap: wrap; }
.action p { font-size: .82rem; color: var(--soft); margin-top: .15rem; }
.chip { font-size: .76rem; font-weight: 700; border-radius: .75rem; padding: .05rem .55rem; display: inline-block; max-width: 100%;
  background: var(--none-bg); color: var(--soft); }
.good { color: var(--good); background: var(--good-bg); } .bad { color: var(--bad); background: var(--bad-bg); }
.wait { color: var(--wait); background: var(--wait-bg); } .run { color: var(--run); background: var(--run-bg); }
.stage.t-good { border-top-color: var(--good); } .stage.t-bad { border-top-color: var(--bad); }
.stage.t-run, .stage.t-wait { border-top-color: var(--run); }
.bar { height: 10px; border-radius: 99px; background: var(--line); overflow: hidden; margin-top: .35rem; }
.bar i { display: block; height: 100%; background: var(--accent); }
.courses { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); gap: .8rem; }
.courses figure { margin: 0; background: var(--none-bg); border-radius: 8px; padding: .5rem .6rem; overflow-wrap: anywhere; }
.courses .head { display: flex; justify-content: space-between; gap: .4rem; flex-wrap: wrap; align-items: baseline; }
.courses svg { display: block; width: 100%; height: 3.6rem; margin: .35rem 0 .1rem; background: var(--line); }
.courses .new { fill: var(--accent); } .courses .t-bad .new { fill: var(--bad); }
.courses .key { color: var(--accent); } .courses .t-bad .key { color: var(--bad); }
.courses .ends { display: flex; justify-content: space-between; gap: .6rem; font-variant-numeric: tabular-nums; }
.runs { margin-top: .8rem; display: grid; gap: .3rem; }
.runs li { display: flex; gap: .6rem; align-items: baseline; flex-wrap: wrap; overflow-wrap: anywhere; }
.cols { display: grid; gap: 1rem; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); align-items: start; }
@media (max-width: 60rem) { .cols { grid-template-columns: minmax(0, 1fr); } .stages { grid-auto-flow: row; grid-auto-columns: auto; } header { position: static; } }
.mail { border-top: 1px solid var(--line); } .mail:first-child { border-top: 0; }
.mail summary { cursor: pointer; padding: .5rem .2rem; display: flex; flex-wrap: wrap; gap: .1rem .8rem; align-items: baseline; }
.mail summary b { flex: 1 1 12rem; overflow-wrap: anywhere; }
.mail pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 0 .8rem; padding: .8rem; background: var(--code);
  border-radius: 8px; font: .88rem/1.5 ui-monospace, 'DejaVu Sans Mono', monospace; }
.mail .shown { display: flex; flex-wrap: wrap; gap: .8rem; margin-bottom: .8rem; }
.mail .shown > * { flex: 1 1 20rem; min-width: 0; max-width: 100%; margin: 0; }
.mail iframe { height: 34rem; border: 1px solid var(--line); border-radius: 8px; background: var(--bg); }
.alarms li { display: flex; justify-content: space-between; gap: .6rem; align-items: center; padding: .3rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
ul.alarms { max-height: 19rem; overflow: auto; }
.alarms li:first-child { border-top: 0; }
.journal { max-height: 26rem; overflow: auto; font-size: .84rem; }
.journal li { display: grid; grid-template-columns: 4.6rem 5rem minmax(0, 1fr); gap: .5rem; padding: .18rem 0; overflow-wrap: anywhere; }
@media (max-width: 30rem) { .journal li { grid-template-columns: auto minmax(0, 1fr); gap: 0 .5rem; } .journal li > :nth-child(n + 3) { grid-column: 1 / -1; } }
.console summary { cursor: pointer; font-size: .82rem; padding: .3rem 0; }
.console form { display: grid; gap: .3rem; } .console input { min-width: 0; width: 100%; }
.journal .day { display: flex; }
.journal .error { color: var(--bad); } .journal .warning { color: var(--wait); }
.empty { color: var(--soft); padding: .4rem 0; }
`;
