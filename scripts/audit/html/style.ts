// The look of the report, in the page itself: nothing is fetched from anywhere, so that a saved report stays whole.

export const STYLE = `
:root { color-scheme: light dark;
  --ground: #f7f6f3; --card: #ffffff; --ink: #1d2329; --soft: #5d6873; --edge: #e2dfd8; --grid: #ebe8e1;
  --spent: #0f5c4d; --acknowledged: #2a9076; --paid: #74c2a8; --given: #c4e3d6; --rest: #eceae4;
  --bar: #2f6f9f; --bar-2: #8a6bb1; --token: #8a6bb1; --bank: #c77d2e;
  --good: #14664f; --good-ground: #e2f3ec; --grave: #a3262a; --grave-ground: #fbe9e8; --serious: #9a5b00; --minor: #5d6873; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #14181c; --card: #1c2227; --ink: #e8eaec; --soft: #9aa5af; --edge: #2c343b; --grid: #283037;
  --spent: #7fe0c3; --acknowledged: #3fae90; --paid: #2a7562; --given: #27483f; --rest: #262d33;
  --bar: #6bade0; --bar-2: #b79ae0; --token: #b79ae0; --bank: #e5a35c;
  --good: #8fe3c4; --good-ground: #17322a; --grave: #ff9a94; --grave-ground: #3a2022; --serious: #f0b662; --minor: #9aa5af; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 66rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .35rem; letter-spacing: -.01em; }
h2 { font-size: 1.12rem; margin: 0 0 .2rem; }
p { margin: .3rem 0; } .soft { color: var(--soft); font-size: .92rem; }
code { font: .86em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
section { background: var(--card); border: 1px solid var(--edge); border-radius: 14px; padding: 1.25rem 1.35rem; margin-top: 1.1rem; }
.verdict { border-radius: 14px; padding: 1.1rem 1.35rem; margin-top: 1.4rem; border: 1px solid; }
.verdict.clean { background: var(--good-ground); color: var(--good); border-color: currentColor; }
.verdict.findings { background: var(--grave-ground); color: var(--grave); border-color: currentColor; }
.verdict strong { font-size: 1.25rem; display: block; } .verdict p { color: var(--ink); }
.figures { display: grid; grid-template-columns: repeat(3, 1fr); gap: .9rem; margin-top: 1.1rem; }
.figures div { background: var(--card); border: 1px solid var(--edge); border-radius: 14px; padding: .85rem 1.1rem; }
.figures b { display: block; font-size: 1.4rem; font-variant-numeric: tabular-nums; letter-spacing: -.01em; } .figures span { color: var(--soft); font-size: .88rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 1.1rem; }
.chart { overflow-x: auto; margin-top: .6rem; } .chart svg { display: block; width: 100%; min-width: 25rem; height: auto; }
svg text { fill: var(--soft); font: 15px system-ui, sans-serif; } .grid { stroke: var(--grid); }
.wide svg text { font-size: 11px; }
.bar { fill: var(--bar); } .bar-2 { fill: var(--bar-2); }
circle { stroke-width: 2; } circle.token { stroke: var(--token); fill: var(--token); } circle.bank { stroke: var(--bank); fill: var(--bank); } circle.open { fill: none; } circle.signed { fill-opacity: .55; }
.lines { list-style: none; margin: .8rem 0 0; padding: 0; } .lines li { padding: .7rem 0; border-top: 1px solid var(--edge); }
.line { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .1rem 1rem; } .line b { overflow-wrap: anywhere; } .line span { font-variant-numeric: tabular-nums; }
.watermarks { display: block; width: 100%; height: 14px; border-radius: 7px; margin: .35rem 0; }
.given { fill: var(--given); } .paid { fill: var(--paid); } .acknowledged { fill: var(--acknowledged); } .spent { fill: var(--spent); } .rest { fill: var(--rest); }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; color: var(--soft); font-size: .88rem; margin-top: .3rem; }
.legend svg { width: .8rem; height: .8rem; vertical-align: -.05rem; margin-right: .35rem; overflow: visible; }
details { border-top: 1px solid var(--edge); padding: .75rem 0; } summary { cursor: pointer; } summary b { overflow-wrap: anywhere; }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: 99px; padding: 0 .55rem; font-size: .78rem; margin-left: .35rem; }
.badge.grave { color: var(--grave); } .badge.serious { color: var(--serious); } .badge.minor { color: var(--minor); }
.table { overflow-x: auto; } table { border-collapse: collapse; width: 100%; margin-top: .6rem; font-size: .92rem; }
th, td { text-align: left; padding: .45rem .7rem .45rem 0; border-top: 1px solid var(--edge); vertical-align: top; } th { color: var(--soft); font-weight: 500; border-top: 0; }
td.numbers { color: var(--soft); } ul.open { margin: .5rem 0 0; padding-left: 1.2rem; } ul.open li { margin: .25rem 0; }
footer { color: var(--soft); font-size: .88rem; margin-top: 1.6rem; }
@media print { body { background: #fff; } section, .figures div, .verdict { break-inside: avoid; } }
@media (max-width: 34rem) { .figures { grid-template-columns: repeat(2, 1fr); } main { padding: 1.1rem .8rem 3rem; } section { padding: 1rem; } h1 { font-size: 1.4rem; } }
`;
