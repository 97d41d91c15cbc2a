import type { SchemaNode } from '../../lib/schema/node';
import type { Values } from './leaves';

/** Parts of a configuration of Falco, each with one key: as long as a map has keys, with one of them. */
export function fragments(schema: SchemaNode): readonly Values[] {
  return parts(schema) as readonly Values[];
}

/** The least that the schema takes, or one value for each key of a map. */
function parts(schema: SchemaNode): readonly unknown[] {
  switch (schema.is) {
    case 'text':
      return ['a'];
    case 'boolean':
      return [true];
    case 'null':
      return [];
    case 'integer':
    case 'number':
      return [schema.min ?? 1];
    case 'choice':
      return schema.of.slice(0, 1);
    case 'list':
      return parts(schema.of)
        .slice(0, 1)
        .map((item) => [item]);
    case 'union':
      return schema.of.flatMap(parts);
    case 'object':
      return Object.entries(schema.keys).flatMap(([key, node]) =>
        parts(node).map((value) => ({ [key]: value })),
      );
  }
}
