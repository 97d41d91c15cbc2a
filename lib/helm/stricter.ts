import { FALCO_VERSIONS } from '../falco/versions';
import { AFFINITY_KEYS, CONTAINER_KEYS, TOLERATION_KEYS } from '../settings/checks/fragments';
import { FOLLOW_FALCO } from '../settings/checks/images';
import {
  ANNOTATION_KEY,
  CIDR,
  DECLARED_NAME,
  DNS_LABEL,
  DNS_SUBDOMAIN,
  KEY_LENGTH,
  LABEL_KEY,
  LABEL_VALUE,
  QUANTITY,
  REGISTRY,
  REPOSITORY_PATH,
  RULES_FILE,
  SECRETS_KEY,
  SUBDOMAIN_LENGTH,
  TAG,
  VARIABLE,
} from '../settings/checks/patterns';

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const text = (pattern: string): JsonSchema => ({ type: 'string', pattern });
const orEmpty = (schema: JsonSchema): JsonSchema => ({ anyOf: [{ const: '' }, schema] });
const listOf = (items: JsonSchema): JsonSchema => ({ items });
const key = (pattern: string): JsonSchema => ({ allOf: [{ pattern }, { pattern: KEY_LENGTH }] });

/** A map whose keys all fit: of `propertyNames`, Helm would tell no right place. */
const keys = (pattern: string, value: JsonSchema = {}): JsonSchema => ({
  patternProperties: { [pattern]: value },
  additionalProperties: false,
});
const metadata = (pattern: string, value?: JsonSchema): JsonSchema => ({
  allOf: [keys(pattern, value), keys(KEY_LENGTH)],
});

const subdomain: JsonSchema = { ...text(DNS_SUBDOMAIN), maxLength: SUBDOMAIN_LENGTH };
const variables = keys(VARIABLE);
const quantities: JsonSchema = { additionalProperties: text(QUANTITY) };
const annotations = metadata(ANNOTATION_KEY);
const labels = metadata(LABEL_KEY, orEmpty(text(LABEL_VALUE)));

/** A fragment of an object of Kubernetes: its first level. */
const fragment = (names: readonly string[]): JsonSchema => ({
  properties: Object.fromEntries(names.map((name) => [name, {}])),
  additionalProperties: false,
});

type Properties = Readonly<Record<string, JsonSchema>>;

/** Settings that the Pods of every component share. */
const POD: Properties = {
  labels,
  annotations,
  nodeSelector: labels,
  env: variables,
  priorityClassName: orEmpty(subdomain),
  affinity: fragment(AFFINITY_KEYS),
  tolerations: listOf(fragment(TOLERATION_KEYS)),
  sidecars: listOf(fragment(CONTAINER_KEYS)),
};

/**
 * What `lib/settings/checks` says about a value alone, by definition and key. Helm refuses it before it renders anything;
 * an environment is told the same by the checks, in better words.
 */
const STRICTER: Readonly<Record<string, Properties>> = {
  EnvironmentFile: {
    labels,
    annotations,
    namespaceLabels: keys(DNS_LABEL, metadata(LABEL_KEY, text(LABEL_VALUE))),
    rulesPackages: keys(DNS_LABEL, keys(RULES_FILE)),
  },
  NamespacesSettings: { node: text(DNS_LABEL), services: text(DNS_LABEL), labels, annotations },
  ExternalFalcoSettings: { namespace: text(DNS_LABEL), podLabels: labels },
  ProtectedSettings: { namespaces: listOf(text(DNS_LABEL)), podLabels: labels },
  QuarantineSettings: { forensicsNamespace: orEmpty(text(DNS_LABEL)), denyTiers: { uniqueItems: true } },
  PodGuardSettings: { exceptNamespaces: listOf(text(DNS_LABEL)) },
  PodMonitorsSettings: { labels },
  ScrapersSettings: { namespace: orEmpty(text(DNS_LABEL)), podLabels: labels },
  AlertingRulesSettings: { labels },
  DashboardsSettings: { labels, annotations },
  CertManagerSettings: { namespace: text(DNS_LABEL) },
  ExemptSettings: {
    label: key(LABEL_KEY),
    values: { minItems: 1, ...listOf(text(LABEL_VALUE)) },
  },
  Resources: { requests: quantities, limits: quantities },
  LokiServerSettings: { size: text(QUANTITY), storageClass: orEmpty(subdomain) },
  LokiClientsSettings: { namespace: orEmpty(text(DNS_LABEL)), podLabels: labels },
  SidekickUiStoreSettings: { size: text(QUANTITY), storageClass: orEmpty(subdomain) },
  EgressSettings: {
    declared: keys(DECLARED_NAME, {
      anyOf: ['networks', 'ports'].map((name) => ({
        required: [name],
        properties: { [name]: { minItems: 1 } },
      })),
    }),
  },
  DeclaredSettings: {
    networks: listOf(text(CIDR)),
    ports: listOf({ type: 'number', multipleOf: 1, minimum: 1, maximum: 65535 }),
  },
  NetworkPoliciesSettings: {
    apiServerCidrs: listOf(text(CIDR)),
    outputCidrs: listOf(text(CIDR)),
    registryCidrs: listOf(text(CIDR)),
    apiServerPorts: listOf({ type: 'integer', minimum: 1, maximum: 65535 }),
  },
  ImagesSettings: { registry: orEmpty(text(REGISTRY)), pullSecrets: listOf(subdomain) },
  ImageSettings: {
    registry: text(REGISTRY),
    repository: text(REPOSITORY_PATH),
    tag: orEmpty(text(TAG)),
  },
  NamedSecretSettings: { name: subdomain },
  ExistingTlsSecretsSettings: Object.fromEntries(
    ['falco', 'sidekick', 'responder', 'metacollector', 'collector'].map((name) => [name, subdomain]),
  ),
  SecretKeyReference: { secret: subdomain, key: text(SECRETS_KEY) },
  SidekickSettings: { secretEnv: variables },
  FalcoSettings: { version: { enum: FALCO_VERSIONS } },
};

/** An image whose tag does not follow the version of Falco must have one. */
const TAGGED: JsonSchema = { properties: { tag: { minLength: 1 } } };

/** A property of a definition, as narrow as the checks of the settings are. */
export function narrower(
  definition: string,
  siblings: Properties,
  name: string,
  property: JsonSchema,
): JsonSchema {
  const all = [
    STRICTER[definition]?.[name],
    'sidecars' in siblings ? POD[name] : undefined,
    definition === 'ImagesSettings' && property['$ref'] === '#/definitions/ImageSettings'
      ? tagged(name)
      : undefined,
  ].filter((schema) => schema !== undefined);
  if (all.length === 0) return property;
  const { $ref, ...rest } = property;
  // Beside a $ref nothing else counts in this version of JSON Schema.
  const reference = $ref === undefined ? [] : [{ $ref }];
  const [only] = all;
  const disjoint =
    only !== undefined && Object.keys(only).every((word) => word === 'type' || !(word in rest));
  return reference.length === 0 && all.length === 1 && disjoint
    ? { ...property, ...only }
    : { ...rest, allOf: [...reference, ...all] };
}

function tagged(image: string): JsonSchema | undefined {
  return (FOLLOW_FALCO as ReadonlySet<string>).has(image) ? undefined : TAGGED;
}
