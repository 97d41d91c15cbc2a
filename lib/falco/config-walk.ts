import type { ConfigFinding, ConfigPath } from './config-finding';
import type { ConfigNode, ObjectNode } from './config-node';
import { nearest } from './nearest';

/** Holds a value against a schema tree; findings come in the order of the value. */
export function checkNode(root: ObjectNode, value: unknown): ConfigFinding[] {
  const findings: ConfigFinding[] = [];
  visit(root, value, []);
  return findings;

  function visit(node: ConfigNode, found: unknown, path: ConfigPath): void {
    const report = (code: ConfigFinding['code'], message: string, suggestion?: string): void => {
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
    path: ConfigPath,
    report: (code: ConfigFinding['code'], message: string) => void,
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
      if (child === undefined) findings.push(unknownKey(root, node, [...path, key], key));
      else if (child !== 'anything') visit(child, item, [...path, key]);
    }
  }
}

/** Keys that Falco once had at the top or under `engine`, and what became of them. */
const REMOVED: Readonly<Record<string, string>> = {
  grpc: 'Falco 0.44 removed its gRPC server; use http_output',
  grpc_output: 'Falco 0.44 removed its gRPC server; use http_output',
  rules_file: 'Falco 0.38 replaced it by rules_files',
  outputs: 'Falco 0.37 removed rate limits on alerts',
  'engine.ebpf': 'Falco 0.44 removed the old eBPF probe; use modern_ebpf',
  'engine.gvisor': 'Falco 0.44 removed gVisor support',
};

function unknownKey(root: ObjectNode, node: ObjectNode, path: ConfigPath, key: string): ConfigFinding {
  const base = { code: 'unknown-key', path, target: 'key' } as const;
  const dotted = path.join('.');
  const removed = Object.hasOwn(REMOVED, dotted) ? REMOVED[dotted] : undefined;
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

  function walk(node: ConfigNode, path: string): void {
    if (node.is === 'list') walk(node.of, `${path}[]`);
    if (node.is === 'union') for (const part of node.of) walk(part, path);
    if (node.is !== 'object') return;
    if (Object.hasOwn(node.keys, key)) places.push(path === '' ? 'the top' : path);
    for (const [name, child] of Object.entries(node.keys))
      walk(child, path === '' ? name : `${path}.${name}`);
  }
}

function hasType(node: ConfigNode, value: unknown): boolean {
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

function describeNode(node: ConfigNode): string {
  switch (node.is) {
    case 'text':
      return 'text';
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
