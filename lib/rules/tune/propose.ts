import { createHash } from 'node:crypto';
import type { RuleException } from '../rule';
import type { Literals } from './literal';
import { combinationsOf, mergeRows, sizeOf, type Row } from './merge';
import type { Pin, Role } from './roles';
import { compare, type Seen, type Tally } from './tally';

/** How far proposals may go. */
export interface Budget {
  /** How many values an exception may hold. */
  readonly maxValues: number;
  /** A combination that was seen fewer times is no noise, and stays. */
  readonly minAlerts: number;
  /** How many exceptions to propose. */
  readonly top: number;
}

/** An exception that would have hidden some of the alerts. */
export interface Proposal {
  readonly rule: string;
  readonly exception: RuleException & { readonly name: string };
  readonly fields: readonly string[];
  readonly rows: readonly Row[];
  /** The alerts that it was made from. */
  readonly seen: readonly Seen[];
  /** How many combinations of values it hides: all of them were seen. */
  readonly combinations: number;
  /** What it doesn't look at. */
  readonly open: readonly Role[];
}

const IDENTITY: readonly Role[] = ['namespace', 'workload', 'process'];
const ALL_ROLES: readonly Role[] = [
  ...IDENTITY,
  'destination',
  'port',
  'protocol',
  'result',
  'file',
  'parent',
  'user',
];

/** A combination with its values as they stand in exceptions. */
interface Written {
  readonly seen: Seen;
  readonly row: Row;
}

/**
 * The exceptions that remove most alerts, best first. One is for one process of one workload: it lists where that reached
 * to, and nothing that was not seen.
 */
export function propose(tally: Tally, literals: Literals, budget: Budget): Proposal[] {
  const groups = new Map<string, Written[]>();
  for (const seen of tally.rows.values()) {
    if (seen.count < budget.minAlerts) {
      tally.leave(seen.rule, `a combination was seen fewer than ${budget.minAlerts} times`, seen.count);
      continue;
    }
    const row = write(seen.pins, literals);
    if (typeof row === 'string') {
      tally.leave(seen.rule, row, seen.count);
      continue;
    }
    const key = groupOf(seen);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [{ seen, row }]);
    else group.push({ seen, row });
  }
  const proposals = [...groups.values()].flatMap((group) => proposalOf(group, tally, budget) ?? []);
  proposals.sort((a, b) => alertsOf(b) - alertsOf(a) || compare(a.exception.name, b.exception.name));
  for (const { rule, seen } of proposals.slice(budget.top))
    tally.leave(rule, `only ${budget.top} exceptions are proposed`, sum(seen));
  return proposals.slice(0, budget.top);
}

function write(pins: readonly Pin[], literals: Literals): Row | string {
  const row: string[][] = [];
  for (const pin of pins) {
    const literal = literals.of(pin);
    if ('problem' in literal) return literal.problem;
    row.push([literal.text]);
  }
  return row;
}

function groupOf({ rule, pins }: Seen): string {
  const identity = pins.filter(({ role }) => IDENTITY.includes(role)).map(({ value }) => String(value));
  return JSON.stringify([rule, pins.map(({ field }) => field), identity]);
}

function proposalOf(group: readonly Written[], tally: Tally, { maxValues }: Budget): Proposal | undefined {
  const sorted = group.toSorted((a, b) => b.seen.count - a.seen.count || compareRows(a.row, b.row));
  const first = sorted[0];
  if (first === undefined) return undefined;
  const fit = mostThatFit(sorted, maxValues);
  const over = sorted.slice(fit);
  if (over.length > 0)
    tally.leave(
      first.seen.rule,
      `an exception would need more than ${maxValues} values`,
      sum(over.map(({ seen }) => seen)),
    );
  if (fit === 0) return undefined;
  const taken = sorted.slice(0, fit);
  const rows = mergeRows(taken.map(({ row }) => row)).sort(compareRows);
  const { rule, pins } = first.seen;
  const fields = pins.map(({ field }) => field);
  const roles = new Set(pins.map(({ role }) => role));
  return {
    rule,
    fields,
    rows,
    exception: exceptionOf(rule, pins, fields, rows),
    seen: taken.map(({ seen }) => seen),
    combinations: combinationsOf(rows),
    open: ALL_ROLES.filter((role) => !roles.has(role) && mayMatter(role, roles)),
  };
}

/** A file has no port, and a connection no file. */
function mayMatter(role: Role, roles: ReadonlySet<Role>): boolean {
  if (roles.has('destination')) return role !== 'file';
  return !['destination', 'port', 'protocol', 'result'].includes(role);
}

function mostThatFit(sorted: readonly Written[], maxValues: number): number {
  let [fits, tooMany] = [0, sorted.length + 1];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    const rows = mergeRows(sorted.slice(0, middle).map(({ row }) => row));
    if (sizeOf(rows) <= maxValues) fits = middle;
    else tooMany = middle;
  }
  return fits;
}

function exceptionOf(
  rule: string,
  pins: readonly Pin[],
  fields: readonly string[],
  rows: readonly Row[],
): RuleException & { readonly name: string } {
  const isList = fields.map((_, column) => rows.some((row) => (row[column]?.length ?? 0) > 1));
  const values = rows.map((row) =>
    row.map((texts, column) => (isList[column] === true ? texts.map(valueOf) : valueOf(texts[0] ?? ''))),
  );
  const comps = isList.map((list) => (list ? 'in' : '='));
  const words = pins
    .filter(({ role }) => role === 'namespace' || role === 'process')
    .map(({ value }) => value);
  // The digest keeps exceptions of later runs apart: Falco would add their values to those of the same name.
  const digest = createHash('sha256')
    .update(JSON.stringify([rule, fields, comps, values]))
    .digest('hex');
  const name = ['tuned', ...words.map(wordOf), digest.slice(0, 8)].filter((word) => word !== '').join('_');
  return { name, fields, comps, values };
}

function wordOf(value: Pin['value']): string {
  const last = String(value).split('/').at(-1) ?? '';
  return last
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 30);
}

/** Numbers stand in YAML as numbers: to Falco they are texts all the same. */
function valueOf(text: string): string | number {
  return /^(?:0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}

function alertsOf({ seen }: Proposal): number {
  return sum(seen);
}

function sum(seen: readonly Seen[]): number {
  return seen.reduce((total, { count }) => total + count, 0);
}

function compareRows(a: Row, b: Row): number {
  return compare(JSON.stringify(a), JSON.stringify(b));
}
