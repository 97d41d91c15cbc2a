import type { Imported } from './import-values';
import type { Outcome } from './line';

/** What counts as could-not-be-mapped: a person has to look. */
const OPEN: ReadonlySet<Outcome> = new Set(['unmapped', 'unknown']);

/** Whether every value has been taken care of. */
export function isComplete({ lines }: Imported): boolean {
  return !lines.some(({ outcome }) => OPEN.has(outcome));
}

/** The report for people: a line a value, then the Secrets to make, then the sum. */
export function renderReport(imported: Imported): string {
  const lines = imported.lines.map(({ file, line, column, value, outcome, settings, message }) => {
    const what = value === '' ? '' : ` ${value}`;
    const where = settings.length === 0 ? '' : ` → ${settings.join(', ')}`;
    const why = reasonOf(outcome, message);
    return printable(`${file}:${line}:${column} ${outcome}${what}${where}${why}`);
  });
  return [...lines, ...secretLines(imported), sum(imported), ''].join('\n');
}

function reasonOf(outcome: Outcome, message: string): string {
  if (outcome === 'unknown')
    return `: not a value of the official chart${message === '' ? '' : `; ${message}`}`;
  return message === '' ? '' : `: ${message}`;
}

/** How to make each Secret, without its content. */
export function secretCommands({ secrets, namespace }: Imported): string[] {
  return [...new Set(secrets.map(({ secret }) => secret))].map((name) => {
    const keys = [...new Set(secrets.filter(({ secret }) => secret === name).map(({ key }) => key))];
    const literals = keys.map((key) => `--from-literal=${key}=…`).join(' ');
    return `kubectl -n ${namespace} create secret generic ${name} ${literals}`;
  });
}

function secretLines(imported: Imported): string[] {
  if (imported.secrets.length === 0) return [];
  return [
    '',
    'Make this Secret in the cluster first; its content stands in the values file, at:',
    ...imported.secrets.map(
      ({ file, line, column, key, part }) =>
        `  ${key}  ${file}:${line}:${column}${part === undefined ? '' : ` ${part}`}`,
    ),
    ...secretCommands(imported).map((command) => `  ${command}`),
    '',
  ];
}

function sum({ lines }: Imported): string {
  const of = (outcome: Outcome): number => lines.filter((line) => line.outcome === outcome).length;
  const parts = [
    `${of('taken')} taken over`,
    `${of('unneeded')} with nothing to do`,
    `${of('gone')} gone`,
    `${of('unmapped')} not mapped`,
    `${of('unknown')} unknown`,
  ];
  return `${lines.length} lines: ${parts.join(', ')}`;
}

/** Keys come from a stranger's file: control characters must not reach the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
