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
  /** What it holds. */
  readonly keys: readonly WantedKey[];
}

/** A key of a Secret, with a random value of its own. */
export interface WantedKey {
  readonly key: string;
  /**
   * `token`: 43 letters, digits, `-` and `_` (256 bits), fit for a header. `password`: 24 letters and digits (142 bits), fit
   * for a URL and anything split on `:`. `user-password`: `user:password`, as falcosidekick-ui wants it.
   */
  readonly kind: 'token' | 'password' | 'user-password';
  /** The user of a `user-password`. @default "admin" */
  readonly user?: string;
}

const NAME = /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/;
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const KEY = /^[-._a-zA-Z0-9]{1,253}$/;
const USER = /^[^:\s]+$/;

/** Reads the spec; an error names the field. */
export function parseSecretsSpec(value: unknown): SecretsSpec {
  const secrets = new FieldReader(value, '', ['secrets']).list('secrets', parseSecret);
  checkUnique(secrets);
  return { secrets };
}

/** `namespace/name` of a Secret. */
export function secretId(secret: { readonly namespace: string; readonly name: string }): string {
  return `${secret.namespace}/${secret.name}`;
}

function parseSecret(value: unknown, path: string): WantedSecret {
  const fields = new FieldReader(value, path, ['namespace', 'name', 'keys']);
  const keys = fields.list('keys', parseKey);
  if (keys.length === 0) throw fields.wrong('keys', 'expected at least one key');
  return {
    namespace: fields.text('namespace', NAMESPACE, 'a DNS-1123 label'),
    name: fields.text('name', NAME, 'a DNS-1123 subdomain'),
    keys,
  };
}

function parseKey(value: unknown, path: string): WantedKey {
  const fields = new FieldReader(value, path, ['key', 'kind', 'user']);
  const key = fields.text('key', KEY, 'letters, digits, "-", "_" and "."');
  const kind = fields.oneOf('kind', ['token', 'password', 'user-password'] as const);
  if (!fields.has('user')) return { key, kind };
  if (kind !== 'user-password') throw fields.wrong('user', 'goes with the kind user-password only');
  return { key, kind, user: fields.text('user', USER, 'a name without ":" and spaces') };
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
