import { planSecrets, type SecretValues } from '../../lib/secrets-job/plan';
import { randomValue } from '../../lib/secrets-job/random-value';
import type { SecretsSpec, WantedSecret } from '../../lib/secrets-job/spec';

const source: WantedSecret = { namespace: 'a', name: 'source', keys: [{ key: 'token', kind: 'token' }] };
const copy: WantedSecret = {
  namespace: 'b',
  name: 'copy',
  keys: [{ key: 'bearer', sameAs: { namespace: 'a', name: 'source', key: 'token' } }],
};
const spec: SecretsSpec = { secrets: [copy, source] };
const first = (): number => 0;
const plan = (existing: Readonly<Record<string, SecretValues>>) =>
  planSecrets(spec, new Map(Object.entries(existing)), first);
const TOKEN = 'A'.repeat(43);

test('what is absent is created, a value before its copies', () => {
  expect(plan({})).toEqual({
    create: [
      { secret: source, values: { token: TOKEN } },
      { secret: copy, values: { bearer: TOKEN } },
    ],
    kept: [],
    findings: [],
  });
});

test('what exists is kept, and copied from', () => {
  expect(plan({ 'a/source': { token: 'mine' } })).toEqual({
    create: [{ secret: copy, values: { bearer: 'mine' } }],
    kept: ['a/source'],
    findings: [],
  });
});

test('a second run has nothing to do', () => {
  expect(plan({ 'a/source': { token: 'x' }, 'b/copy': { bearer: 'x' } })).toEqual({
    create: [],
    kept: ['b/copy', 'a/source'],
    findings: [],
  });
});

test('a key that is missing is a finding with a way out, and no copy of it is made', () => {
  const { create, findings } = plan({ 'a/source': { other: 'x' } });
  expect(create).toEqual([]);
  expect(findings).toEqual([
    {
      code: 'SECRET_LACKS_KEY',
      secret: 'a/source',
      key: 'token',
      message: expect.stringMatching(
        /a\/source exists without the key token.*add the key yourself, or delete/,
      ) as string,
    },
  ]);
});

test('an empty value is a missing one', () => {
  expect(plan({ 'a/source': { token: '' } }).findings).toHaveLength(1);
});

test('copies that differ are a finding, without a value in it', () => {
  const { create, findings } = plan({ 'a/source': { token: 'hidden-1' }, 'b/copy': { bearer: 'hidden-2' } });
  expect(create).toEqual([]);
  expect(findings).toMatchObject([{ code: 'SECRETS_DIFFER', secret: 'b/copy', key: 'bearer' }]);
  expect(JSON.stringify(findings)).not.toContain('hidden');
});

test('a copy that exists without its source is a finding, and the source is made', () => {
  const { create, findings } = plan({ 'b/copy': { bearer: 'x' } });
  expect(create).toHaveLength(1);
  expect(findings).toMatchObject([{ code: 'SECRETS_DIFFER' }]);
});

test.each([
  [{ key: 'k', kind: 'token' }, /^[-_A-Za-z0-9]{43}$/],
  [{ key: 'k', kind: 'password' }, /^[A-Za-z0-9]{24}$/],
  [{ key: 'k', kind: 'password', length: 64, prefix: 'x.' }, /^x\.[A-Za-z0-9]{64}$/],
  [{ key: 'k', kind: 'user-password' }, /^admin:[A-Za-z0-9]{24}$/],
  [{ key: 'k', kind: 'user-password', user: 'ops' }, /^ops:[A-Za-z0-9]{24}$/],
] as const)('a value of %j is random and safe where it is used', (key, pattern) => {
  const values = Array.from({ length: 200 }, () => randomValue(key));
  for (const value of values) expect(value).toMatch(pattern);
  expect(new Set(values).size).toBe(values.length);
});
