import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAdvise } from '../../lib/cli/advise/advise';
import { printInventoryRecord } from '../../lib/inventory/record';
import { egressPolicy, namespaceOf, podOf } from '../advise/cluster';
import { alertLine } from '../history/alert';
import { at, nanoseconds, pictureAt, podAt } from '../history/inventory/records';

const folder = mkdtempSync(join(tmpdir(), 'falco-egress-advise-'));
const file = (name: string): string => join(folder, name);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const squid = (minute: number, client: string, rest: string): string =>
  `${String(nanoseconds(minute) / 1_000_000_000n)}.250    159 ${client} ${rest}`;
const tunnel = (host: string): string => `TCP_TUNNEL/200 190 CONNECT ${host}:443 - HIER_DIRECT/203.0.113.7 -`;
const EVIL = 'TCP_DENIED/403 354 GET http://evil.test/ - HIER_NONE/- text/html';

beforeAll(() => {
  const lines = [
    squid(5, '10.244.1.7', tunnel('shop.test')),
    squid(6, '10.244.1.7', tunnel('shop.test')),
    squid(7, '10.244.1.7', tunnel('api.test')),
    squid(7, '10.244.1.7', EVIL),
    squid(8, '10.244.1.8', tunnel('web.test')),
    squid(9, '10.244.1.9', tunnel('lost.test')),
    // Whoever has it now began later.
    squid(9, '10.244.1.10', tunnel('late.test')),
  ];
  writeFileSync(file('access.log'), `${lines.join('\n')}\n`);
  const toProxy = { 'fd.sip': '10.9.0.7', 'fd.sport': 3128, 'evt.arg.addr': null };
  writeFileSync(file('alerts.jsonl'), `${alertLine(toProxy, { time: at(5) })}\n`);
  const objects = [
    namespaceOf('shop'),
    podOf('shop', 'StatefulSet/cart', 'cart-0', '10.244.1.7'),
    podOf('shop', 'Deployment/web', 'web-1', '10.244.1.8'),
    podOf('shop', 'Deployment/late', 'late-1', '10.244.1.10', { created: at(30) }),
  ];
  writeFileSync(file('state.json'), JSON.stringify({ kind: 'List', items: objects }));
  const records = [
    podAt('web-old', at(1), { owners: ['Deployment/web'], ips: ['10.244.1.9'], ended: at(20) }),
    pictureAt(at(0)),
  ];
  writeFileSync(file('responder.log'), `${records.map(printInventoryRecord).join('\n')}\n`);
  const closed = [{ to: [{ ipBlock: { cidr: '198.51.100.0/24' } }] }];
  writeFileSync(file('closed.json'), JSON.stringify(egressPolicy('shop', 'closed', closed)));
});

async function advise(...args: string[]) {
  const texts = { out: '', error: '' };
  const state = ['--cluster-state', file('state.json'), '--proxy-log', `squid:${file('access.log')}`];
  const code = await runAdvise([file('alerts.jsonl'), ...args, ...state], {
    out: (text) => (texts.out += text),
    error: (text) => (texts.error += text),
  });
  return { code, ...texts };
}

const BEHIND =
  'through a proxy, by its log: shop.test:443 (2 times), api.test:443 (once), evil.test:80 (once, always refused); this policy opens the way to the proxy, and none of these';

test('opens the way to the proxy alone, and says what is behind it', async () => {
  const { code, out, error } = await advise('--proxy', '10.9.0.7:3128');
  expect(code).toBe(0);
  expect(out).toContain(`# ${BEHIND}\n`);
  expect(out).toContain('# a proxy, in whose log it goes on: once by java');
  expect(out.match(/cidr: .*/g)).toEqual(['cidr: 10.9.0.7/32']);
  expect(out).not.toContain('LOOK: which');
  expect(error).toContain(
    'shop, Deployment/web: no policy is advised, because only the log of a proxy tells of it, web.test:443 (once), and a policy without the way to the proxy would cut it off',
  );
  expect(error).toContain(
    'logs of proxies: 2 times for clients that are no workload of the cluster now: 10.244.1.9, 10.244.1.10\n',
  );
});

test('as TypeScript and JSON too', async () => {
  const { out } = await advise('--proxy', '10.9.0.7:3128', '--typescript');
  expect(out).toContain(`// ${BEHIND}\n`);
  expect(out.match(/cidr: .*/g)).toEqual(["cidr: '10.9.0.7/32',"]);
  const { out: json } = await advise('--proxy', '10.9.0.7:3128', '--json');
  const { advice } = JSON.parse(json) as { advice: { workload: string; behindProxies?: object[] }[] };
  expect(advice.map(({ workload, behindProxies }) => [workload, behindProxies])).toEqual([
    [
      'StatefulSet/cart',
      [
        { destination: 'shop.test:443', times: 2, failed: 0 },
        { destination: 'api.test:443', times: 1, failed: 0 },
        { destination: 'evil.test:80', times: 1, failed: 1 },
      ],
    ],
    ['Deployment/late', undefined],
    ['Deployment/web', [{ destination: 'web.test:443', times: 1, failed: 0 }]],
  ]);
});

test('asks for the proxy where none is declared', async () => {
  const { out } = await advise();
  expect(out).toContain('LOOK: which of its destinations is the proxy is not known');
});

test('knows by the inventory whose address it was', async () => {
  const { out } = await advise(file('responder.log'), '--proxy', '10.9.0.7:3128', '--json');
  const { advice } = JSON.parse(out) as { advice: { workload: string; behindProxies?: object[] }[] };
  expect(advice.find(({ workload }) => workload === 'Deployment/web')?.behindProxies).toEqual([
    { destination: 'lost.test:443', times: 1, failed: 0 },
    { destination: 'web.test:443', times: 1, failed: 0 },
  ]);
});

test('--check: what goes with a proxy that is refused, and nothing of what is behind it by itself', async () => {
  const { code, out, error } = await advise('--proxy', '10.9.0.7:3128', '--check', file('closed.json'));
  expect(code).toBe(1);
  expect(out.trim().split('\n')).toHaveLength(2);
  expect(out).toMatch(/shop +StatefulSet\/cart +10\.9\.0\.7 \(proxy\) +3128\/TCP/);
  expect(error).toContain(
    'shop, StatefulSet/cart: with its proxy it would lose shop.test:443 (2 times), api.test:443 (once)',
  );
});
