import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import type { Finding } from '../rules/finding';

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
  finding(path: SettingPath, target: 'key' | 'value', code: string, message: string): Finding;
}

/** Keys and indexes from the top of a file. */
type SettingPath = readonly (string | number)[];

/** Reads a YAML file of one document; a key that stands twice is an error. */
export function readPositionedYaml(file: string, text: string): PositionedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  const at = (offset: number, length: number, code: string, message: string): Finding => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, length: Math.max(1, length), severity: 'error', code, message };
  };
  const errors = document.errors.map(({ pos: [start, end], message }) =>
    at(start, Math.min(end - start, 40), 'not-yaml', message.replace(/\s+/g, ' ')),
  );
  return {
    file,
    text,
    value: errors.length > 0 ? undefined : document.toJS(),
    errors,
    has: (path) => document.hasIn(path),
    finding: (path, target, code, message) => {
      const [start, end] = rangeAt(document, path, target);
      const firstLine = text.slice(start, end).split('\n', 1)[0] ?? '';
      return at(start, firstLine.trimEnd().length, code, message);
    },
  };
}

function rangeAt(document: Document, path: SettingPath, target: 'key' | 'value'): readonly [number, number] {
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
