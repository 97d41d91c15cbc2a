import { parseConfig } from '../../lib/responder/config';
import { responderDefaults } from '../../lib/settings/responder';
import { MINIMAL_CONFIG } from './minimal-config';

const minimal = {
  ...MINIMAL_CONFIG,
  authentication: { tokenFile: '/etc/falco-egress/token/token' },
};
const response = { match: 'rule = "Connection to vistatech.it"', action: 'quarantine' };

test('defaults: ports, observe, release, five minutes', () => {
  const config = parseConfig({ ...minimal, responses: [response] });
  expect(config).toMatchObject({ port: 8080, metricsPort: 9090 });
  expect(config.responses).toEqual([
    {
      ...response,
      name: 'responses[0]',
      mode: 'observe',
      onExpiry: 'release',
      cooldownSeconds: 300,
      ...{ strip: false, detach: false, snapshot: false },
    },
  ]);
  expect(parseConfig(minimal).responses).toEqual([]);
});

test('what senders may bring has the defaults of the settings where nothing is said of it', () => {
  const { intake: _, ...without } = minimal;
  expect(parseConfig(without).intake).toEqual(responderDefaults.intake);
  expect(parseConfig({ ...without, intake: { refusalsPerSecond: 1 } }).intake).toEqual({
    ...responderDefaults.intake,
    refusalsPerSecond: 1,
  });
});

test('a configuration with every field comes back as it is, with its times in seconds', () => {
  const { limits, ...rest } = {
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
    matching: 'all',
    quarantine: { ...minimal.quarantine, ingress: true, allowDns: true, forensicsNamespace: 'forensics' },
    keepAlerts: true,
    exempt: { label: 'network', values: ['green', 'blue'] },
    sidekickUrl: 'https://sidekick.security.svc:2801/',
  };
  const flags = { mode: 'enforce', onExpiry: 'delete', strip: true, detach: true, snapshot: true };
  const responses = [{ ...response, name: 'vista', ...flags, ttl: '4h', cooldown: '2d' }];
  expect(parseConfig({ ...rest, limits, responses })).toEqual({
    ...rest,
    limits: { perNamespace: 5, perCluster: 20, perMinute: 10, ownerPercent: 50, maxAgeSeconds: 3600 },
    responses: [{ ...response, name: 'vista', ...flags, ttlSeconds: 14_400, cooldownSeconds: 172_800 }],
  });
});

test.each<[string, object, RegExp]>([
  ['an unknown field', { responces: [] }, /^responces: unknown field \(did you mean "responses"\?\)$/],
  ['no cluster', { cluster: '' }, /^cluster: expected a text that is not empty, found ""$/],
  [
    'a value of exempt',
    { exempt: { label: 'network', values: 'green' } },
    /^exempt\.values: expected a list/,
  ],
  [
    'a wrong mode',
    { responses: [{ ...response, mode: 'enforced' }] },
    /^responses\[0\]\.mode: .*did you mean "enforce"/,
  ],
  [
    'a wrong action',
    { responses: [response, { ...response, action: 'kill' }] },
    /^responses\[1\]\.action: expected one of quarantine, label, evict, delete, notify, found "kill"/,
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
    'a match that is no condition',
    { responses: [{ ...response, match: 'rule = ' }] },
    /^responses\[0\]\.match: column \d+: /,
  ],
  [
    'a share above 100',
    { limits: { ...minimal.limits, ownerPercent: 101 } },
    /^limits\.ownerPercent: expected a whole number from 1 to 100/,
  ],
  ['no limits', { limits: undefined }, /^limits: expected an object, found nothing/],
  [
    'a limit of age that is none',
    { limits: { ...minimal.limits, maxAge: '0s' } },
    /^limits\.maxAge: expected/,
  ],
  [
    'a word in the place of a switch',
    { responses: [{ ...response, strip: 'yes' }] },
    /^responses\[0\]\.strip: expected true or false, found "yes"$/,
  ],
  [
    'a name that two have',
    { responses: [{ ...response, name: 'responses[1]' }, response] },
    /^responses: two have the name "responses\[1\]"/,
  ],
  [
    'an unknown tier',
    { quarantine: { ...minimal.quarantine, denyTiers: ['Calico', 'Cillium'] } },
    /^quarantine\.denyTiers\[1\]: .*did you mean "Cilium"/,
  ],
  ['an unknown way to match', { matching: 'last' }, /^matching: expected one of first, all, found "last"/],
  ['a URL that is none', { sidekickUrl: 'sidekick:2801' }, /^sidekickUrl: expected a URL of http or https/],
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
