import type { Fields, Log } from '../../lib/program/log';
import { runSecretsJob, type SecretStore } from '../../lib/secrets-job/job';
import type { SecretValues } from '../../lib/secrets-job/plan';
import { secretsRights } from '../../lib/secrets-job/rights';
import { secretId, type SecretsSpec } from '../../lib/secrets-job/spec';

const spec: SecretsSpec = {
  secrets: [
    { namespace: 'a', name: 'source', keys: [{ key: 'token', kind: 'token' }] },
    {
      namespace: 'a',
      name: 'copy',
      keys: [{ key: 't', sameAs: { namespace: 'a', name: 'source', key: 'token' } }],
    },
  ],
};

/** A cluster in memory; `before` runs ahead of each creation, as somebody else would. */
class FakeStore implements SecretStore {
  readonly secrets = new Map<string, SecretValues>();

  constructor(private readonly before: (store: FakeStore) => void = () => undefined) {}

  read(namespace: string, name: string) {
    return Promise.resolve(this.secrets.get(`${namespace}/${name}`));
  }

  create(secret: Parameters<SecretStore['create']>[0]) {
    this.before(this);
    const id = secretId(secret.secret);
    if (this.secrets.has(id)) return Promise.resolve('exists' as const);
    this.secrets.set(id, secret.values);
    return Promise.resolve('created' as const);
  }
}

let lines: { message: string; fields: Fields }[] = [];
const log: Log = (_level, message, fields = {}) => lines.push({ message, fields });
beforeEach(() => {
  lines = [];
});

test('the first run creates, the second keeps', async () => {
  const store = new FakeStore();
  expect(await runSecretsJob(spec, store, log)).toBe(0);
  const made = new Map(store.secrets);
  expect(made.get('a/copy')?.['t']).toBe(made.get('a/source')?.['token']);
  expect(await runSecretsJob(spec, store, log)).toBe(0);
  expect(store.secrets).toEqual(made);
  expect(lines.map(({ message, fields }) => [message, fields['secret']])).toEqual([
    ['Secret created', 'a/source'],
    ['Secret created', 'a/copy'],
    ['Secret kept as it is', 'a/source'],
    ['Secret kept as it is', 'a/copy'],
  ]);
});

test('no value is ever logged', async () => {
  const store = new FakeStore();
  await runSecretsJob(spec, store, log);
  for (const values of store.secrets.values()) {
    for (const value of Object.values(values)) expect(JSON.stringify(lines)).not.toContain(value);
  }
});

test('who loses a race takes what the other has made', async () => {
  const store = new FakeStore(({ secrets }) => {
    if (!secrets.has('a/source')) secrets.set('a/source', { token: 'theirs' });
  });
  expect(await runSecretsJob(spec, store, log)).toBe(0);
  expect(Object.fromEntries(store.secrets)).toEqual({
    'a/source': { token: 'theirs' },
    'a/copy': { t: 'theirs' },
  });
});

test('an endless race ends', async () => {
  const store: SecretStore = {
    read: () => Promise.resolve(undefined),
    create: () => Promise.resolve('exists'),
  };
  await expect(runSecretsJob(spec, store, log)).rejects.toMatchObject({ code: 'SECRETS_RACE' });
});

test('a finding is logged with its code and makes the exit code 1', async () => {
  const store = new FakeStore();
  store.secrets.set('a/source', { other: 'x' });
  expect(await runSecretsJob(spec, store, log)).toBe(1);
  expect(lines.at(-1)?.fields).toEqual({ code: 'SECRET_LACKS_KEY', secret: 'a/source', key: 'token' });
  expect(store.secrets.size).toBe(1);
});

test('its rights: create, and get by name', () => {
  const rights = secretsRights(['copy', 'source']).map(({ verbs, resourceNames }) => ({
    verbs,
    resourceNames,
  }));
  expect(rights).toEqual([
    { verbs: ['create'], resourceNames: undefined },
    { verbs: ['get'], resourceNames: ['copy', 'source'] },
  ]);
});
