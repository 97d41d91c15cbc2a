import { coverageText, exemptIn, exemptSpanText, lossText, partText } from '../history/coverage';
import { counted } from '../history/holes';
import { inert } from '../rules/evaluate/printable';
import { h, type PageElement } from './element';
import { minuteOf, whole } from './labels';
import { holesOf, notesOn, type Report } from './report';
import { section } from './sections';
import { table, type Column } from './tables';

const MOST_GAPS = 200;

/** How much is known, and of what the report was made. */
export function coverageSection(report: Report): PageElement {
  const { coverage } = report;
  const [first = '', ...notes] = notesOn(report);
  const exempt = exemptIn(coverage).map(exemptSpanText);
  return section(
    'coverage',
    'Coverage',
    h('p', { class: coverage.kind === 'measured' ? 'statement' : 'statement unknown' }, inert(first)),
    ...(coverage.kind === 'measured' && coverage.gaps.length > 0 ? [gapsTable(coverage.gaps)] : []),
    ...(coverage.kind === 'measured' ? beside(coverage) : []),
    ...(exempt.length === 0
      ? []
      : [h('p', {}, `Exempt, so that nothing is seen of them: ${exempt.map(inert).join(', ')}`)]),
    h(
      'p',
      { class: 'note' },
      'What is not in this report did not happen only as far as the nodes were watched. Addresses are those of the alerts; names are those that an alert gave, or the inventory of that time; never looked up later.',
    ),
    ...notes.map((note) => h('p', { class: 'note' }, inert(note))),
    sources(report),
  );
}

type Measured = Extract<Report['coverage'], { readonly kind: 'measured' }>;

/** What the share doesn't tell: nodes that were heard of for a part of the time, and what Falco lost. */
function beside({ partly, losses }: Measured): PageElement[] {
  const items = [
    ...partly.slice(0, MOST_GAPS).map(partText),
    ...losses.slice(0, MOST_GAPS).map((loss) => `${lossText(loss)} events lost by Falco`),
  ];
  return items.length === 0 ? [] : [h('ul', {}, ...items.map((item) => h('li', {}, inert(item))))];
}

function gapsTable(gaps: Measured['gaps']): PageElement {
  const columns: Column[] = [
    { head: 'Not watched' },
    { head: 'From (UTC)', kind: 'time' },
    { head: 'Until (UTC)', kind: 'time' },
    { head: 'Why' },
  ];
  const at = (date: Date): string => minuteOf(date.getTime() / 1000);
  const rows = gaps
    .slice(0, MOST_GAPS)
    .map(({ what, from, to, why }) => [[inert(what)], [at(from)], [at(to)], [inert(why)]]);
  return table(`${counted(gaps.length, 'gap')} in what was watched`, columns, rows);
}

function sources({ files, lokis }: Report): PageElement {
  const columns: Column[] = [{ head: 'Source' }, { head: 'What was read' }, { head: 'SHA-256' }];
  const rows = [
    ...files.map(({ name, lines, bytes, sha256, span }) => [
      [inert(name)],
      [
        `${whole(lines)} lines, ${whole(bytes)} bytes${span === undefined ? '' : `; ${span.first} to ${span.last}`}`,
      ],
      [h('code', {}, sha256)],
    ]),
    ...lokis.map(({ name, queries, entries, from, to, sha256 }) => [
      [inert(name)],
      [
        `${whole(entries)} entries; ${from.slice(0, 19)}Z to ${to.slice(0, 19)}Z; `,
        h('code', {}, inert(queries.join('; '))),
      ],
      [h('code', {}, sha256)],
    ]),
  ];
  return h('details', {}, h('summary', {}, 'What this was made of'), table('Sources', columns, rows));
}

/** Why the report is not whole, at its top; nothing where it is. */
export function holesBanner(report: Report): PageElement[] {
  const holes = holesOf(report);
  if (holes.length === 0) return [];
  return [
    h(
      'details',
      { class: 'holes', open: holes.length <= 5 },
      h('summary', {}, `This report is partial: ${counted(holes.length, 'reason')}`),
      h('ul', {}, ...holes.map((hole) => h('li', {}, inert(hole)))),
    ),
  ];
}

/** The same coverage in a few words, and what they are about, for the numbers at the top. */
export function coverageShort({ coverage }: Report): readonly [value: string, note: string] {
  if (coverage.kind === 'unknown') return ['unknown', coverage.why];
  return [/covered: (\S+ %)/.exec(coverageText(coverage))?.[1] ?? 'unknown', 'of node-minutes'];
}
