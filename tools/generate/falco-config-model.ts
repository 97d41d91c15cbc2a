import type { SchemaNode, ObjectNode, UnionNode } from '../../lib/schema/node';
import { INTERFACE_NAMES } from './falco-config-notes';

/** An object of the configuration that gets an interface and a constant of its own. */
interface NamedObject {
  readonly name: string;
  readonly node: ObjectNode;
}

/** A configuration schema as the generator sees it. */
export interface ConfigModel {
  readonly root: ObjectNode;
  /** Named objects, each after those it refers to. */
  readonly objects: readonly NamedObject[];
  /** The name of a node that is one of `objects`. */
  nameOf(node: SchemaNode): string | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/** Says nothing about which values are right, or (format) is nothing that Falco's validator stops at. */
const ANNOTATIONS = new Set(['$schema', 'title', 'description', 'definitions', 'format', 'qt-uri-protocols']);

/**
 * Turns the JSON Schema that `falco --config-schema` prints into our own nodes. A keyword that the
 * nodes can't express is an error, so that a newer Falco's schema is never checked by halves.
 */
export function readConfigSchema(schema: unknown): ConfigModel {
  const document = record(schema, 'schema');
  const definitions = record(document['definitions'] ?? {}, 'definitions');
  const byDefinition = new Map<string, SchemaNode>();
  const names = new Map<SchemaNode, string>();
  const objects: NamedObject[] = [];

  function read(json: Json, path: readonly string[]): SchemaNode {
    const reference = json['$ref'];
    if (typeof reference === 'string') {
      only(json, ['$ref'], path);
      return definition(reference.replace('#/definitions/', ''));
    }
    for (const keyword of ['anyOf', 'oneOf']) {
      if (json[keyword] !== undefined) {
        only(json, [keyword], path);
        return union(
          list(json[keyword], path).map((part) => read(record(part, path.join('.')), path)),
          path,
        );
      }
    }
    switch (json['type']) {
      case 'object':
        return object(json, path);
      case 'array':
        only(json, ['type', 'items'], path);
        return { is: 'list', of: read(record(json['items'], path.join('.')), [...path, '[]']) };
      case 'integer':
      case 'number':
        only(json, ['type', 'minimum', 'maximum'], path);
        return { is: json['type'], ...number('min', json['minimum']), ...number('max', json['maximum']) };
      case 'string':
        only(json, ['type', 'enum'], path);
        return json['enum'] === undefined
          ? { is: 'text' }
          : { is: 'choice', of: list(json['enum'], path).map(String) };
      case 'boolean':
      case 'null':
        only(json, ['type'], path);
        return { is: json['type'] };
      default:
        throw new Error(`${path.join('.')}: no known type in the schema: ${JSON.stringify(json)}`);
    }
  }

  function object(json: Json, path: readonly string[]): ObjectNode {
    only(json, ['type', 'properties', 'required', 'minProperties', 'additionalProperties'], path);
    const properties = Object.entries(record(json['properties'] ?? {}, path.join('.')));
    const others = json['additionalProperties'];
    const node: ObjectNode = {
      is: 'object',
      ...(json['required'] !== undefined && { required: list(json['required'], path).map(String) }),
      ...number('minKeys', json['minProperties']),
      ...(others !== false && {
        others:
          others === undefined || others === true ? 'anything' : read(record(others, path.join('.')), path),
      }),
      keys: Object.fromEntries(
        properties.map(([key, value]) => [key, read(record(value, key), [...path, key])]),
      ),
    };
    if (properties.length > 1) {
      const name = interfaceName(path);
      names.set(node, name);
      objects.push({ name, node });
    }
    return node;
  }

  function definition(name: string): SchemaNode {
    const known = byDefinition.get(name);
    if (known !== undefined) return known;
    const node = read(record(definitions[name], name), [name]);
    byDefinition.set(name, node);
    if (node.is === 'object' && !names.has(node)) {
      names.set(node, interfaceName([name]));
      objects.push({ name: interfaceName([name]), node });
    }
    return node;
  }

  const root = read({ $ref: document['$ref'] }, []);
  if (root.is !== 'object') throw new Error('The schema does not start with an object.');
  return { root, objects, nameOf: (node) => names.get(node) };
}

/** `[definition, key, key]` to a name: the definition's, then the keys; list items in the singular. */
function interfaceName(path: readonly string[]): string {
  const [definition = '', ...keys] = path;
  const own = INTERFACE_NAMES[definition] ?? `Falco${definition}`;
  const start = own === 'FalcoConfig' && keys.length > 0 ? 'Falco' : own;
  const rest = keys
    .map((key, index) => (keys[index + 1] === '[]' ? key.replace(/s$/, '') : key.replace('[]', '')))
    .flatMap((key) => key.split('_'))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return start + rest.join('');
}

/** Parts of a union must differ in JSON type: then "any of" and "exactly one of" are the same. */
function union(parts: readonly SchemaNode[], path: readonly string[]): UnionNode {
  const types = parts.map((part) => {
    if (part.is === 'choice') return 'text';
    return part.is === 'integer' ? 'number' : part.is;
  });
  if (new Set(types).size < types.length) {
    throw new Error(`${path.join('.')}: two alternatives of the same type`);
  }
  return { is: 'union', of: parts.filter((part) => part.is !== 'union') };
}

function only(json: Json, allowed: readonly string[], path: readonly string[]): void {
  const odd = Object.keys(json).filter((key) => !allowed.includes(key) && !ANNOTATIONS.has(key));
  if (odd.length > 0) throw new Error(`${path.join('.')}: keyword not understood: ${odd.join(', ')}`);
}

function number<K extends string>(key: K, value: unknown): Partial<Record<K, number>> {
  return typeof value === 'number' ? ({ [key]: value } as Record<K, number>) : {};
}

function list(value: unknown, path: readonly string[]): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${path.join('.')}: a list was expected`);
  return value;
}

function record(value: unknown, where: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${where}: an object was expected`);
  }
  return value as Json;
}
