import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A rules file that the real Falco was given, and what it said. */
export interface Recording {
  readonly id: string;
  /** Of a single condition's recording. */
  readonly condition?: string;
  readonly yaml: string;
  readonly ok: boolean;
  readonly errors: readonly { readonly code: string }[];
  readonly warnings: readonly { readonly code: string }[];
  /** What `falco -L` says of each rule. */
  readonly compiled?: readonly RecordedRule[];
}

/** A rule as Falco compiled it. */
export interface RecordedRule {
  readonly rule: string;
  readonly condition_compiled: string;
  readonly output_compiled: string;
  readonly priority: string;
  readonly enabled: boolean;
  readonly tags: readonly string[];
  /** Their names, or how many where they are too many. */
  readonly events: readonly string[] | number;
  readonly condition_fields: readonly string[];
  readonly lists: readonly string[];
  readonly macros: readonly string[];
}

/** The recordings of a file in `test/fixtures/falco`. */
export function recordings(name: 'rules-files' | 'conditions'): Recording[] {
  const text = readFileSync(join(__dirname, '../fixtures/falco', `${name}.jsonl`), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Recording);
}

/** The recording of an id. */
export function recording(id: string): Recording {
  const found = recordings('rules-files').find((row) => row.id === id);
  if (found === undefined) throw new Error(`no recording ${id}`);
  return found;
}
