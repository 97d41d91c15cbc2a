/** How the page looks: system fonts, both colour schemes, and on paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#ffffff, #12161c);
  --raised: light-dark(#f5f7f9, #1a2029);
  --ink: light-dark(#16202c, #e6ebf1);
  --muted: light-dark(#566373, #9aa8b8);
  --line: light-dark(#dbe1e7, #2c3541);
  --accent: light-dark(#1f5fa8, #7db4f0);
  --band: light-dark(#3d7cc9, #5b95d9);
  --new: light-dark(#a94a00, #ffab5e);
  --new-band: light-dark(#e07a1f, #f0923f);
  --fail: light-dark(#b3261e, #ff8a80);
  --shade: light-dark(#16202c40, #00000090);
  --warn-paper: light-dark(#fff6e8, #2b2215);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  color: var(--ink);
  background: var(--paper);
}
:root[data-theme="light"] { color-scheme: light; }
:root[data-theme="dark"] { color-scheme: dark; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); }
header, main, footer, .toolbar { padding-inline: max(1.25rem, (100vw - 76rem) / 2); }
header { padding-block: 1.75rem 1rem; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; letter-spacing: -0.02em; }
header p { margin: 0.35rem 0 0; color: var(--muted); font-variant-numeric: tabular-nums; }
h2 { margin: 0 0 0.5rem; font-size: 1.2rem; letter-spacing: -0.01em; }
section { margin-top: 2.75rem; scroll-margin-top: 6.5rem; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; z-index: 3; padding: 0.5rem 0.8rem; background: var(--paper); }
[hidden] { display: none !important; }

.toolbar { position: sticky; top: 0; z-index: 2; padding-block: 0.55rem; background: var(--paper); border-block: 1px solid var(--line); }
.toolbar nav { display: flex; flex-wrap: wrap; gap: 0.1rem 1.1rem; font-size: 0.87rem; }
.toolbar nav a { color: var(--muted); text-decoration: none; }
.toolbar nav a:hover, .toolbar nav a:focus-visible { color: var(--ink); text-decoration: underline; }
#tools { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 0.9rem; margin-top: 0.5rem; }
#tools .find { font-weight: 600; }
#find { flex: 1 1 16rem; min-width: 10rem; padding: 0.4rem 0.65rem; font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; }
#find::placeholder { color: var(--muted); opacity: 1; }
.check { font-size: 0.9rem; white-space: nowrap; }
.check input { accent-color: var(--accent); vertical-align: -0.1em; }
#count { min-width: 11rem; font-size: 0.87rem; color: var(--muted); font-variant-numeric: tabular-nums; }
button { padding: 0.3rem 0.7rem; font: inherit; font-size: 0.87rem; color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; cursor: pointer; }
button:hover:enabled { border-color: var(--muted); }
button:disabled { color: var(--muted); cursor: default; }

.holes { margin-top: 1.5rem; padding: 0.7rem 1rem; background: var(--warn-paper); border-left: 4px solid var(--new-band); border-radius: 0 6px 6px 0; }
.holes summary { font-weight: 600; }
.holes ul { margin: 0.4rem 0 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
.numbers { display: flex; flex-wrap: wrap; gap: 1px; margin: 1.5rem 0 0; background: var(--line); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.numbers div { flex: 1 1 9rem; padding: 0.7rem 0.9rem; background: var(--paper); }
.numbers dt { font-size: 0.82rem; color: var(--muted); }
.numbers dd { margin: 0; }
.numbers .value { font-size: 1.6rem; font-weight: 600; line-height: 1.25; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.numbers .note { font-size: 0.78rem; color: var(--muted); }
.numbers .mark .value { color: var(--new); }

.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; margin: 0 0 0.6rem; font-size: 0.85rem; color: var(--muted); }
.key::before { content: ""; display: inline-block; width: 1.3rem; height: 0.55rem; margin-right: 0.45rem; border-radius: 2px; background: var(--band); }
.key.new::before { background: var(--new-band); }
.key.fail::before { background: var(--fail); }
.key.failed::before { background: repeating-linear-gradient(90deg, var(--band) 0 4px, transparent 4px 7px); }
.key.before::before { height: 0; vertical-align: 0.25em; border-top: 2px solid var(--muted); border-radius: 0; background: none; }

.scroll {
  overflow-x: auto;
  background:
    linear-gradient(90deg, var(--paper) 50%, transparent) 0 0 / 3rem 100% no-repeat local,
    linear-gradient(-90deg, var(--paper) 50%, transparent) 100% 0 / 3rem 100% no-repeat local,
    linear-gradient(90deg, var(--shade), transparent) 0 0 / 1rem 100% no-repeat,
    linear-gradient(-90deg, var(--shade), transparent) 100% 0 / 1rem 100% no-repeat;
}
.sideways { display: none; }
svg text { font-size: 13px; fill: var(--ink); }
svg .end { text-anchor: end; }
svg .head { font-size: 12px; font-weight: 600; fill: var(--muted); }
svg .group { font-size: 11.5px; font-weight: 600; fill: var(--muted); letter-spacing: 0.02em; }
svg .context, svg .amount { fill: var(--muted); }
svg .amount { font-size: 12px; font-variant-numeric: tabular-nums; }
svg .fresh { font-size: 11.5px; font-weight: 700; fill: var(--new); }
.map, .timeline { display: block; width: 100%; height: auto; }
.timeline { min-width: 52rem; }
.map.narrow { display: none; max-width: 32rem; }
.map.narrow text { font-size: 12px; stroke: var(--paper); stroke-width: 3px; paint-order: stroke; }
.map.narrow .amount, .map.narrow .fresh { font-size: 11px; }
.map .link { fill: none; stroke: var(--band); stroke-opacity: 0.4; }
.map .link.new { stroke: var(--new-band); stroke-opacity: 0.7; }
.map .link.failed { stroke-dasharray: 5 4; }
.map .bar { fill: var(--accent); }
.map .reach { fill: transparent; }
.map .node[role="button"] { cursor: pointer; }
.map .node[role="button"]:hover .reach, .map .node[role="button"]:focus .reach { fill: var(--raised); }
.map .node:focus { outline: none; }
.map .node:focus-visible .reach { stroke: var(--accent); stroke-width: 2; }
.map.chosen .link { stroke-opacity: 0.08; }
.map.chosen .link.near { stroke-opacity: 0.85; }
.map.chosen .node { opacity: 0.35; }
.map.chosen .node.near { opacity: 1; }
.timeline .grid line { stroke: var(--line); }
.timeline .grid text, .timeline .time { font-size: 11.5px; fill: var(--muted); font-variant-numeric: tabular-nums; }
.timeline .fine { fill: var(--band); }
.timeline .failed { fill: var(--fail); }
.timeline .bar:hover rect { opacity: 0.75; }
.timeline .before path { fill: none; stroke: var(--muted); stroke-width: 1.4; }

table { width: 100%; border-collapse: collapse; font-size: 0.9rem; }
caption { max-width: calc(100vw - 2.5rem); padding: 0.2rem 0 0.4rem; text-align: left; font-size: 0.87rem; color: var(--muted); }
th, td { padding: 0.38rem 0.7rem 0.38rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
td { max-width: 20rem; overflow-wrap: break-word; }
th { font-size: 0.82rem; font-weight: 600; color: var(--muted); white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
td.time, td.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
th.number, td.number { text-align: right; }
tbody tr:hover { background: var(--raised); }
td .context, span.context { color: var(--muted); }
span.fresh { white-space: nowrap; padding: 0 0.35rem; font-size: 0.75rem; font-weight: 700; color: var(--new); border: 1px solid currentColor; border-radius: 4px; }
th button { padding: 0; font-weight: 600; font-size: inherit; color: inherit; background: none; border: 0; }
th button:hover { color: var(--ink); text-decoration: underline; }
th[aria-sort="ascending"] button::after { content: " ↑"; }
th[aria-sort="descending"] button::after { content: " ↓"; }
.share { display: block; width: 100%; min-width: 5rem; height: 4px; margin-top: 2px; transform: scaleX(-1); }
.share rect { fill: var(--band); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 1rem 3rem; }
.pages { display: flex; flex-wrap: wrap; align-items: center; gap: 0.6rem; margin: 0 0 0.4rem; font-size: 0.87rem; color: var(--muted); font-variant-numeric: tabular-nums; }
.more, .note, .none { color: var(--muted); font-size: 0.88rem; }
.note { margin: 0.4rem 0 0; max-width: 60rem; }
.statement { margin: 0; font-size: 1.05rem; overflow-wrap: anywhere; }
details { margin-top: 0.8rem; }
summary { cursor: pointer; font-size: 0.9rem; }
code { font: 0.85em ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
footer { margin-top: 3rem; padding-block: 1rem 2rem; border-top: 1px solid var(--line); font-size: 0.85rem; color: var(--muted); }

@media screen and (max-width: 54rem) {
  .sideways { display: inline; font-weight: 600; }
  .map.wide { display: none; }
  .map.narrow { display: block; }
}
@media print {
  :root, :root[data-theme] { color-scheme: light; font-size: 11px; }
  .toolbar, .skip, .pages, details:not([open]) { display: none; }
  header, main, footer { padding-inline: 0; }
  section { margin-top: 1.5rem; }
  .scroll { overflow: visible; background: none; }
  td { overflow-wrap: anywhere; }
  .map, .timeline { min-width: 0; break-inside: avoid; }
  h2 { break-after: avoid; }
  tr { break-inside: avoid; }
}
@media (forced-colors: active) {
  .map .link, .timeline rect, .share rect { forced-color-adjust: none; }
}
`;
