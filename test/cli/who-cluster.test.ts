import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { addressesNow } from '../../lib/cli/who/cluster';
import { Project } from './project';

const project = new Project();
afterAll(() => {
  project.remove();
});

const slice = (name: string, service: string, ...addresses: string[]) => ({
  metadata: {
    ...{ namespace: 'shop', name, resourceVersion: '7' },
    labels: { 'kubernetes.io/service-name': service },
  },
  endpoints: addresses.map((address) => ({ addresses: [address] })),
});
const SLICES = [slice('a', 'db', '203.0.113.8', '203.0.113.7'), slice('b', 'db', 'db.example.org')];
const spec = (clusterIP: string, more: object = {}) => ({ spec: { clusterIPs: [clusterIP], ...more } });
const SERVICES: Readonly<Record<string, object>> = {
  db: spec('10.96.0.9'),
  headless: spec('None', { selector: { app: 'cart' } }),
  cart: spec('10.96.0.7', { selector: { app: 'cart' } }),
  pay: { spec: { type: 'ExternalName', externalName: 'pay.example.org' } },
};

/** What somebody is told who may read Services, and perhaps EndpointSlices. */
async function ask(name: string, mayReadSlices = true): Promise<readonly string[]> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
    const asked = pathname.split('/').at(-1) ?? '';
    const of = searchParams.get('labelSelector')?.replace('kubernetes.io/service-name=', '');
    const items = of === 'db' ? SLICES : of === 'headless' ? [slice('c', of, '10.0.0.5')] : [];
    const found = asked === 'endpointslices' ? mayReadSlices && { items, metadata: {} } : SERVICES[asked];
    const body = found && { metadata: { namespace: 'shop', name: asked, resourceVersion: '7' }, ...found };
    response.writeHead(body ? 200 : 403, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body || { message: 'not you' }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const config = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'c' },
    clusters: [
      { name: 'c', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } },
    ],
    users: [{ name: 'c', user: { token: 't' } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
  };
  project.write('config', JSON.stringify(config));
  try {
    return await addressesNow(
      { kind: 'service', namespace: 'shop', name },
      { kubeconfig: join(project.folder, 'config') },
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test.each([
  ['a Service without a selector', 'db', ['10.96.0.9', '203.0.113.7', '203.0.113.8', 'db.example.org']],
  ['a headless Service', 'headless', ['10.0.0.5']],
  ['a Service of Pods', 'cart', ['10.96.0.7']],
  ['a Service that is another name', 'pay', ['pay.example.org']],
])('where %s leads today', async (_, name, expected) => {
  expect(await ask(name)).toEqual(expected);
});

test('who may not read EndpointSlices is told its own address, and who may not read Services nothing', async () => {
  expect(await ask('db', false)).toEqual(['10.96.0.9']);
  await expect(ask('other')).rejects.toThrow('the API server answered 403');
});
