import { FALCO_VERSIONS } from '../falco/versions';

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON Schema of an environment file. */
export interface EnvironmentSchema extends JsonSchema {
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

const LABEL = '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$';
const SUBDOMAIN = '^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$';
const LABEL_KEY = '^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$';
const LABEL_VALUE = '^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$';

/**
 * What `lib/settings/checks` says about a value alone, by definition and key. Helm refuses it before it renders anything;
 * an environment is told the same by the checks, in better words.
 */
const STRICTER: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>> = {
  EnvironmentFile: {
    cluster: { pattern: '^[^%]' },
    namespaceLabels: { propertyNames: { pattern: LABEL } },
    rulesPackages: { propertyNames: { pattern: LABEL } },
  },
  NamespacesSettings: { node: { pattern: LABEL }, services: { pattern: LABEL } },
  ExternalFalcoSettings: { namespace: { pattern: LABEL } },
  ExemptSettings: {
    label: { pattern: LABEL_KEY },
    values: { minItems: 1, items: { type: 'string', pattern: LABEL_VALUE } },
  },
  NamedSecretSettings: { name: { pattern: SUBDOMAIN } },
  FalcoSettings: { version: { enum: FALCO_VERSIONS } },
};

/** Keys of an environment file that are no values. */
const NO_VALUES = new Set(['extends', 'rulesFrom']);

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
  const more = STRICTER[name] ?? {};
  const own = Object.entries(properties)
    .filter(([key]) => name !== 'EnvironmentFile' || !NO_VALUES.has(key))
    .map(([key, property]): [string, JsonSchema] => [key, { ...property, ...more[key] }]);
  // Helm adds `global` to the values of a chart that another chart depends on.
  if (name === 'EnvironmentFile') own.push(['global', { type: 'object' }]);
  return { ...definition, properties: Object.fromEntries(own) };
}
