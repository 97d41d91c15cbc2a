import type { Finding } from '../../rules/finding';
import type { Outcome } from '../line';
import { neverTrueIn } from './direction';
import type { ImportedFile, Place } from './imported-file';
import { BEGINNING, conditionOf } from './item';

/** A line of a rules file, by its name in the package, about which something is to be said. */
export interface RulesNote extends Place {
  readonly file: string;
  readonly outcome: Extract<Outcome, 'taken' | 'gone' | 'unmapped'>;
  readonly message: string;
}

/** The message of a finding, and the way out. */
export function withHint({ message, hint }: Pick<Finding, 'message' | 'hint'>): string {
  return hint === undefined ? message : `${message}; ${hint}`;
}

/** What was changed in a file: each kind of change once, where it is first. */
export function changeNotes(file: ImportedFile): RulesNote[] {
  const { changes } = file;
  return [...new Set(changes.map(({ message }) => message))].flatMap((message): RulesNote[] => {
    const [first, ...others] = changes.filter((change) => change.message === message);
    if (first === undefined) return [];
    const more = others.length === 0 ? '' : ` (${others.length + 1} times)`;
    return [
      {
        file: file.name,
        ...file.place(first.at),
        outcome: 'taken',
        message: `changed: ${message}${more}`,
      },
    ];
  });
}

/** Conditions that ask for an enter event, of which there is none. */
export function neverTrueNotes(file: ImportedFile): RulesNote[] {
  return file.kept.flatMap(({ defines }) => {
    const scalar = defines?.condition;
    const condition = defines && conditionOf(defines);
    if (scalar === undefined || condition === undefined) return [];
    const before = defines?.how === 'append' ? BEGINNING.length : 0;
    return neverTrueIn(condition).map(({ start, end }): RulesNote => {
      const place = file.placeIn(scalar, { start: start - before, end: end - before });
      const message = 'never true: Falco has had no enter events since 0.42; leave evt.dir out';
      return { file: file.name, ...place, outcome: 'unmapped', message };
    });
  });
}

/** What Falco loads, but skips or never fires. */
const IDLE: ReadonlySet<string> = new Set([
  'LOAD_UNKNOWN_SOURCE',
  'LOAD_UNKNOWN_FILTER',
  'field-never-set',
  'never-true',
]);

/** A warning of the loader about what is taken over. */
export function warningNote(file: ImportedFile, finding: Finding): RulesNote {
  const { code } = finding;
  const text = withHint(finding);
  const place = { file: file.name, ...file.placeBefore(finding) };
  // Falco loads it, and says so among many other lines.
  if (code.startsWith('LOAD_UNUSED_')) return { ...place, outcome: 'taken', message: finding.message };
  const message = code.startsWith('LOAD_') ? `Falco would warn: ${text}` : `${code}: ${text}`;
  if (IDLE.has(code)) return { ...place, outcome: 'unmapped', message };
  return { ...place, outcome: code === 'LOAD_DEPRECATED_ITEM' ? 'gone' : 'taken', message };
}
