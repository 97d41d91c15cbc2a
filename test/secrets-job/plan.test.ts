import { planSecrets, type SecretValues } from '../../lib/secrets-job/plan';
import { randomValue } from '../../lib/secrets-job/random-value';
import type { SecretsSpec, WantedSecret } from '../../lib/secrets-job/spec';

const responder: WantedSecret = {
  namespace: 'a',
  name: 'responder',
  keys: [{ key: 'token', kind: 'token' }],
};
const store: WantedSecret = { namespace: 'b', name: 'store', keys: [{ key: 'password', kind: 'password' }] };
const spec: SecretsSpec = { secrets: [responder, store] };
const first = (): number => 0;
const plan = (existing: Readonly<Record<string, SecretValues>>) =>
  planSecrets(spec, new Map(Object.entries(existing)), first);
const made = { secret: store, values: { password: 'A'.repeat(24) } };

test('what is absent is created', () => {
  expect(plan({})).toEqual({
    create: [{ secret: responder, values: { token: 'A'.repeat(43) } }, made],
    kept: [],
    findings: [],
  });
});

test('what exists is kept', () => {
  expect(plan({ 'a/responder': { token: 'mine' } })).toEqual({
    create: [made],
    kept: ['a/responder'],
    findings: [],
  });
});

test('a second run has nothing to do', () => {
  expect(plan({ 'a/responder': { token: 'x' }, 'b/store': { password: 'x' } })).toEqual({
    create: [],
    kept: ['a/responder', 'b/store'],
    findings: [],
  });
});

test('a key that is missing is a finding with a way out, without a value in it', () => {
  const { create, findings } = plan({ 'a/responder': { other: 'hidden' } });
  expect(create).toEqual([made]);
  expect(JSON.stringify(findings)).not.toContain('hidden');
  expect(findings).toEqual([
    {
      code: 'SECRET_LACKS_KEY',
      secret: 'a/responder',
      key: 'token',
      message: expect.stringMatching(
        /a\/responder exists without the key token.*add the key yourself, or delete/,
      ) as string,
    },
  ]);
});

test('an empty value is a missing one', () => {
  expect(plan({ 'a/responder': { token: '' } }).findings).toHaveLength(1);
});

test.each([
  [{ key: 'k', kind: 'token' }, /^[-_A-Za-z0-9]{43}$/],
  [{ key: 'k', kind: 'password' }, /^[A-Za-z0-9]{24}$/],
  [{ key: 'k', kind: 'user-password' }, /^admin:[A-Za-z0-9]{24}$/],
  [{ key: 'k', kind: 'user-password', user: 'ops' }, /^ops:[A-Za-z0-9]{24}$/],
] as const)('a value of %j is random and safe where it is used', (key, pattern) => {
  const values = Array.from({ length: 200 }, () => randomValue(key));
  for (const value of values) expect(value).toMatch(pattern);
  expect(new Set(values).size).toBe(values.length);
});
