import { htmlText } from '../html-text';
import { inert } from '../rules/evaluate/printable';
import { holesOf, nobody, notesOn, type Answer } from './answer';
import { cellsOf, haveClusters, headOf } from './cells';

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { margin: 2rem auto; padding: 0 1rem; max-width: 75rem; }
h1 { font-size: 1.3rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: 0.93rem; }
th, td { text-align: left; padding: 0.3rem 0.6rem; border-bottom: 1px solid #8884; }
th { white-space: nowrap; }
td { vertical-align: top; }
td.long { min-width: 12rem; overflow-wrap: anywhere; }
td:nth-last-child(-n+3) { white-space: nowrap; }
.rows { overflow-x: auto; }
li, p { overflow-wrap: anywhere; }
td:last-child, th:last-child { text-align: right; font-variant-numeric: tabular-nums; }
.holes { border-left: 0.3rem solid #c60; padding-left: 0.8rem; }
@page { size: landscape; }
@media print { body { margin: 0; max-width: none; } .rows { overflow: visible; } }
`;
/** Longer words than any that Kubernetes and addresses usually make are broken, so that one of them can't widen the page. */
const LONG_WORD = /\S{64}/;

/** The answer as one page that loads nothing, runs nothing, and shows what is in alerts as text. */
export function answerAsHtml(answer: Answer): string {
  const { question, asker, rows } = answer;
  const hasClusters = haveClusters(rows);
  const title = `Who connected to ${question.asked}`;
  const holes = holesOf(answer);
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>${escaped(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escaped(title)}</h1>`,
    `<p>Asked by ${escaped(asker.user)} on ${escaped(asker.host)}, ${escaped(asker.at)}, with ${escaped(asker.program)}. Times are in UTC.</p>`,
    ...(holes.length === 0
      ? []
      : [`<section class="holes"><h2>This answer is partial</h2>${list(holes)}</section>`]),
    rows.length === 0
      ? `<p>${escaped(nobody(answer))}</p>`
      : `<div class="rows"><table><thead>${line('th', headOf(hasClusters))}</thead><tbody>`,
    ...rows.map((row) => line('td', cellsOf(row, hasClusters))),
    ...(rows.length === 0 ? [] : ['</tbody></table></div>']),
    list(notesOn(answer)),
    '</body></html>',
    '',
  ].join('\n');
}

function line(element: 'td' | 'th', cells: readonly string[]): string {
  const scope = element === 'th' ? ' scope="col"' : '';
  const cellOf = (text: string): string => {
    const long = LONG_WORD.test(text) ? ' class="long"' : '';
    return `<${element}${scope}${long}>${text}</${element}>`;
  };
  return `<tr>${cells.map((cell) => cellOf(escaped(cell))).join('')}</tr>`;
}

function list(lines: readonly string[]): string {
  return `<ul>${lines.map((text) => `<li>${escaped(text)}</li>`).join('')}</ul>`;
}

function escaped(text: string): string {
  return htmlText(inert(text));
}
