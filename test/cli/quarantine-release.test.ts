import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { quarantineRelease } from '../../lib/cli/quarantine/release';
import { standingPolicy } from '../../lib/containment';
import { QUARANTINE_LABEL, QUARANTINE_RECORD_ANNOTATION } from '../../lib/names';
import { Project } from './project';

const RECORD = { reason: 'x', by: 'ada', since: '2026-11-22T09:14:00Z', alerts: ['a'], labels: {} };

/** An API server with one Pod that is cut off, whose standing policy nobody may delete. */
async function cluster() {
  let isCut = true;
  const pod = () => ({
    metadata: {
      ...{ namespace: 'shop', name: 'cart-0', uid: 'u', resourceVersion: '7' },
      labels: isCut ? { [QUARANTINE_LABEL]: 'true' } : {},
      annotations: isCut ? { [QUARANTINE_RECORD_ANNOTATION]: JSON.stringify(RECORD) } : {},
    },
  });
  const policy = standingPolicy('shop');
  const answer = (method = '', path = ''): object | undefined => {
    if (path.endsWith('/selfsubjectreviews')) return { status: { userInfo: { username: 'ada' } } };
    if (method === 'PATCH') isCut = false;
    if (path.endsWith('/pods/cart-0')) return pod();
    if (path.endsWith('/pods')) return { metadata: { resourceVersion: '7' }, items: isCut ? [pod()] : [] };
    if (path.includes('/networkpolicies/') && method === 'GET')
      return { ...policy, metadata: { ...policy.metadata, uid: 'p', resourceVersion: '7' } };
    return path.endsWith('/events') ? {} : undefined;
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://fake');
    const body = answer(request.method, pathname);
    request.resume();
    response.writeHead(body === undefined ? 403 : 200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body ?? { message: 'not you' }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('a policy that can’t be deleted hides no release, and the next run tries again', async () => {
  const project = new Project();
  const { server, url } = await cluster();
  const file = join(project.folder, 'config');
  project.write(
    'config',
    JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'prod' },
      clusters: [{ name: 'prod', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'me', user: { token: 't' } }],
      contexts: [{ name: 'prod', context: { cluster: 'prod', user: 'me' } }],
    }),
  );
  const run = async (...args: string[]) => {
    const said = { out: '', error: '' };
    const code = await quarantineRelease(['--all', '-n', 'shop', '--kubeconfig', file, ...args], {
      out: (text) => void (said.out += text),
      error: (text) => void (said.error += text),
    });
    return { code, ...said };
  };
  try {
    const first = await run();
    expect(first).toMatchObject({ code: 2, out: 'shop/cart-0 is released\n' });
    expect(first.error).toMatch(/^NetworkPolicy shop\/falco-egress-quarantine stays.* tries again\n$/);
    const again = await run('--json');
    expect(again.code).toBe(2);
    expect(JSON.parse(again.out)).toMatchObject({
      released: [],
      failed: [{ namespace: 'shop', policy: 'falco-egress-quarantine' }],
    });
  } finally {
    server.closeAllConnections();
    server.close();
    project.remove();
  }
});
