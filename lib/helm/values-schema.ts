import { FILE_KEYS } from '../settings/environment';
import { narrower, type JsonSchema } from './stricter';

export type { JsonSchema } from './stricter';

/** The JSON Schema of an environment file. */
export interface EnvironmentSchema extends JsonSchema {
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

/** Keys of an environment file that are no values. */
const NO_VALUES = new Set<string>(FILE_KEYS);

/** Anything but `null`, at any depth: Helm keeps some of them and drops others. */
const ANYTHING: JsonSchema = {
  type: ['string', 'number', 'boolean', 'object', 'array'],
  additionalProperties: { $ref: '#/definitions/Anything' },
  items: { $ref: '#/definitions/Anything' },
  description: 'Any value.',
};

/**
 * values.schema.json: that of an environment file, as far as it is about settings.
 *
 * @param defaults all values of the chart, so none of them can be missing but by a `null`
 */
export function valuesSchema(environment: EnvironmentSchema, defaults: object): JsonSchema {
  const definitions = Object.fromEntries(
    Object.entries(environment.definitions).map(([name, definition]) => [
      name === 'EnvironmentFile' ? 'Values' : name,
      withoutNull(stricter(name, definition)) as JsonSchema,
    ]),
  );
  definitions['Values'] = { ...definitions['Values'], allOf: [{ $ref: '#/definitions/Complete' }] };
  definitions['Complete'] = {
    ...complete(defaults),
    description: 'All of values.yaml is there: `null` would take a value away and put nothing in its place.',
  };
  definitions['Anything'] = ANYTHING;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the chart falco-egress',
    $ref: '#/definitions/Values',
    definitions,
  };
}

function stricter(name: string, definition: JsonSchema): JsonSchema {
  const { properties } = definition as { properties?: Readonly<Record<string, JsonSchema>> };
  if (name === 'RuleItem') return { ...definition, additionalProperties: {} };
  if (properties === undefined) return definition;
  const own = Object.entries(properties)
    .filter(([key]) => name !== 'EnvironmentFile' || !NO_VALUES.has(key))
    .map(([key, property]): [string, JsonSchema] => [key, narrower(name, properties, key, property)]);
  // Helm adds `global` to the values of a chart that another chart depends on.
  if (name === 'EnvironmentFile') own.push(['global', { type: 'object' }]);
  return { ...definition, properties: Object.fromEntries(own) };
}

/** What has the keys of the defaults, at any depth. */
function complete(defaults: object): JsonSchema {
  const below = Object.entries(defaults).filter(
    (entry): entry is [string, object] => isMap(entry[1]) && Object.keys(entry[1]).length > 0,
  );
  return {
    required: Object.keys(defaults),
    ...(below.length > 0 && {
      properties: Object.fromEntries(below.map(([key, value]) => [key, complete(value)])),
    }),
  };
}

/** `{}` as the schema of what may stand under any key lets `null` pass. */
function withoutNull(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutNull);
  if (!isMap(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'additionalProperties' && isMap(value) && Object.keys(value).length === 0
        ? { $ref: '#/definitions/Anything' }
        : withoutNull(value),
    ]),
  );
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
