import { parseSecretsSpec } from '../../lib/secrets-job/spec';

const token = { key: 'token', kind: 'token' };
const secret = (over: object = {}) => ({
  namespace: 'falco',
  name: 'responder-token',
  keys: [token],
  ...over,
});
const spec = (...secrets: readonly object[]) => ({ secrets });

test('a spec with every field is understood', () => {
  const keys = [
    { key: 'user', kind: 'user-password', user: 'ops' },
    { key: 'p', kind: 'password' },
  ];
  const wanted = spec(secret(), { namespace: 'falco-egress', name: 'ui', keys });
  expect(parseSecretsSpec(wanted)).toEqual(wanted);
});

test.each<[string, unknown, RegExp]>([
  ['an unknown key', { secret: [] }, /^secret: unknown field \(did you mean "secrets"\?\)/],
  [
    'a name that is no DNS name',
    spec(secret({ name: 'A_b' })),
    /^secrets\[0\]\.name: expected a DNS-1123 subdomain, found "A_b"/,
  ],
  [
    'a namespace that is none',
    spec(secret({ namespace: 'a.b' })),
    /^secrets\[0\]\.namespace: expected a DNS-1123 label/,
  ],
  ['no key', spec(secret({ keys: [] })), /^secrets\[0\]\.keys: expected at least one key/],
  [
    'an unknown kind',
    spec(secret({ keys: [{ key: 'a', kind: 'pasword' }] })),
    /kind: expected one of .* \(did you mean "password"\?\)/,
  ],
  [
    'a user with a colon',
    spec(secret({ keys: [{ key: 'a', kind: 'user-password', user: 'a:b' }] })),
    /user: expected a name without ":"/,
  ],
  [
    'a user of a token',
    spec(secret({ keys: [{ ...token, user: 'a' }] })),
    /user: goes with the kind user-password only/,
  ],
  ['two Secrets of one name', spec(secret(), secret()), /^secrets\[1\]: falco\/responder-token stands twice/],
  ['one key twice', spec(secret({ keys: [token, token] })), /^secrets\[0\]\.keys: token stands twice/],
])('%s is refused by name', (_, value, message) => {
  expect(() => parseSecretsSpec(value)).toThrow(
    expect.objectContaining({ message: expect.stringMatching(message) as string }) as Error,
  );
});
