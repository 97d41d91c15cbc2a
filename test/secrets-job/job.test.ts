import type { Fields, Log } from '../../lib/program/log';
import { runSecretsJob, type SecretStore } from '../../lib/secrets-job/job';
import type { SecretValues } from '../../lib/secrets-job/plan';
import { secretsRights } from '../../lib/secrets-job/rights';
import { secretId, type SecretsSpec } from '../../lib/secrets-job/spec';

const spec: SecretsSpec = {
  secrets: [
    { namespace: 'a', name: 'responder', keys: [{ key: 'token', kind: 'token' }] },
    { namespace: 'a', name: 'ui', keys: [{ key: 'user', kind: 'user-password' }] },
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
  expect([...made.keys()]).toEqual(['a/responder', 'a/ui']);
  expect(await runSecretsJob(spec, store, log)).toBe(0);
  expect(store.secrets).toEqual(made);
  expect(lines.map(({ message, fields }) => [message, fields['secret']])).toEqual([
    ['Secret created', 'a/responder'],
    ['Secret created', 'a/ui'],
    ['Secret kept as it is', 'a/responder'],
    ['Secret kept as it is', 'a/ui'],
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
    if (!secrets.has('a/responder')) secrets.set('a/responder', { token: 'theirs' });
  });
  expect(await runSecretsJob(spec, store, log)).toBe(0);
  expect(Object.fromEntries(store.secrets)).toEqual({
    'a/responder': { token: 'theirs' },
    'a/ui': { user: expect.stringMatching(/^admin:/) as string },
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
  store.secrets.set('a/responder', { other: 'x' });
  expect(await runSecretsJob(spec, store, log)).toBe(1);
  expect(lines.at(-1)?.fields).toEqual({ code: 'SECRET_LACKS_KEY', secret: 'a/responder', key: 'token' });
  // The other Secret is made all the same.
  expect([...store.secrets.keys()]).toEqual(['a/responder', 'a/ui']);
});

test('its rights: create, and get by name', () => {
  const rights = secretsRights(['responder', 'ui']).map(({ verbs, resourceNames }) => ({
    verbs,
    resourceNames,
  }));
  expect(rights).toEqual([
    { verbs: ['create'], resourceNames: undefined },
    { verbs: ['get'], resourceNames: ['responder', 'ui'] },
  ]);
});
