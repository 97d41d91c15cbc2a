import type { Finding } from './finding';
import { valueOf, type MappingNode, type Node, type Report, type ScalarNode } from './read/node';
import { placeInScalar } from './read/scalar-places';
import { lineStartsOf, parseYaml } from './read/yaml';
import type { RulesFile } from './render';

/** A rules file that stands within another: in a ConfigMap, or in the values of a chart. */
export interface EmbeddedRules {
  readonly file: RulesFile;
  /** A finding in the rules file, as one in the file around it. */
  readonly whereWritten: (finding: Finding) => Finding;
}

/** Whether a text may be an object of Kubernetes or a values file; a look at it, so that rules files lose no time. */
export function mayHoldRules(text: string): boolean {
  return /^["'{\s]*(?:apiVersion|kind)\b|^["'{ ]*customRules\b/m.test(text);
}

/**
 * The rules files in the ConfigMaps of a manifest (lists of objects included) or under `customRules` in the values of the
 * official chart, by itself or as a part of another chart; in Falco's order, that of their names. `undefined` if the file
 * is neither.
 */
export function rulesWithin(around: RulesFile): EmbeddedRules[] | undefined {
  const { roots, report } = parseYaml(around);
  const documents = roots.filter((root) => root.type !== 'null');
  if (documents.length === 0 || !documents.every((root) => root.type === 'mapping')) return undefined;
  const holders = documents.map((document) => holdersIn(document));
  if (holders.every((found) => found === undefined)) return undefined;
  return holders.flatMap((found = []) => found.flatMap((holder) => filesIn(holder, around.name, report)));
}

/** The mappings whose values are files; `undefined` for what is neither an object nor values. */
function holdersIn(root: Node, inList = false): MappingNode[] | undefined {
  if (root.type !== 'mapping') return undefined;
  const kind = textAt(root, 'kind');
  if (kind !== undefined && textAt(root, 'apiVersion') !== undefined) {
    const items = valueOf(root, 'items');
    // No list stands in a list, though by an alias it could stand in itself.
    if (items?.type === 'sequence' && !inList)
      return items.items.flatMap((item) => holdersIn(item, true) ?? []);
    return kind === 'ConfigMap' ? mappingAt(root, 'data') : [];
  }
  const parts = root.entries.map(({ value }) => value).filter((value) => value.type === 'mapping');
  const custom = [root, ...parts].flatMap((part) => mappingAt(part, 'customRules'));
  return custom.length > 0 ? custom : undefined;
}

function mappingAt(node: MappingNode, key: string): MappingNode[] {
  const value = valueOf(node, key);
  return value?.type === 'mapping' ? [value] : [];
}

function textAt(node: MappingNode, key: string): string | undefined {
  const value = valueOf(node, key);
  return value?.type === 'scalar' ? value.text : undefined;
}

function filesIn(holder: MappingNode, around: string, report: Report): EmbeddedRules[] {
  return holder.entries
    .flatMap(({ key, value }) =>
      value.type === 'scalar' && /\.ya?ml$/.test(key.text) ? [{ name: key.text, scalar: value }] : [],
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, scalar }) => ({
      // The place makes it unique: two ConfigMaps may have files of one name.
      file: { name: `${around}#${scalar.start}/${name}`, text: scalar.text },
      scalar,
    }))
    .filter(({ file }) => !isConfiguration(file))
    .map(({ file, scalar }) => ({
      file,
      whereWritten: outside(file, around, scalar, report),
    }));
}

/** Falco's own configuration lies in ConfigMaps too. */
function isConfiguration(file: RulesFile): boolean {
  const [root] = parseYaml(file).roots;
  if (root?.type !== 'mapping') return false;
  return !['rule', 'macro', 'list'].some((key) => valueOf(root, key) !== undefined);
}

function outside(
  { text }: RulesFile,
  around: string,
  scalar: ScalarNode,
  report: Report,
): (finding: Finding) => Finding {
  let lines: readonly number[] | undefined;
  return (finding) => {
    lines ??= lineStartsOf(text);
    const start = (lines[finding.line - 1] ?? lines.at(-1) ?? 0) + finding.column - 1;
    const range = placeInScalar(scalar, report, start, start + finding.length);
    const { line, column } = report.position(range.start);
    const [first = ''] = report.source(range).split(/[\r\n]/, 1);
    return { ...finding, file: around, line, column, length: Math.max(1, first.length) };
  };
}
