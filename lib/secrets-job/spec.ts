import { ConfigError } from '../program/failure';
import { FieldReader } from '../program/fields';

/** What the Job is told: the file that the construct mounts from a ConfigMap. */
export interface SecretsSpec {
  /** The Secrets that must be there. */
  readonly secrets: readonly WantedSecret[];
}

/** A Secret that is made where it is absent. */
export interface WantedSecret {
  readonly namespace: string;
  readonly name: string;
  /** @default "Opaque" */
  readonly type?: string;
  /** More labels. None by which Argo CD or Helm would take the Secret for its own. @default {} */
  readonly labels?: Readonly<Record<string, string>>;
  /** What it holds. */
  readonly keys: readonly WantedKey[];
}

/** One key of a Secret: random, or the same as a key of another Secret of this spec. */
export type WantedKey = RandomKey | SameKey;

/** A key with a value of its own. */
export interface RandomKey {
  readonly key: string;
  /**
   * `token`: letters, digits, `-` and `_`, fit for a header. `password`: letters and digits, fit for a URL and anything
   * split on `:`. `user-password`: `user:password`, as falcosidekick-ui wants it.
   */
  readonly kind: 'token' | 'password' | 'user-password';
  /** Random letters. @default 43 for a token (256 bits), 24 for a password (142 bits) */
  readonly length?: number;
  /** What stands before them. @default "" */
  readonly prefix?: string;
  /** The user of a `user-password`. @default "admin" */
  readonly user?: string;
}

/** A key with the value of another. */
export interface SameKey {
  readonly key: string;
  readonly sameAs: KeyReference;
}

/** A key of a Secret of the spec. */
export interface KeyReference {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

const NAME = /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/;
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const KEY = /^[-._a-zA-Z0-9]{1,253}$/;
const USER = /^[^:\s]+$/;

/** Labels by which Argo CD (`app.kubernetes.io/instance`) or Helm would track a Secret, and prune it. */
const TRACKING = /^(app\.kubernetes\.io\/(instance|managed-by)|argocd\.argoproj\.io\/.*|helm\.sh\/.*)$/;

/** Short values are guessed. */
const LEAST_LENGTH = 16;
const MOST_LENGTH = 1024;

/** Reads the spec; an error names the field. */
export function parseSecretsSpec(value: unknown): SecretsSpec {
  const secrets = new FieldReader(value, '', ['secrets']).list('secrets', parseSecret);
  checkUnique(secrets);
  checkReferences(secrets);
  return { secrets };
}

/** Whether a key takes its value from another. */
export function isSameKey(key: WantedKey): key is SameKey {
  return 'sameAs' in key;
}

/** `namespace/name` of a Secret. */
export function secretId(secret: { readonly namespace: string; readonly name: string }): string {
  return `${secret.namespace}/${secret.name}`;
}

function parseSecret(value: unknown, path: string): WantedSecret {
  const fields = new FieldReader(value, path, ['namespace', 'name', 'type', 'labels', 'keys']);
  const labels = fields.has('labels') ? fields.map('labels') : {};
  const tracking = Object.keys(labels).find((label) => TRACKING.test(label));
  if (tracking !== undefined) {
    throw fields.wrong(
      'labels',
      `${tracking} would make Argo CD or Helm take the Secret for its own, and delete it`,
    );
  }
  const keys = fields.list('keys', parseKey);
  if (keys.length === 0) throw fields.wrong('keys', 'expected at least one key');
  return {
    namespace: fields.text('namespace', NAMESPACE, 'a DNS-1123 label'),
    name: fields.text('name', NAME, 'a DNS-1123 subdomain'),
    type: fields.has('type') ? fields.text('type') : 'Opaque',
    labels,
    keys,
  };
}

function parseKey(value: unknown, path: string): WantedKey {
  const fields = new FieldReader(value, path, ['key', 'kind', 'length', 'prefix', 'user', 'sameAs']);
  const key = fields.text('key', KEY, 'letters, digits, "-", "_" and "."');
  if (fields.has('sameAs')) {
    const surplus = ['kind', 'length', 'prefix', 'user'].find((each) => fields.has(each));
    if (surplus !== undefined) throw fields.wrong(surplus, 'does not go with sameAs');
    const same = fields.object('sameAs', ['namespace', 'name', 'key']);
    return {
      key,
      sameAs: { namespace: same.text('namespace'), name: same.text('name'), key: same.text('key') },
    };
  }
  const kind = fields.oneOf('kind', ['token', 'password', 'user-password'] as const);
  if (fields.has('user') && kind !== 'user-password')
    throw fields.wrong('user', 'goes with the kind user-password only');
  return {
    key,
    kind,
    ...(fields.has('length') && { length: fields.integer('length', LEAST_LENGTH, MOST_LENGTH) }),
    ...(fields.has('prefix') && { prefix: fields.text('prefix') }),
    ...(fields.has('user') && { user: fields.text('user', USER, 'a name without ":" and spaces') }),
  };
}

function checkUnique(secrets: readonly WantedSecret[]): void {
  const ids = new Set<string>();
  for (const [index, secret] of secrets.entries()) {
    if (ids.has(secretId(secret)))
      throw new ConfigError(`secrets[${index}]`, `${secretId(secret)} stands twice`);
    ids.add(secretId(secret));
    const keys = secret.keys.map((each) => each.key);
    const twice = keys.find((key, at) => keys.indexOf(key) !== at);
    if (twice !== undefined) throw new ConfigError(`secrets[${index}].keys`, `${twice} stands twice`);
  }
}

function checkReferences(secrets: readonly WantedSecret[]): void {
  for (const [index, secret] of secrets.entries()) {
    for (const [at, key] of secret.keys.entries()) {
      if (!isSameKey(key)) continue;
      const { sameAs } = key;
      const source = secrets.find((each) => secretId(each) === secretId(sameAs));
      const original = source?.keys.find((each) => each.key === sameAs.key);
      if (original !== undefined && !isSameKey(original)) continue;
      const problem = original === undefined ? 'is not in this spec' : 'is itself the same as another';
      throw new ConfigError(
        `secrets[${index}].keys[${at}].sameAs`,
        `${secretId(sameAs)}, key ${sameAs.key}, ${problem}`,
      );
    }
  }
}
