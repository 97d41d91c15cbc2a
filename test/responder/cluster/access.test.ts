import { KubeConfig } from '@kubernetes/client-node';
import { AccessSource } from '../../../lib/responder/cluster/access';
import { FakeClock } from '../fake-clock';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function kubeConfig({ server = 'https://a.example', ca = 'ca', user = {} as object }): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: 'test', server, caData: base64(ca) }],
    users: [{ name: 'test', ...user }],
    contexts: [{ name: 'test', cluster: 'test', user: 'test' }],
    currentContext: 'test',
  });
  return config;
}

const certificate = (name: string): object => ({ certData: base64(name), keyData: base64(`key of ${name}`) });

test.each([
  ['nothing', true, {}, {}],
  ['a token', true, { user: { token: 'one' } }, { user: { token: 'other' } }],
  ['the server', false, {}, { server: 'https://b.example' }],
  ['the authority', false, {}, { ca: 'another' }],
  ['a certificate', false, { user: certificate('one') }, { user: certificate('other') }],
])('where %s changes, connections that are open will do: %p', async (_what, same, one, other) => {
  const configs = [one, other].map(kubeConfig);
  const source = new AccessSource(() => configs.shift() ?? kubeConfig({}), new FakeClock());
  const before = await source.get();
  const after = await source.renew();
  expect(after).not.toBe(before);
  expect(after.connection === before.connection).toBe(same);
});
