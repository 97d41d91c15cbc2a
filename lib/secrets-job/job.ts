import { Failure } from '../program/failure';
import type { Log } from '../program/log';
import {
  planSecrets,
  type ExistingSecrets,
  type NewSecret,
  type SecretsPlan,
  type SecretValues,
} from './plan';
import { secretId, type SecretsSpec } from './spec';

/** What the Job needs of a cluster. */
export interface SecretStore {
  /** What a Secret holds; `undefined` if it is absent. */
  read(namespace: string, name: string): Promise<SecretValues | undefined>;
  /** Creates a Secret; `exists` if somebody else was faster. Nothing is ever changed. */
  create(secret: NewSecret): Promise<'created' | 'exists'>;
}

/** Two Jobs at once settle after one round: the second sees what the first has made. */
const ROUNDS = 5;

/** A Secret is there when it is created and absent when it is read, again and again. */
class SecretsRaceError extends Failure {
  override readonly name = 'SecretsRaceError';
  readonly code = 'SECRETS_RACE';
}

/**
 * Creates each Secret that is absent and leaves every other as it is. Returns the exit code: 0 all is there, 1 an
 * existing Secret is not what is wanted.
 */
export async function runSecretsJob(spec: SecretsSpec, store: SecretStore, log: Log): Promise<0 | 1> {
  const created = new Set<string>();
  for (let round = 1; round <= ROUNDS; round++) {
    const plan = planSecrets(spec, await readAll(spec, store));
    const lost = await createAll(plan, store, (id) => {
      created.add(id);
      log('info', 'Secret created', { secret: id });
    });
    if (lost === undefined) return report(plan, created, log);
    log('info', 'Secret was made by somebody else at the same time, looking again', { secret: lost });
  }
  throw new SecretsRaceError(
    `somebody else creates and deletes these Secrets; given up after ${ROUNDS} rounds`,
  );
}

async function readAll(spec: SecretsSpec, store: SecretStore): Promise<ExistingSecrets> {
  const existing = new Map<string, SecretValues>();
  for (const secret of spec.secrets) {
    const values = await store.read(secret.namespace, secret.name);
    if (values !== undefined) existing.set(secretId(secret), values);
  }
  return existing;
}

/** Creates what the plan says; stops at the first that is there by now: what it holds has to be looked at. */
async function createAll(
  plan: SecretsPlan,
  store: SecretStore,
  onCreated: (id: string) => void,
): Promise<string | undefined> {
  for (const secret of plan.create) {
    const id = secretId(secret.secret);
    if ((await store.create(secret)) === 'exists') return id;
    onCreated(id);
  }
  return undefined;
}

function report(plan: SecretsPlan, created: ReadonlySet<string>, log: Log): 0 | 1 {
  for (const secret of plan.kept.filter((id) => !created.has(id)))
    log('info', 'Secret kept as it is', { secret });
  for (const { code, secret, key, message } of plan.findings) log('warning', message, { code, secret, key });
  return plan.findings.length > 0 ? 1 : 0;
}
