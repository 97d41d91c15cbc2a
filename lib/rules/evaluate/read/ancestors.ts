import type { Event, FieldValue } from '../event';

/**
 * Fields that without an index mean every ancestor of the process: a comparison holds if it holds for any of them
 * (libs' `compare_full_aname` and its like).
 */
export const ANCESTOR_FIELDS: ReadonlySet<string> = new Set([
  'proc.aname',
  'proc.aexe',
  'proc.aexepath',
  'proc.acmdline',
  'proc.apid',
]);

/** As far as Falco looks up. */
const MOST = 64;

/**
 * What an event tells of the ancestors. `proc.aname` is printed as their names with blanks between, and a name may hold
 * blanks: those that the event tells one by one (`proc.pname`, `proc.aname[2]`) are recognized in it.
 */
export function ancestors(name: string, event: Event): readonly (string | number | bigint)[] {
  const all = event[name];
  if (Array.isArray(all)) return all as readonly (string | number | bigint)[];
  const singly = knownAncestors(name, event);
  if (typeof all === 'number' || typeof all === 'bigint') return [all];
  if (typeof all !== 'string' || all === '') return [...singly.values()];
  return name === 'proc.acmdline' ? [all] : split(all, singly);
}

/** One of them: 1 is the parent. */
export function ancestor(name: string, event: Event, index: number): string | number | bigint | undefined {
  const all = event[name];
  return all === undefined || all === null
    ? knownAncestors(name, event).get(index)
    : ancestors(name, event)[index - 1];
}

function knownAncestors(name: string, event: Event): Map<number, string | number | bigint> {
  const known = new Map<number, string | number | bigint>();
  const parent = name === 'proc.apid' ? event['proc.ppid'] : event[name.replace('.a', '.p')];
  if (isOne(parent)) known.set(1, parent);
  for (let index = 1; index <= MOST; index += 1) {
    const value = event[`${name}[${index}]`];
    if (isOne(value)) known.set(index, value);
    else if (index > 4 && value === undefined) break;
  }
  return known;
}

function isOne(value: FieldValue | undefined): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}

function split(all: string, known: ReadonlyMap<number, string | number | bigint>): string[] {
  const found: string[] = [];
  let rest = all;
  while (rest !== '') {
    const expected = String(known.get(found.length + 1) ?? '');
    const isExpected = expected !== '' && (rest === expected || rest.startsWith(`${expected} `));
    const blank = rest.indexOf(' ');
    const length = isExpected ? expected.length : blank < 0 ? rest.length : blank;
    if (length > 0) found.push(rest.slice(0, length));
    rest = rest.slice(length + 1);
  }
  return found;
}
