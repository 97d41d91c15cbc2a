import type { Finding } from '../rules/finding';
import type { RulesFile } from '../rules/render';
import { CUSTOM_RULES_FILE, rulesFileName } from '../constructs/rules';
import type { RulesPackage } from '../settings/egress';
import { readPositionedYaml, type PositionedYaml, type Span } from './positions';

/** Where rules came from. */
export interface RulesOrigin {
  /** Environment files; what an earlier one says counts. */
  readonly sources: readonly PositionedYaml[];
  /** Paths of rules files, by their names in Falco's directory. */
  readonly paths: ReadonlyMap<string, string>;
  readonly packages: Readonly<Record<string, RulesPackage>>;
}

/** A finding in a file of Falco's directory, put back to the place where somebody wrote it. */
export function whereWritten(finding: Finding, files: readonly RulesFile[], origin: RulesOrigin): Finding {
  const path = origin.paths.get(finding.file);
  if (path !== undefined) return { ...finding, file: path };
  const text = files.find(({ name }) => name === finding.file)?.text ?? '';
  if (finding.file === CUSTOM_RULES_FILE) return inItems(finding, text, origin);
  return inPackage(finding, text, origin);
}

/** In the setting `rules`: the file is printed from its items, one after the other. */
function inItems(finding: Finding, text: string, { sources }: RulesOrigin): Finding {
  const source = sources.find((candidate) => candidate.has(['rules']));
  if (source === undefined) return finding;
  const printed = readPositionedYaml(finding.file, text);
  const { path, target } = printed.pathAt(finding.line, finding.column);
  const written = ['rules', ...path];
  const place = placeOf(source.finding(written, target, finding.code, finding.message));
  return {
    ...finding,
    ...place,
    ...sameWord(finding, printed.span(path, target), source.span(written, target)),
  };
}

/** Scalars are printed in a style of their own, so a word inside one is found by how many of it come before. */
function sameWord(
  { line, column, length }: Finding,
  printed: Span,
  written: Span,
): Pick<Finding, 'line' | 'column' | 'length'> | undefined {
  const before = linesOf(printed).slice(0, line - printed.line);
  const offset =
    before.reduce((sum, { length }) => sum + length + 1, 0) +
    column -
    (line === printed.line ? printed.column : 1);
  const word = printed.text.slice(offset, offset + length);
  const ordinal = printed.text.slice(0, offset).split(word).length;
  const parts = written.text.split(word);
  if (word === '' || word.length === printed.text.length || parts.length <= ordinal) return undefined;
  const above = parts.slice(0, ordinal).join(word).split('\n');
  const last = above.at(-1) ?? '';
  return {
    line: written.line + above.length - 1,
    column: last.length + (above.length === 1 ? written.column : 1),
    length,
  };
}

function linesOf({ text }: Span): string[] {
  return text.split('\n');
}

/** In the setting `rulesPackages`: a text in the environment file itself. */
function inPackage(finding: Finding, text: string, { sources, packages }: RulesOrigin): Finding {
  const path = Object.entries(packages)
    .flatMap(([name, files]) => Object.keys(files).map((file) => ['rulesPackages', name, file] as const))
    .find(([, name, file]) => rulesFileName(name, file) === finding.file);
  if (path === undefined) return finding;
  const source = sources.find((candidate) => candidate.has(path));
  if (source === undefined) return finding;
  const span = source.span(path, 'value');
  const line = span.line + finding.line;
  const written = source.text.split('\n')[line - 1] ?? '';
  const logical = text.split('\n')[finding.line - 1] ?? '';
  const indent = written.length - logical.length;
  if (span.text.startsWith('|') && written.endsWith(logical))
    return { ...finding, file: source.file, line, column: indent + finding.column };
  const message = `${finding.message} (line ${finding.line} of this text)`;
  return { ...finding, ...placeOf(source.finding(path, 'value', finding.code, message)), message };
}

function placeOf({
  file,
  line,
  column,
  length,
}: Finding): Pick<Finding, 'file' | 'line' | 'column' | 'length'> {
  return { file, line, column, length };
}
