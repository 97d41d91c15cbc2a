import { FILE_KEYS } from '../settings/environment';
import { narrower, type JsonSchema } from './stricter';

export type { JsonSchema } from './stricter';

/** The JSON Schema of an environment file. */
export interface EnvironmentSchema extends JsonSchema {
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

/** Keys of an environment file that are no values. */
const NO_VALUES = new Set<string>(FILE_KEYS);

/** values.schema.json: that of an environment file, as far as it is about settings. */
export function valuesSchema(environment: EnvironmentSchema): JsonSchema {
  const definitions = Object.fromEntries(
    Object.entries(environment.definitions).map(([name, definition]) => [
      name === 'EnvironmentFile' ? 'Values' : name,
      stricter(name, definition),
    ]),
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the chart falco-egress',
    $ref: '#/definitions/Values',
    definitions,
  };
}

function stricter(name: string, definition: JsonSchema): JsonSchema {
  const { properties } = definition as { properties?: Readonly<Record<string, JsonSchema>> };
  if (properties === undefined) return definition;
  const own = Object.entries(properties)
    .filter(([key]) => name !== 'EnvironmentFile' || !NO_VALUES.has(key))
    .map(([key, property]): [string, JsonSchema] => [key, narrower(name, properties, key, property)]);
  // Helm adds `global` to the values of a chart that another chart depends on.
  if (name === 'EnvironmentFile') own.push(['global', { type: 'object' }]);
  return { ...definition, properties: Object.fromEntries(own) };
}
