import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import type { Finding } from '../rules/finding';
import { ambiguousScalars } from './ambiguous-scalars';

/** A YAML file as a value, and where each part of it stands. */
export interface PositionedYaml {
  readonly file: string;
  readonly text: string;
  /** The value; `undefined` where the file is not YAML. */
  readonly value: unknown;
  /** Why it is not YAML. */
  readonly errors: readonly Finding[];
  /** Whether the file says anything at a path. */
  has(path: SettingPath): boolean;
  /** A finding at a path, or at the nearest part above it that the file has. */
  finding(path: SettingPath, target: Target, code: string, message: string): Finding;
  /** Where the key or the value at a path begins and ends, or those of the nearest part above it that the file has. */
  span(path: SettingPath, target: Target): Span;
  /** What stands at a place. */
  pathAt(line: number, column: number): { readonly path: SettingPath; readonly target: Target };
}

/** Keys and indexes from the top of a file. */
type SettingPath = readonly (string | number)[];

/** The last key of a path, or its value. */
type Target = 'key' | 'value';

/** A part of a file: its text, and where it begins; line and column start at 1. */
export interface Span {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Reads a YAML file of one document; a key that stands twice is an error, and so is a second document.
 *
 * @param options.merge whether `<<` is YAML 1.1's merge key, as it is for Helm
 * @param options.asHelm whether it is an error if Helm would read a scalar otherwise
 */
export function readPositionedYaml(
  file: string,
  text: string,
  { merge = false, asHelm = false }: { readonly merge?: boolean; readonly asHelm?: boolean } = {},
): PositionedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error', merge });
  const at = (offset: number, length: number, code: string, message: string): Finding => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, length: Math.max(1, length), severity: 'error', code, message };
  };
  const errors = document.errors.map(({ code, pos: [start, end], message }) =>
    code === 'MULTIPLE_DOCS'
      ? at(
          start,
          3,
          'second-document',
          'a second document; an environment file has one, so make it another file',
        )
      : at(start, Math.min(end - start, 40), 'not-yaml', message.replace(/\s+/g, ' ')),
  );
  for (const { source, range, other } of asHelm ? ambiguousScalars(document) : [])
    errors.push(
      at(
        range[0],
        source.length,
        'ambiguous-scalar',
        `'${source}' without quotes is ${other} for Helm, which reads YAML 1.1; write it in quotes, or what you mean in another way`,
      ),
    );
  let value: unknown;
  try {
    value = errors.length > 0 ? undefined : document.toJS();
  } catch (error) {
    // Aliases: one without an anchor, or so many that they would fill the memory.
    const [start, end] = firstAlias(document);
    errors.push(at(start, end - start, 'not-yaml', (error as Error).message));
  }
  return {
    file,
    text,
    value,
    errors,
    has: (path) => document.hasIn(path),
    finding: (path, target, code, message) => {
      const [start, end] = rangeAt(document, path, target);
      const firstLine = text.slice(start, end).split('\n', 1)[0] ?? '';
      return at(start, firstLine.trimEnd().length, code, message);
    },
    span: (path, target) => {
      const [start, end] = rangeAt(document, path, target);
      const { line, col } = lines.linePos(start);
      return { text: text.slice(start, end), line, column: col };
    },
    pathAt: (line, column) => pathTo(document.contents, (lines.lineStarts[line - 1] ?? 0) + column - 1),
  };
}

function firstAlias(document: Document): readonly [number, number] {
  let first: Node | null = null;
  visit(document, {
    Alias: (_, alias) => {
      first = alias;
      return visit.BREAK;
    },
  });
  return rangeOf(first, undefined);
}

function rangeAt(document: Document, path: SettingPath, target: Target): readonly [number, number] {
  let node = document.contents;
  let pair: Pair | undefined;
  for (const part of path) {
    const next: unknown = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part))
      : isSeq(node) && typeof part === 'number'
        ? node.items[part]
        : undefined;
    if (next === undefined || next === null) return rangeOf(node, pair);
    pair = isPair(next) ? next : undefined;
    node = (isPair(next) ? next.value : next) as Node | null;
  }
  return target === 'key' && pair !== undefined ? rangeOf(pair.key as Node, undefined) : rangeOf(node, pair);
}

function rangeOf(node: Node | null, pair: Pair | undefined): readonly [number, number] {
  const range = node?.range ?? (pair?.key as Node | undefined)?.range;
  return range ? [range[0], range[1]] : [0, 0];
}

function pathTo(node: unknown, offset: number): { path: SettingPath; target: Target } {
  if (isSeq(node)) {
    const index = node.items.findIndex((item) => holds(item, offset));
    return index < 0 ? { path: [], target: 'value' } : below(index, node.items[index], offset);
  }
  const pair = isMap(node)
    ? node.items.find(({ key, value }) => holds(key, offset) || holds(value, offset))
    : undefined;
  if (!isScalar(pair?.key)) return { path: [], target: 'value' };
  const name = String(pair.key.value);
  return holds(pair.key, offset) ? { path: [name], target: 'key' } : below(name, pair.value, offset);
}

function below(part: string | number, node: unknown, offset: number): { path: SettingPath; target: Target } {
  const { path, target } = pathTo(node, offset);
  return { path: [part, ...path], target };
}

function holds(node: unknown, offset: number): boolean {
  const [start, end] = (node as Node | null | undefined)?.range ?? [0, 0];
  return start <= offset && offset < end;
}
