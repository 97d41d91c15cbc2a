import type { Outcomes, RuleChange, Sample } from '../../rules/tune/outcomes';
import { inert } from '../../rules/evaluate/printable';
import type { Role } from '../../rules/tune/roles';
import type { MeasuredProposal, Skipped, Tuned } from '../../rules/tune/tune';
import type { BadLines } from '../../history/files/bad-lines';
import type { BadLineOfFile } from './recordings';

/** Who answers for exceptions, and until when (`2027-02-23`). */
export interface Ownership {
  readonly owner: string;
  readonly expires: string;
}

/** What was read. */
export interface Read {
  readonly count: number;
  readonly bad: Pick<BadLines<BadLineOfFile>, 'count' | 'named'>;
}

const SHOWN_NAMES = 5;
const SHOWN_REASONS = 12;

/** What tuning found, as a rules file: all that isn't an exception is a comment. */
export function renderTuned(tuned: Tuned, read: Read, ownership: Ownership): string {
  const { outcomes, proposals, left, skipped } = tuned;
  const lines = [
    ...renderRead(read, skipped),
    total(outcomes, proposals.length),
    ...renderLacking(outcomes.changes()),
  ];
  const reasons = left.map(({ rule, reason, alerts }) => `  ${number(alerts)} of ${rule}: ${reason}`);
  if (reasons.length > 0) lines.push('what stays, and why:', ...shortened(reasons, SHOWN_REASONS));
  const items = proposals.map((proposal, index) => {
    const comments = commentsOn(proposal, index, outcomes.rules.get(proposal.rule)?.before ?? 0, ownership);
    return `${asComments(comments)}${proposal.yaml}`;
  });
  return [asComments(lines), ...items].join('\n');
}

function total({ before, after, unknown }: Outcomes, exceptions: number): string {
  const not = unknown === 0 ? '' : `, ${number(unknown)} can't be told`;
  return `alerts before ${number(before)}, after ${number(after)}${not}, with ${counted(exceptions, 'exception')}`;
}

function commentsOn(proposal: MeasuredProposal, index: number, ofRule: number, by: Ownership): string[] {
  const { rule, removed, instead, combinations, open } = proposal;
  return [
    `${index + 1}. ${counted(removed, 'alert')} of ${rule}, ${share(removed, ofRule)} of its ${number(ofRule)}${span(proposal)}`,
    ...[...instead].map(([other, count]) => `   ${number(count)} more are alerts of ${other} instead`),
    ...Object.entries(hidesOf(proposal))
      .filter(([, { count }]) => count > 0)
      .map(
        ([what, { count, names, more }]) =>
          `   hides ${what}: ${count}${more ? '+' : ''} (${names.join(', ')})`,
      ),
    `   breadth: ${counted(combinations, 'combination')}, all of them seen${open.length === 0 ? '' : `; whatever the ${open.join(', ')}`}`,
    `owner: ${by.owner} expires: ${by.expires}`,
  ];
}

interface Names {
  readonly count: number;
  readonly names: readonly string[];
  /** Whether there may be more than were counted. */
  readonly more: boolean;
}

function hidesOf({
  seen,
}: MeasuredProposal): Record<'workloads' | 'pods' | 'processes' | 'destinations' | 'files', Names> {
  const of = (roles: readonly Role[]): Set<string> =>
    new Set(
      seen.flatMap(({ pins }) => {
        const values = pins.filter(({ role }) => roles.includes(role)).map(({ value }) => String(value));
        return values.length === 0 ? [] : [values.join(roles.includes('namespace') ? '/' : ':')];
      }),
    );
  const pods = new Set(seen.flatMap((row) => [...row.pods]));
  return {
    workloads: names(of(['namespace', 'workload'])),
    pods: { ...names(pods), more: seen.some((row) => row.pods.size >= 20) },
    processes: names(of(['process'])),
    destinations: names(of(['destination', 'port'])),
    files: names(of(['file'])),
  };
}

function names(all: ReadonlySet<string>): Names {
  const shown = [...all].slice(0, SHOWN_NAMES);
  return { count: all.size, names: all.size > shown.length ? [...shown, '…'] : shown, more: false };
}

function span({ seen }: MeasuredProposal): string {
  const first = seen
    .map((row) => row.first)
    .filter((time) => time !== '')
    .sort()[0];
  const last = seen
    .map((row) => row.last)
    .sort()
    .at(-1);
  return first === undefined || last === undefined ? '' : `, ${first.slice(0, 16)} to ${last.slice(0, 16)}`;
}

/** What a replay found. */
export function renderReplay(outcomes: Outcomes, skipped: Skipped, read: Read): string {
  const { before, after, unknown, gone, appeared } = outcomes;
  const not = unknown === 0 ? '' : `, ${number(unknown)} can't be told`;
  const rows = outcomes
    .changes()
    .map((change) => [
      number(change.before),
      number(change.after),
      change.unknown === 0 ? '' : number(change.unknown),
      change.rule,
    ]);
  const lines = [
    ...renderRead(read, skipped),
    `alerts before ${number(before)}, after ${number(after)}${not}`,
    ...table([['BEFORE', 'AFTER', 'UNKNOWN', 'RULE'], ...rows]),
    ...renderLacking(outcomes.changes()),
    ...renderSamples('no longer seen', gone),
    ...renderSamples('new', appeared),
  ];
  return `${lines.map(inert).join('\n')}\n`;
}

function renderRead(
  { count, bad: { count: badCount, named: bad } }: Read,
  { otherRules, notRaised, events }: Skipped,
): string[] {
  const others = [...otherRules].map(
    ([rule, alerts]) => `  ${number(alerts)} of ${rule}: not among the rules given`,
  );
  const not = [...notRaised].map(
    ([rule, alerts]) => `  ${number(alerts)} of ${rule}: the rule as given doesn't raise them`,
  );
  const without =
    events === 0 ? [] : [`  ${counted(events, 'event')}: they need the rules of before, --rules`];
  const all = [...others, ...not, ...without];
  return [
    `${counted(count, 'alert')} read${badCount === 0 ? '' : `, ${counted(badCount, 'bad line')}`}`,
    ...bad.map(({ file, line, reason }) => `  ${file}:${line}: ${reason}`),
    ...(badCount > bad.length ? [`  … and ${number(badCount - bad.length)} more`] : []),
    ...(all.length === 0 ? [] : ['left out:', ...shortened(all, SHOWN_REASONS)]),
  ];
}

function renderLacking(changes: readonly RuleChange[]): string[] {
  return changes.flatMap(({ rule, unknown, maybe, lacking }) => {
    const fields = [...lacking].sort().join(', ');
    const own = `${counted(unknown, 'alert')} of ${rule} cannot be replayed: field ${fields} not in the output`;
    const new_ = `${number(maybe)} may be alerts of ${rule} instead: field ${fields} not in the output`;
    return [...(unknown > 0 ? [own] : []), ...(maybe > 0 ? [new_] : [])];
  });
}

function renderSamples(title: string, samples: readonly Sample[]): string[] {
  return samples.map(({ rules, time, fields }) => {
    const shown = Object.entries(fields).map(([name, value]) => `${name}=${value.slice(0, 60)}`);
    return `${title}: ${[time, rules.join(', '), ...shown.slice(0, 12)].filter((part) => part !== '').join(' ')}`;
  });
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, i) => (i < 3 ? cell.padStart(widths[i] ?? 0) : cell)).join('  '));
}

function shortened(lines: readonly string[], most: number): string[] {
  if (lines.length <= most) return [...lines];
  return [...lines.slice(0, most), `  … and ${lines.length - most} more`];
}

/** Values of alerts stand in them: none may end the comment. */
function asComments(lines: readonly string[]): string {
  return lines.map((line) => `# ${inert(line)}\n`).join('');
}

function share(part: number, whole: number): string {
  return whole === 0 ? '0 %' : `${((100 * part) / whole).toFixed(1)} %`;
}

function number(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function counted(count: number, what: string): string {
  return `${number(count)} ${what}${count === 1 ? '' : 's'}`;
}

/** The same for programs. */
export function tunedAsJson(
  { proposals, left, skipped, outcomes }: Tuned,
  read: Read,
  by: Ownership,
): unknown {
  return {
    ...readAsJson(read, skipped),
    ...outcomesAsJson(outcomes),
    proposals: proposals.map((proposal) => {
      const { rule, exception, removed, instead, combinations, open, yaml } = proposal;
      const ofRule = outcomes.rules.get(rule)?.before ?? 0;
      return {
        ...{ rule, exception, removed, share: ofRule === 0 ? 0 : removed / ofRule },
        instead: Object.fromEntries(instead),
        hides: hidesOf(proposal),
        breadth: { combinations, open },
        ...by,
        yaml,
      };
    }),
    left,
  };
}

/** What a replay found, for programs. */
export function replayAsJson(outcomes: Outcomes, skipped: Skipped, read: Read): unknown {
  const { gone, appeared } = outcomes;
  return { ...readAsJson(read, skipped), ...outcomesAsJson(outcomes), gone, new: appeared };
}

function readAsJson(
  { count, bad: { count: badCount, named: bad } }: Read,
  { otherRules, notRaised, events }: Skipped,
): object {
  return {
    read: count,
    badLines: { count: badCount, first: bad },
    leftOut: {
      otherRules: Object.fromEntries(otherRules),
      notRaised: Object.fromEntries(notRaised),
      events,
    },
  };
}

function outcomesAsJson(outcomes: Outcomes): object {
  const { before, after, unknown } = outcomes;
  const rules = outcomes.changes().map((change) => ({ ...change, lacking: [...change.lacking].sort() }));
  return { before, after, unknown, rules };
}
