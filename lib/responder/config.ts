import { FieldReader } from '../program/fields';
import type { LimitsSettings, ProtectedSettings, ResponseSettings } from '../settings/responder';

/** What the responder is told: the file that the construct mounts from a ConfigMap. It holds no secret. */
export interface ResponderConfig {
  /** Name of the cluster. */
  readonly cluster: string;
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

/** A response after defaults. */
type Response = ResponseSettings & Required<Pick<ResponseSettings, 'name' | 'mode' | 'onExpiry'>>;

/** The configuration after defaults. */
export interface CheckedConfig extends ResponderConfig {
  readonly port: number;
  readonly metricsPort: number;
  readonly responses: readonly Response[];
}

/** Port of the API where the configuration names none. */
const DEFAULT_PORT = 8080;
/** Port of health and metrics where the configuration names none. */
const DEFAULT_METRICS_PORT = 9090;

const DURATION = /^[1-9][0-9]*[smhd]$/;
const DURATION_MEANING = 'a number and one of s, m, h, d, such as "4h"';

/** Reads the configuration; an error names the field, what was expected, and the nearest right name. */
export function parseConfig(value: unknown): CheckedConfig {
  const known = [
    'cluster',
    'authentication',
    'tls',
    'port',
    'metricsPort',
    'responses',
    'protected',
    'limits',
  ] as const;
  const fields = new FieldReader(value, '', known);
  const port = fields.has('port') ? fields.integer('port', 1, 65535) : DEFAULT_PORT;
  const metricsPort = fields.has('metricsPort')
    ? fields.integer('metricsPort', 1, 65535)
    : DEFAULT_METRICS_PORT;
  if (port === metricsPort) throw fields.wrong('metricsPort', `is ${port}, the port of the API`);
  return {
    cluster: fields.text('cluster'),
    authentication: parseAuthentication(fields),
    ...(fields.has('tls') && { tls: parseTls(fields) }),
    port,
    metricsPort,
    responses: fields.has('responses') ? fields.list('responses', parseResponse) : [],
    protected: parseProtected(fields),
    limits: parseLimits(fields),
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

function parseResponse(value: unknown, path: string): Response {
  const known = ['name', 'match', 'action', 'mode', 'ttl', 'onExpiry', 'cooldown'] as const;
  const fields = new FieldReader(value, path, known);
  return {
    name: fields.has('name') ? fields.text('name') : path,
    match: fields.text('match'),
    action: fields.oneOf('action', ['quarantine', 'label', 'evict', 'notify'] as const),
    mode: fields.has('mode') ? fields.oneOf('mode', ['observe', 'approve', 'enforce'] as const) : 'observe',
    ...(fields.has('ttl') && { ttl: fields.text('ttl', DURATION, DURATION_MEANING) }),
    onExpiry: fields.has('onExpiry')
      ? fields.oneOf('onExpiry', ['release', 'hold', 'delete'] as const)
      : 'release',
    ...(fields.has('cooldown') && { cooldown: fields.text('cooldown', DURATION, DURATION_MEANING) }),
  };
}

function parseProtected(fields: FieldReader): Required<ProtectedSettings> {
  const own = fields.object('protected', ['namespaces', 'podLabels']);
  return { namespaces: own.texts('namespaces'), podLabels: own.map('podLabels') };
}

function parseLimits(fields: FieldReader): Required<LimitsSettings> {
  const own = fields.object('limits', ['perNamespace', 'perCluster', 'perMinute', 'ownerPercent']);
  const most = Number.MAX_SAFE_INTEGER;
  return {
    perNamespace: own.integer('perNamespace', 1, most),
    perCluster: own.integer('perCluster', 1, most),
    perMinute: own.integer('perMinute', 1, most),
    ownerPercent: own.integer('ownerPercent', 1, 100),
  };
}
