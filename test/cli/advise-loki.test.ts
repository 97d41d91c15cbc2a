import { join } from 'node:path';
import { runAdvise } from '../../lib/cli/advise/advise';
import { attempt } from '../advise/advised';
import { podOf } from '../advise/cluster';
import { FakeLoki } from '../history/loki/fake-loki';
import { Project } from './project';

const project = new Project();
let loki: FakeLoki | undefined;
afterAll(() => {
  project.remove();
});
afterEach(async () => {
  await loki?.stop();
});

const CART = podOf('shop', 'StatefulSet/cart', 'cart-0', '10.244.1.7', { created: '2026-11-10T00:00:00Z' });
project.write('state.json', JSON.stringify({ kind: 'List', items: [CART] }));

async function advise(...args: readonly string[]): Promise<{ code: number; out: string; error: string }> {
  const lines = ['07:00:00', '07:41:00'].map((at) => attempt('203.0.113.7', 443, { cluster: 'prod' }, at));
  const time = BigInt(Date.parse('2026-11-22T07:41:00Z')) * 1_000_000n;
  loki = await FakeLoki.start(lines.map((line) => ({ time, line })));
  let [out, error] = ['', ''];
  const streams = { out: (text: string) => (out += text), error: (text: string) => (error += text) };
  const state = ['--cluster-state', join(project.folder, 'state.json')];
  const range = ['--from', '2026-11-01', '--to', '2026-11-23'];
  const code = await runAdvise(['--loki', loki.url.href, ...state, ...range, ...args], streams);
  return { code, out, error };
}

test('of a Loki that was asked for weeks and has minutes, minutes were watched, and no Pod of before was seen to begin', async () => {
  const { out } = await advise();
  expect(out).toContain('watched from 2026-11-22 07:00 to 2026-11-22 07:41');
  expect(out).toContain('LOOK: watched for 41 minutes only');
  expect(out).toContain('start-up not seen');
});

test('a cluster of which there is nothing is a slip, also where a policy is checked', async () => {
  const policy = {
    kind: 'NetworkPolicy',
    metadata: { name: 'p', namespace: 'shop' },
    spec: { policyTypes: ['Egress'] },
  };
  project.write('p.json', JSON.stringify(policy));
  const file = join(project.folder, 'p.json');
  for (const args of [[], ['--check', file]]) {
    const { code, error } = await advise('--cluster', 'prd', ...args);
    expect(code).toBe(1);
    expect(error).toContain("nothing of the history is of cluster prd, but of prod; did you mean 'prod'?");
    await loki?.stop();
  }
  expect((await advise('--cluster', 'prod')).code).toBe(0);
});
