import { INTAKE_DEFAULTS } from '../intake-defaults';
import { FieldReader } from '../program/fields';
import type {
  DenyTierName,
  IntakeSettings,
  LimitsSettings,
  ProtectedSettings,
  QuarantineSettings,
  ResponderSettings,
  ResponseSettings,
} from '../settings/responder';
import { readDuration } from './duration';
import { readResponses, type CheckedResponse } from './responses/read-responses';

/** What the responder is told: the file that the construct mounts from a ConfigMap. It holds no secret. */
export interface ResponderConfig {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Name of the installation. */
  readonly name: string;
  /** Our own namespace. */
  readonly namespace: string;
  /** Who may post alerts. */
  readonly authentication: AuthenticationConfig;
  /** Certificates of the API port. @default plain HTTP */
  readonly tls?: TlsConfig;
  /** Port of the API. @default 8080 */
  readonly port?: number;
  /** Port of health and metrics, always plain HTTP. @default 9090 */
  readonly metricsPort?: number;
  /** What to do on which alerts. @default [] */
  readonly responses?: readonly ResponseSettings[];
  /** What is never touched. */
  readonly protected: Required<ProtectedSettings>;
  /** Where it stops and waits for a person. */
  readonly limits: Required<LimitsSettings>;
  /** How much it takes in. */
  readonly intake: Required<IntakeSettings>;
  /** Which responses answer an alert. */
  readonly matching: NonNullable<ResponderSettings['matching']>;
  /** How a quarantine cuts. */
  readonly quarantine: QuarantineConfig;
  /** Which label of a namespace keeps our rules away from it, with which values. @default none does */
  readonly exempt?: ExemptingLabel;
  /**
   * Where alerts of our own go: falcosidekick, to which the certificates of `tls` are shown.
   * @default there is none
   */
  readonly sidekickUrl?: string;
  /** How the inventory is told. @default it is not */
  readonly inventory?: InventoryConfig;
  /** Whether its own alerts stand in its log as well, for the collector to keep. @default false */
  readonly keepAlerts?: boolean;
}

/** How the inventory is told. */
interface InventoryConfig {
  /** How often all that is there is told of again: a number and one of s, m, h, d. */
  readonly every: string;
}

/** How a quarantine cuts; without a namespace for forensics where there is none. */
type QuarantineConfig = Required<Omit<QuarantineSettings, 'forensicsNamespace' | 'guard'>> &
  Pick<QuarantineSettings, 'forensicsNamespace'>;

/** The label that exempts a namespace, and the values with which it does. */
export interface ExemptingLabel {
  readonly label: string;
  readonly values: readonly string[];
}

/** Who may post alerts. Without a token and without a client CA nobody may, and the responder does not start. */
interface AuthenticationConfig {
  /**
   * File with the bearer token that falcosidekick shows at `POST /alerts`.
   * @default the environment variable RESPONDER_TOKEN; without it a client certificate alone decides
   */
  readonly tokenFile?: string;
  /** The collector, the only one that may `POST /v1/logs`. @default nobody may */
  readonly collector?: CollectorIdentity;
}

/** How the collector is known: by a projected token of its ServiceAccount, which the API server reviews. */
export interface CollectorIdentity {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Audience of the token, so that no other token of the ServiceAccount will do. */
  readonly audience: string;
}

/** Certificates, as PEM files. */
export interface TlsConfig {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Whoever posts must show a certificate of this authority. @default none is asked for */
  readonly clientCaFile?: string;
}

/** Limits, with their time in seconds. */
interface CheckedLimits extends Required<Omit<LimitsSettings, 'maxAge'>> {
  readonly maxAgeSeconds: number;
}

/** The configuration after defaults. */
export interface CheckedConfig extends Omit<ResponderConfig, 'responses' | 'limits' | 'inventory'> {
  readonly port: number;
  readonly metricsPort: number;
  readonly responses: readonly CheckedResponse[];
  readonly limits: CheckedLimits;
  readonly inventory?: { readonly everySeconds: number };
  readonly keepAlerts: boolean;
}

/** Port of the API where the configuration names none. */
const DEFAULT_PORT = 8080;
/** Port of health and metrics where the configuration names none. */
const DEFAULT_METRICS_PORT = 9090;

const DENY_TIERS: readonly DenyTierName[] = [
  'ClusterNetworkPolicy',
  'AdminNetworkPolicy',
  'Cilium',
  'Calico',
];

/** Reads the configuration; an error names the field, what was expected, and the nearest right name. */
export function parseConfig(value: unknown): CheckedConfig {
  const known = [
    'cluster',
    'name',
    'namespace',
    'authentication',
    'tls',
    'port',
    'metricsPort',
    'responses',
    'protected',
    'limits',
    'intake',
    'matching',
    'quarantine',
    'exempt',
    'sidekickUrl',
    'inventory',
    'keepAlerts',
  ] as const;
  const fields = new FieldReader(value, '', known);
  const port = fields.has('port') ? fields.integer('port', 1, 65535) : DEFAULT_PORT;
  const metricsPort = fields.has('metricsPort')
    ? fields.integer('metricsPort', 1, 65535)
    : DEFAULT_METRICS_PORT;
  if (port === metricsPort) throw fields.wrong('metricsPort', `is ${port}, the port of the API`);
  return {
    cluster: fields.text('cluster'),
    name: fields.text('name'),
    namespace: fields.text('namespace'),
    authentication: parseAuthentication(fields),
    ...(fields.has('tls') && { tls: parseTls(fields) }),
    port,
    metricsPort,
    responses: readResponses(fields),
    protected: parseProtected(fields),
    limits: parseLimits(fields),
    intake: parseIntake(fields),
    matching: fields.oneOf('matching', ['first', 'all'] as const),
    quarantine: parseQuarantine(fields),
    ...(fields.has('exempt') && { exempt: parseExempt(fields) }),
    ...(fields.has('sidekickUrl') && { sidekickUrl: fields.url('sidekickUrl') }),
    ...(fields.has('inventory') && { inventory: parseInventory(fields) }),
    keepAlerts: fields.has('keepAlerts') && fields.boolean('keepAlerts'),
  };
}

function parseAuthentication(fields: FieldReader): AuthenticationConfig {
  const own = fields.object('authentication', ['tokenFile', 'collector']);
  return {
    ...(own.has('tokenFile') && { tokenFile: own.text('tokenFile') }),
    ...(own.has('collector') && { collector: parseCollector(own) }),
  };
}

function parseCollector(fields: FieldReader): CollectorIdentity {
  const own = fields.object('collector', ['namespace', 'serviceAccount', 'audience']);
  return {
    namespace: own.text('namespace'),
    serviceAccount: own.text('serviceAccount'),
    audience: own.text('audience'),
  };
}

function parseTls(fields: FieldReader): TlsConfig {
  const own = fields.object('tls', ['certificateFile', 'keyFile', 'clientCaFile']);
  return {
    certificateFile: own.text('certificateFile'),
    keyFile: own.text('keyFile'),
    ...(own.has('clientCaFile') && { clientCaFile: own.text('clientCaFile') }),
  };
}

function parseInventory(fields: FieldReader): { readonly everySeconds: number } {
  return { everySeconds: readDuration(fields.object('inventory', ['every']), 'every') };
}

function parseQuarantine(fields: FieldReader): QuarantineConfig {
  const own = fields.object('quarantine', ['ingress', 'allowDns', 'forensicsNamespace', 'denyTiers']);
  return {
    ingress: own.boolean('ingress'),
    allowDns: own.boolean('allowDns'),
    ...(own.has('forensicsNamespace') && { forensicsNamespace: own.text('forensicsNamespace') }),
    denyTiers: own.words('denyTiers', DENY_TIERS),
  };
}

function parseExempt(fields: FieldReader): ExemptingLabel {
  const own = fields.object('exempt', ['label', 'values']);
  return { label: own.text('label'), values: own.texts('values') };
}

function parseProtected(fields: FieldReader): Required<ProtectedSettings> {
  const own = fields.object('protected', ['namespaces', 'podLabels']);
  return { namespaces: own.texts('namespaces'), podLabels: own.map('podLabels') };
}

function parseLimits(fields: FieldReader): CheckedLimits {
  const own = fields.object('limits', ['perNamespace', 'perCluster', 'perMinute', 'ownerPercent', 'maxAge']);
  const most = Number.MAX_SAFE_INTEGER;
  return {
    perNamespace: own.integer('perNamespace', 1, most),
    perCluster: own.integer('perCluster', 1, most),
    perMinute: own.integer('perMinute', 1, most),
    ownerPercent: own.integer('ownerPercent', 1, 100),
    maxAgeSeconds: readDuration(own, 'maxAge'),
  };
}

function parseIntake(fields: FieldReader): Required<IntakeSettings> {
  if (!fields.has('intake')) return INTAKE_DEFAULTS;
  const own = fields.object('intake', [
    'nodeAlertsPerSecond',
    'sidekickAlertsPerSecond',
    'tokenReviewsPerSecond',
    'refusalsPerSecond',
  ]);
  const most = (key: keyof IntakeSettings): number =>
    own.has(key) ? own.integer(key, 1, Number.MAX_SAFE_INTEGER) : INTAKE_DEFAULTS[key];
  return {
    nodeAlertsPerSecond: most('nodeAlertsPerSecond'),
    sidekickAlertsPerSecond: most('sidekickAlertsPerSecond'),
    tokenReviewsPerSecond: most('tokenReviewsPerSecond'),
    refusalsPerSecond: most('refusalsPerSecond'),
  };
}
