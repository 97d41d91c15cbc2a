import { isUtf8 } from 'node:buffer';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FalcoRow } from '../../falco/versions';
import { mayHoldRules, rulesWithin } from '../../rules/embedded';
import type { Finding } from '../../rules/finding';
import type { RulesFile } from '../../rules/render';
import type { StockNames } from '../../rules/stock';
import { UsageError } from '../../synth/usage-error';
import { bytesOf, bytesOfStdin } from './bytes';

/** A file that somebody named, and the rules files in it. */
export interface RulesInput {
  /** As people see it. */
  readonly shown: RulesFile;
  /** What kept it from being read. */
  readonly problems: readonly Finding[];
  readonly rules: readonly {
    readonly file: RulesFile;
    /** A finding in the rules file, where it stands in what is shown. */
    readonly whereWritten: (finding: Finding) => Finding;
  }[];
}

/** The stock rules, as far as they are known. */
export interface Stock {
  /** A path; `names` if only the names are known, `none` without them. */
  readonly name: string;
  readonly rules: StockNames | readonly RulesFile[] | undefined;
  /** The files that they were read from, but for those that are checked anyway. */
  readonly inputs: readonly RulesInput[];
}

/** Where Falco's packages and image have the stock rules. */
const INSTALLED_STOCK = '/etc/falco/falco_rules.yaml';
const STDIN = '-';

/**
 * Reads what the command line names: files, folders in the order of names (as Falco reads one), `-`. Falco reads no folder
 * within a folder, but projects keep a package of rules in each, and a file that nobody checks would be worse.
 *
 * @throws UsageError for a path that is not there, a folder without rules files, and a file that is too large
 */
export function readInputs(paths: readonly string[]): RulesInput[] {
  return paths.flatMap((path) => {
    if (path === STDIN) return [inputOf('<stdin>', bytesOfStdin())];
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) throw new UsageError(`there is no file or folder ${path}`);
    return (stats.isDirectory() ? filesIn(path) : [path]).map((file) => inputOf(file, bytesOf(file)));
  });
}

function filesIn(folder: string): string[] {
  const found = [...within(folder)];
  if (found.length === 0)
    throw new UsageError(`there is no rules file in ${folder}: none ends in .yaml or .yml`);
  return found;
}

function* within(folder: string): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      // Hidden ones are git's, or those of a mounted ConfigMap, whose files stand beside them as links.
      if (entry.name !== 'node_modules' && !entry.name.startsWith('.')) yield* within(path);
    } else if (isRulesFile(entry.name)) yield path;
  }
}

/** Rule tests stand beside rules, and are none. */
function isRulesFile(name: string): boolean {
  return /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name);
}

function inputOf(name: string, bytes: Buffer): RulesInput {
  const text = decode(bytes);
  if (text === undefined) {
    const shown = { name, text: bytes.toString('utf8') };
    return { shown, problems: [notUtf8(name, bytes)], rules: [] };
  }
  const shown = { name, text };
  const within = mayHoldRules(text) ? rulesWithin(shown) : undefined;
  if (within === undefined)
    return { shown, problems: [], rules: [{ file: shown, whereWritten: (finding) => finding }] };
  return { shown, problems: [], rules: within };
}

/** UTF-8, or UTF-16 with a byte order mark, as Falco's reader takes it. */
function decode(bytes: Buffer): string | undefined {
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark === 'fffe') return bytes.subarray(2).toString('utf16le');
  if (mark === 'feff') {
    const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
    return Buffer.from(even).swap16().toString('utf16le');
  }
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

function notUtf8(file: string, bytes: Buffer): Finding {
  const text = bytes.toString('utf8');
  const isReplaced = (at: number): boolean => {
    const offset = Buffer.byteLength(text.slice(0, at));
    return bytes.subarray(offset, offset + 3).toString('hex') !== 'efbfbd';
  };
  let at = text.indexOf('\ufffd');
  while (at >= 0 && !isReplaced(at)) at = text.indexOf('\ufffd', at + 1);
  const lines = text.slice(0, at).split(/\r\n|\r|\n/);
  return {
    ...{ file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, length: 1 },
    ...{ severity: 'error', code: 'not-utf-8' },
    message: 'here is a byte that is no UTF-8',
    hint: 'save the file as UTF-8',
  };
}

/**
 * The stock rules to check against.
 *
 * @param wanted the path of a file, `false` for none
 */
export function findStock(
  wanted: string | false | undefined,
  inputs: readonly RulesInput[],
  row: FalcoRow,
): Stock {
  if (wanted === false) return { name: 'none', rules: undefined, inputs: [] };
  const isChecked = inputs.some(({ shown }) => resolve(shown.name) === INSTALLED_STOCK);
  const path = wanted ?? (existsSync(INSTALLED_STOCK) && !isChecked ? INSTALLED_STOCK : undefined);
  if (path === undefined) {
    const { rules, macros, lists } = row.stockIndex();
    return {
      name: 'names',
      rules: { rules: new Set(rules), macros: new Set(macros), lists: new Set(lists) },
      inputs: [],
    };
  }
  const stock = readInputs([path]);
  const checked = new Set(inputs.map(({ shown }) => resolve(shown.name)));
  return {
    name: path,
    rules: stock.flatMap((input) => input.rules.map(({ file }) => file)),
    inputs: stock.filter(({ shown }) => !checked.has(resolve(shown.name))),
  };
}

/** What is wrong with files, each finding where people see it; `loaded` is what loading their rules said. */
export function findingsOf(inputs: readonly RulesInput[], loaded: readonly Finding[]): Finding[] {
  return inputs.flatMap(({ problems, rules }) => [
    ...problems,
    ...rules.flatMap(({ file, whereWritten }) =>
      loaded.filter((finding) => finding.file === file.name).map(whereWritten),
    ),
  ]);
}
