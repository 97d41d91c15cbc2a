import { randomValue, secureRandom, type RandomIndex } from './random-value';
import { isSameKey, secretId, type KeyReference, type SecretsSpec, type WantedSecret } from './spec';

/** What a Secret holds, by key. */
export type SecretValues = Readonly<Record<string, string>>;

/** What the cluster has, by `namespace/name`; an absent Secret is not in it. */
export type ExistingSecrets = ReadonlyMap<string, SecretValues>;

/** A Secret to create. */
export interface NewSecret {
  readonly secret: WantedSecret;
  readonly values: SecretValues;
}

/** What a person must look at: a Secret that is there and stays as it is, though it is not what is wanted. */
interface Finding {
  readonly code: 'SECRET_LACKS_KEY' | 'SECRETS_DIFFER';
  /** `namespace/name`. */
  readonly secret: string;
  readonly key: string;
  /** What is wrong, and the way out. */
  readonly message: string;
}

/** What there is to do. Nothing in it changes a Secret that exists. */
export interface SecretsPlan {
  /** To create, in this order: a Secret stands before those that share its values. */
  readonly create: readonly NewSecret[];
  /** There already, by `namespace/name`. */
  readonly kept: readonly string[];
  readonly findings: readonly Finding[];
}

/** What is missing, with a value for each key. */
export function planSecrets(
  spec: SecretsSpec,
  existing: ExistingSecrets,
  random: RandomIndex = secureRandom,
): SecretsPlan {
  const absent = spec.secrets.filter((secret) => !existing.has(secretId(secret)));
  const made = new Map(absent.map((secret) => [secretId(secret), randomValues(secret, random)]));
  const original = ({ namespace, name, key }: KeyReference): string | undefined => {
    const id = secretId({ namespace, name });
    return (existing.get(id) ?? made.get(id))?.[key];
  };
  const complete = absent.map((secret) => ({
    secret,
    values: withCopies(secret, made.get(secretId(secret)), original),
  }));
  return {
    // A copy of a value that an existing Secret lacks cannot be made: the finding about that Secret says so.
    create: complete
      .filter(({ secret, values }) => secret.keys.every(({ key }) => key in values))
      .sort((a, b) => Number(sharesValues(a.secret)) - Number(sharesValues(b.secret))),
    kept: spec.secrets.map(secretId).filter((id) => existing.has(id)),
    findings: spec.secrets.flatMap((secret) => findings(secret, existing.get(secretId(secret)), original)),
  };
}

function randomValues(secret: WantedSecret, random: RandomIndex): SecretValues {
  return Object.fromEntries(
    secret.keys.flatMap((key) => (isSameKey(key) ? [] : [[key.key, randomValue(key, random)] as const])),
  );
}

function withCopies(
  secret: WantedSecret,
  own: SecretValues = {},
  original: (reference: KeyReference) => string | undefined,
): SecretValues {
  const copies = secret.keys.flatMap((key) => {
    const value = isSameKey(key) ? original(key.sameAs) : undefined;
    return value === undefined ? [] : [[key.key, value] as const];
  });
  return { ...own, ...Object.fromEntries(copies) };
}

function sharesValues(secret: WantedSecret): boolean {
  return secret.keys.some(isSameKey);
}

function findings(
  secret: WantedSecret,
  values: SecretValues | undefined,
  original: (reference: KeyReference) => string | undefined,
): readonly Finding[] {
  if (values === undefined) return [];
  const id = secretId(secret);
  return secret.keys.flatMap((wanted): readonly Finding[] => {
    const { key } = wanted;
    const value = values[key];
    if (value === undefined || value === '') {
      const message =
        `Secret ${id} exists without the key ${key}, and is never overwritten: add the key yourself, ` +
        `or delete the Secret and let it be made again`;
      return [{ code: 'SECRET_LACKS_KEY', secret: id, key, message }];
    }
    if (!isSameKey(wanted)) return [];
    const other = original(wanted.sameAs);
    if (other === undefined || other === value) return [];
    const message =
      `Secret ${id} has another value under ${key} than Secret ${secretId(wanted.sameAs)} under ${wanted.sameAs.key}, ` +
      `and neither is ever overwritten: delete the one that is out of date`;
    return [{ code: 'SECRETS_DIFFER', secret: id, key, message }];
  });
}
