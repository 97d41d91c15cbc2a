import { randomValue, secureRandom, type RandomIndex } from './random-value';
import { secretId, type SecretsSpec, type WantedSecret } from './spec';

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
  readonly code: 'SECRET_LACKS_KEY';
  /** `namespace/name`. */
  readonly secret: string;
  readonly key: string;
  /** What is wrong, and the way out. */
  readonly message: string;
}

/** What there is to do. Nothing in it changes a Secret that exists. */
export interface SecretsPlan {
  /** To create. */
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
  return {
    create: spec.secrets
      .filter((secret) => !existing.has(secretId(secret)))
      .map((secret) => ({ secret, values: randomValues(secret, random) })),
    kept: spec.secrets.map(secretId).filter((id) => existing.has(id)),
    findings: spec.secrets.flatMap((secret) => findings(secret, existing.get(secretId(secret)))),
  };
}

function randomValues(secret: WantedSecret, random: RandomIndex): SecretValues {
  return Object.fromEntries(secret.keys.map((key) => [key.key, randomValue(key, random)]));
}

function findings(secret: WantedSecret, values: SecretValues | undefined): readonly Finding[] {
  if (values === undefined) return [];
  const id = secretId(secret);
  return secret.keys
    .filter(({ key }) => values[key] === undefined || values[key] === '')
    .map(({ key }) => ({
      code: 'SECRET_LACKS_KEY',
      secret: id,
      key,
      message:
        `Secret ${id} exists without the key ${key}, and is never overwritten: add the key yourself, ` +
        `or delete the Secret and let it be made again`,
    }));
}
