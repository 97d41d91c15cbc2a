import { Composer, isAlias, isMap, isScalar, isSeq, Parser, Scalar } from 'yaml';
import type { CST, Document, Node as YamlNode } from 'yaml';
import type { RulesFile } from '../render';
import { Report, type Entry, type Node, type Range } from './node';

/** A file's documents as nodes with places; none of them, and a finding, if it isn't YAML. */
export interface ParsedFile {
  readonly roots: readonly Node[];
  readonly report: Report;
}

/** Reads YAML as Falco's reader does: every scalar is text, a key may stand twice, no merge keys. */
export function parseYaml(file: RulesFile): ParsedFile {
  // The parser would count a byte order mark as indentation.
  const text = file.text.replace(/^\ufeff/, '');
  const report = new Report(file.name, text, lineStartsOf(text));
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    report.error('LOAD_ERR_YAML_PARSE', { start: nul, end: nul + 1 }, 'not YAML: here is a NUL character');
    return { roots: [], report };
  }
  let documents: readonly Document.Parsed[];
  try {
    documents = parseLeniently(text);
  } catch (error) {
    if (!(error instanceof DeepYaml)) throw error;
    report.error(
      'LOAD_ERR_YAML_PARSE',
      { start: error.offset, end: error.offset + 1 },
      `not YAML: ${error.message}`,
    );
    return { roots: [], report };
  }
  const broken = documents.flatMap(({ errors }) => errors)[0];
  if (broken !== undefined) {
    const [start, end] = broken.pos;
    report.error('LOAD_ERR_YAML_PARSE', { start, end }, `not YAML: ${broken.message}`);
    return { roots: [], report };
  }
  const roots = documents.map((document) => new Converter(document, report).node(document.contents));
  return { roots: hasUnknownAlias(report) ? [] : roots, report };
}

/** Lines of a file whose brackets Falco's reader forgives; what needs more is no rules file of this world. */
const FORGIVEN_LINES = 200;
/** Each line means to read the file again. */
const FORGIVEN_CHARACTERS = 4_000_000;

/**
 * Falco's reader doesn't mind how lines within brackets are indented, while the parser does. Within brackets a line
 * end is as good as a blank, so it becomes one where the parser minds, and all places stay the same.
 */
function parseLeniently(text: string): readonly Document.Parsed[] {
  const original = parse(text);
  let documents = original;
  let patched = text;
  const tries = Math.min(FORGIVEN_LINES, FORGIVEN_CHARACTERS / text.length);
  for (let i = 0; i < tries; i++) {
    const error = documents.flatMap(({ errors }) => errors)[0];
    if (error === undefined) return documents;
    if (error.code !== 'BAD_INDENT') return original;
    const before = /([^\r\n]*)(\r\n|\r|\n)\s*$/.exec(patched.slice(0, error.pos[0]));
    // A comment would swallow the next line.
    if (before === null || before[1]?.includes('#') === true) return original;
    const end = before.index + (before[1]?.length ?? 0);
    const blanks = ' '.repeat(error.pos[0] - end);
    patched = patched.slice(0, end) + blanks + patched.slice(error.pos[0]);
    documents = parse(patched);
  }
  return original;
}

/** Throws {@link DeepYaml} before anything recurses. */
function parse(text: string): readonly Document.Parsed[] {
  const tokens = [...new Parser().parse(text)];
  for (const token of tokens) refuseDeep(token);
  const composer = new Composer({
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  return [...composer.compose(tokens, false, text.length)] as Document.Parsed[];
}

/** Falco's reader goes no deeper; a stack that overflows within the parser may end the whole process. */
const DEEPEST = 500;

class DeepYaml extends Error {
  constructor(readonly offset: number) {
    super(`more than ${DEEPEST} levels within each other`);
  }
}

function refuseDeep(root: CST.Token): void {
  const open: [token: CST.Token | null | undefined, depth: number][] = [[root, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [token, depth] = next;
    if (token === null || token === undefined) continue;
    if (depth > DEEPEST) throw new DeepYaml(token.offset);
    if (token.type === 'document') open.push([token.value, depth]);
    if (!('items' in token)) continue;
    for (const item of token.items) open.push([item.key, depth + 1], [item.value, depth + 1]);
  }
}

function hasUnknownAlias({ findings }: Report): boolean {
  return findings.length > 0;
}

/** The offsets at which lines start, the first 0. */
export function lineStartsOf(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((end) => end.index + end[0].length)];
}

class Converter {
  /** Each anchor becomes one node, however often it is used, so that a file can't grow in memory by aliases. */
  private readonly done = new Map<YamlNode, Node>();

  constructor(
    private readonly document: Document.Parsed,
    private readonly report: Report,
  ) {}

  node(value: YamlNode | null | undefined): Node {
    if (value === null || value === undefined) return { type: 'null', start: 0, end: 0 };
    if (isAlias(value)) {
      const anchored = value.resolve(this.document);
      if (anchored === undefined)
        this.report.error(
          'LOAD_ERR_YAML_PARSE',
          rangeOf(value),
          `not YAML: there is no anchor &${value.source}`,
        );
      return this.node(anchored);
    }
    const known = this.done.get(value);
    if (known !== undefined) return known;
    const at = rangeOf(value);
    if (isSeq(value)) {
      const items: Node[] = [];
      const node: Node = { type: 'sequence', items, ...at };
      this.done.set(value, node);
      for (const child of value.items) items.push(this.node(child as YamlNode));
      return node;
    }
    if (isMap(value)) {
      const entries: Entry[] = [];
      const node: Node = { type: 'mapping', entries, ...at };
      this.done.set(value, node);
      for (const pair of value.items) {
        const key = this.node(pair.key as YamlNode);
        if (key.type !== 'scalar') continue;
        const child = pair.value as YamlNode | null;
        entries.push({
          key,
          value: child === null ? { type: 'null', start: key.start, end: key.end } : this.node(child),
        });
      }
      return node;
    }
    const node: Node = isNothing(value)
      ? { type: 'null', ...at }
      : { type: 'scalar', text: textOf(value), ...at };
    this.done.set(value, node);
    return node;
  }
}

function rangeOf(node: YamlNode): Range {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}

function textOf(node: YamlNode): string {
  return isScalar(node) && typeof node.value === 'string' ? node.value : '';
}

function isNothing(node: YamlNode): boolean {
  if (!isScalar(node) || (node.type !== undefined && node.type !== Scalar.PLAIN)) return false;
  return ['', '~', 'null', 'Null', 'NULL'].includes(textOf(node));
}
