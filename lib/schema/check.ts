import type { SchemaFinding, ValuePath } from './finding';
import type { ObjectNode, SchemaNode, TextNode } from './node';
import { nearest } from './nearest';

/** Why a key is there no more and what to use instead, by its dotted path. */
export type RemovedKeys = Readonly<Record<string, string>>;

/** Holds a value against a schema tree; findings come in the order of the value. */
export function checkNode(root: ObjectNode, value: unknown, removedKeys: RemovedKeys = {}): SchemaFinding[] {
  const findings: SchemaFinding[] = [];
  visit(root, value, []);
  return findings;

  function visit(node: SchemaNode, found: unknown, path: ValuePath): void {
    const report = (code: SchemaFinding['code'], message: string, suggestion?: string): void => {
      const hint = suggestion === undefined ? '' : `; did you mean '${suggestion}'?`;
      findings.push({
        code,
        path,
        target: 'value',
        message: message + hint,
        ...(suggestion !== undefined && { suggestion }),
      });
    };
    const wrongType = (): void => {
      report('wrong-type', `expected ${describeNode(node)}, found ${describeValue(found)}`);
    };
    if (!hasType(node, found)) {
      wrongType();
      return;
    }
    switch (node.is) {
      case 'union':
        for (const part of node.of) if (hasType(part, found)) visit(part, found, path);
        break;
      case 'text':
        if (!fits(node, found as string)) wrongType();
        break;
      case 'choice':
        if (!node.of.includes(found as string)) {
          const message = `expected ${describeNode(node)}, found ${describeValue(found)}`;
          report('not-a-choice', message, nearest(found as string, node.of));
        }
        break;
      case 'integer':
      case 'number':
        if ((found as number) < (node.min ?? -Infinity) || (found as number) > (node.max ?? Infinity)) {
          report('out-of-range', `expected ${describeNode(node)}, found ${describeValue(found)}`);
        }
        break;
      case 'list':
        (found as readonly unknown[]).forEach((item, index) => {
          visit(node.of, item, [...path, index]);
        });
        break;
      case 'object':
        visitObject(node, found as Readonly<Record<string, unknown>>, path, report);
        break;
      default:
    }
  }

  function visitObject(
    node: ObjectNode,
    found: Readonly<Record<string, unknown>>,
    path: ValuePath,
    report: (code: SchemaFinding['code'], message: string) => void,
  ): void {
    const entries = Object.entries(found).filter(([, item]) => item !== undefined);
    const names = Object.keys(node.keys);
    if (entries.length < (node.minKeys ?? 0)) {
      const least = `expected at least ${node.minKeys ?? 0} of the keys ${oneOf(names, 'or')}`;
      report('too-few-keys', `${least}, found ${describeValue(found)}`);
    }
    for (const key of node.required ?? []) {
      if (!entries.some(([name]) => name === key)) report('missing-key', `missing key '${key}'`);
    }
    for (const [key, item] of entries) {
      const child = Object.hasOwn(node.keys, key) ? node.keys[key] : node.others;
      if (child === undefined) findings.push(unknownKey(root, node, [...path, key], key, removedKeys));
      else if (child !== 'anything') visit(child, item, [...path, key]);
    }
  }
}

function unknownKey(
  root: ObjectNode,
  node: ObjectNode,
  path: ValuePath,
  key: string,
  removedKeys: RemovedKeys,
): SchemaFinding {
  const base = { code: 'unknown-key', path, target: 'key' } as const;
  const dotted = path.join('.');
  const removed = Object.hasOwn(removedKeys, dotted) ? removedKeys[dotted] : undefined;
  if (removed !== undefined) return { ...base, message: `unknown key '${key}': ${removed}` };
  const suggestion = nearest(key, Object.keys(node.keys));
  if (suggestion !== undefined) {
    return { ...base, message: `unknown key '${key}'; did you mean '${suggestion}'?`, suggestion };
  }
  const elsewhere = placesOf(root, key);
  const hint = elsewhere.length === 0 ? '' : `; it belongs to ${oneOf(elsewhere, 'or')}`;
  return { ...base, message: `unknown key '${key}'${hint}` };
}

/** Where in the schema a key stands, as dotted paths of the objects that have it. */
function placesOf(root: ObjectNode, key: string): string[] {
  const places: string[] = [];
  walk(root, '');
  return places;

  function walk(node: SchemaNode, path: string): void {
    if (node.is === 'list') walk(node.of, `${path}[]`);
    if (node.is === 'union') for (const part of node.of) walk(part, path);
    if (node.is !== 'object') return;
    if (Object.hasOwn(node.keys, key)) places.push(path === '' ? 'the top' : path);
    for (const [name, child] of Object.entries(node.keys))
      walk(child, path === '' ? name : `${path}.${name}`);
  }
}

function fits(node: TextNode, text: string): boolean {
  if (text.length < (node.minLength ?? 0)) return false;
  return node.pattern === undefined || new RegExp(node.pattern, 'u').test(text);
}

function hasType(node: SchemaNode, value: unknown): boolean {
  switch (node.is) {
    case 'text':
    case 'choice':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'null':
      return value === null;
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    case 'list':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
    case 'union':
      return node.of.some((part) => hasType(part, value));
  }
}

function describeNode(node: SchemaNode): string {
  switch (node.is) {
    case 'text':
      if (node.pattern !== undefined) return `text that matches ${node.pattern}`;
      return node.minLength === undefined ? 'text' : 'text that is not empty';
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'nothing';
    case 'integer':
    case 'number': {
      const noun = node.is === 'integer' ? 'a whole number' : 'a number';
      if (node.min === undefined) return node.max === undefined ? noun : `${noun} of at most ${node.max}`;
      return node.max === undefined
        ? `${noun} of at least ${node.min}`
        : `${noun} from ${node.min} to ${node.max}`;
    }
    case 'choice':
      return oneOf(
        node.of.map((word) => `'${word}'`),
        'or',
      );
    case 'list':
      return 'a list';
    case 'object':
      return 'an object';
    case 'union':
      return oneOf(node.of.map(describeNode), 'or');
  }
}

function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (value instanceof Date) return 'a date (put it in quotes)';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty object' : 'an object';
  if (typeof value === 'string') {
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 37)}...` : value)}`;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return `a ${typeof value}`;
}

function oneOf(words: readonly string[], conjunction: string): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}
