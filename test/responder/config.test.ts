import { parseConfig } from '../../lib/responder/config';

const minimal = {
  cluster: 'prod-eu-1',
  authentication: { tokenFile: '/etc/falco-egress/token/token' },
  protected: { namespaces: ['kube-system'], podLabels: {} },
  limits: { perNamespace: 5, perCluster: 20, perMinute: 10, ownerPercent: 50 },
};
const response = { match: 'rule = "Connection to vistatech.it"', action: 'quarantine' };

test('defaults: ports, observe, release', () => {
  const config = parseConfig({ ...minimal, responses: [response] });
  expect(config).toMatchObject({ port: 8080, metricsPort: 9090 });
  expect(config.responses).toEqual([
    { ...response, name: 'responses[0]', mode: 'observe', onExpiry: 'release' },
  ]);
  expect(parseConfig(minimal).responses).toEqual([]);
});

test('a configuration with every field comes back as it is', () => {
  const full = {
    ...minimal,
    authentication: {
      ...minimal.authentication,
      collector: {
        namespace: 'falco',
        serviceAccount: 'falco-egress-collector',
        audience: 'falco-egress-responder',
      },
    },
    tls: { certificateFile: '/tls/tls.crt', keyFile: '/tls/tls.key', clientCaFile: '/tls/ca.crt' },
    port: 8443,
    metricsPort: 9091,
    responses: [
      { ...response, name: 'vista', mode: 'enforce', ttl: '4h', onExpiry: 'hold', cooldown: '10m' },
    ],
  };
  expect(parseConfig(full)).toEqual(full);
});

test.each<[string, object, RegExp]>([
  ['an unknown field', { responces: [] }, /^responces: unknown field \(did you mean "responses"\?\)$/],
  ['no cluster', { cluster: '' }, /^cluster: expected a text that is not empty, found ""$/],
  [
    'a wrong mode',
    { responses: [{ ...response, mode: 'enforced' }] },
    /^responses\[0\]\.mode: .*did you mean "enforce"/,
  ],
  [
    'a wrong action',
    { responses: [response, { ...response, action: 'kill' }] },
    /^responses\[1\]\.action: expected one of quarantine, label, evict, notify, found "kill"/,
  ],
  [
    'a ttl without a unit',
    { responses: [{ ...response, ttl: '4' }] },
    /^responses\[0\]\.ttl: expected a number and one of s, m, h, d/,
  ],
  [
    'a response without a match',
    { responses: [{ action: 'notify' }] },
    /^responses\[0\]\.match: expected a text/,
  ],
  [
    'a share above 100',
    { limits: { ...minimal.limits, ownerPercent: 101 } },
    /^limits\.ownerPercent: expected a whole number from 1 to 100/,
  ],
  ['no limits', { limits: undefined }, /^limits: expected an object, found nothing/],
  ['half a certificate', { tls: { certificateFile: 'x' } }, /^tls\.keyFile: expected/],
  [
    'half a collector',
    { authentication: { collector: { namespace: 'falco', serviceAccount: 'c' } } },
    /^authentication\.collector\.audience/,
  ],
  ['one port for both', { port: 9090 }, /^metricsPort: is 9090, the port of the API$/],
])('%s is refused by name', (_, over, message) => {
  expect(() => parseConfig({ ...minimal, ...over })).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(message) as string,
    }) as Error,
  );
});
