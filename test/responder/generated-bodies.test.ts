import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Cluster, ClusterState, WatchedPod } from '../../lib/responder/cluster/cluster';
import { parseConfig } from '../../lib/responder/config';
import { ResponderMetrics } from '../../lib/responder/report/responder-metrics';
import { startResponder, type RunningResponder } from '../../lib/responder/run';
import { webhooks } from './alert/webhooks';
import { emptyCluster } from './empty-cluster';
import { generatedRequests, TOKENS } from './generated-requests';
import { MINIMAL_CONFIG, UNLIMITED_INTAKE } from './minimal-config';
import { PlainClient, type Question, type Reply } from './plain-client';

const BODIES = 100_000;
const AT_ONCE = 32;
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const MIB = 2 ** 20;
/** What may be remembered: tens of thousands of ids of alerts, far less than the bodies themselves. */
const MOST_GROWN = 40 * MIB;

/** The Pod of the recorded alerts is another one by now, and its neighbour is named by none of them. */
const POD: WatchedPod = {
  metadata: {
    ...{ namespace: 'testkatz', name: 'nginx-6799fc88d8-996gz', uid: 'u-2', resourceVersion: '2' },
    creationTimestamp: new Date().toISOString(),
    labels: { app: 'nginx' },
  },
  spec: { nodeName: 'node-1' },
  status: { phase: 'Running', containerStatuses: [{ containerID: `containerd://${'f'.repeat(64)}` }] },
};

const written: string[] = [];
const errors: string[] = [];
let responder: RunningResponder;

beforeAll(async () => {
  const response = { match: 'rule != ""', action: 'quarantine', mode: 'enforce' };
  const collector = { namespace: 'falco', serviceAccount: 'collector', audience: 'responder' };
  responder = await startResponder({
    config: {
      ...parseConfig({
        ...MINIMAL_CONFIG,
        ...{ intake: UNLIMITED_INTAKE, responses: [response], authentication: { collector } },
      }),
      ...{ port: 0, metricsPort: 0 },
    },
    cluster: clusterOfOnePod(),
    metrics: new ResponderMetrics(),
    version: '0.0.0',
    token: TOKENS.alerts,
    log: (level, message, fields) => {
      if (level === 'error') errors.push(`${message} ${JSON.stringify(fields)}`);
    },
  });
});

afterAll(() => responder.stop());

/** A cluster that keeps what is written to it. */
function clusterOfOnePod(): Cluster {
  const empty = emptyCluster(() => ({ ready: true, why: 'ok' }));
  const state = empty.watch(new AbortController().signal);
  const isPod = ({ namespace = '', name = '' }): boolean =>
    namespace === POD.metadata?.namespace && name === POD.metadata.name;
  const pods: ClusterState['pods'] = {
    get: (key) => (isPod(key) ? POD : undefined),
    list: () => [POD],
    subscribe: () => () => undefined,
  };
  const keeping =
    <T>(what: string, answer: T) =>
    (...args: unknown[]): Promise<T> => {
      written.push(`${what} ${JSON.stringify(args)}`);
      return Promise.resolve(answer);
    };
  return {
    ...empty,
    watch: () => ({ ...state, pods }),
    getPod: (key) => Promise.resolve(isPod(key) ? POD : undefined),
    review: (token) =>
      Promise.resolve(
        token === TOKENS.logs
          ? { user: 'system:serviceaccount:falco:collector', node: 'node-1' }
          : { user: undefined, node: undefined },
      ),
    patchPod: keeping('patchPod', POD),
    applyNetworkPolicy: keeping('applyNetworkPolicy', true),
    writeEvent: keeping('writeEvent', 'new' as const),
    evictPod: keeping('evictPod', undefined),
    deletePod: keeping('deletePod', undefined),
    writeConfigMap: keeping('writeConfigMap', undefined),
  };
}

/** Whether an answer is one of those that are documented. */
function isMeant({ status, headers, text }: Reply): boolean {
  // Whatever it is, it is JSON.
  if (!text.startsWith('{"') && text !== '{}\n') return false;
  const { code, field } = JSON.parse(text) as { readonly code?: string; readonly field?: string };
  switch (status) {
    case 200:
      return text === '{}\n';
    case 400:
      return code === 'MALFORMED' && field !== undefined && field !== '';
    case 503:
      return code === 'UNAVAILABLE' && headers['retry-after'] !== undefined;
    default:
      return [401, 403, 404, 405, 415].includes(status) && code !== undefined;
  }
}

function unanswered(error: unknown): Reply {
  return { status: 0, headers: {}, text: JSON.stringify(String(error)) };
}

function usedHeap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

test(`${BODIES} generated bodies: each is answered as documented, nothing is done, memory stays (SEED=${SEED})`, async () => {
  const answers = new Map<number, number>();
  const strange: object[] = [];
  const requests = generatedRequests(BODIES, SEED);
  const some = async (count: number): Promise<void> => {
    let left = count;
    const worker = async (): Promise<void> => {
      const client = new PlainClient(responder.port);
      while (left-- > 0) {
        const { value } = requests.next() as { readonly value: Question };
        const reply = await client.ask(value).catch(unanswered);
        answers.set(reply.status, (answers.get(reply.status) ?? 0) + 1);
        if (!isMeant(reply) && strange.length < 5)
          strange.push({ reply, ...value, body: value.body.toString('latin1').slice(0, 2_000) });
      }
      client.close();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  };
  await some(BODIES / 4);
  const early = usedHeap();
  await some((BODIES * 3) / 4);
  const grown = usedHeap() - early;
  expect({ SEED, strange, errors, written }).toEqual({ SEED, strange: [], errors: [], written: [] });
  expect([...answers.values()].reduce((sum, count) => sum + count, 0)).toBe(BODIES);
  expect(grown).toBeLessThan(MOST_GROWN);
  // Neither all refused nor all taken, or it would say little.
  const rare = [200, 400, 401, 404, 405, 415, 503].filter((status) => (answers.get(status) ?? 0) < 100);
  expect({ rare, answers }).toEqual({ rare: [], answers });
}, 900_000);

test('and what is asked for is done still', async () => {
  const recorded = webhooks.find((each) => each.case === 'vistatech')?.sent.body ?? '';
  const body = Buffer.from(
    recorded
      .replaceAll('3db00b476ee2', 'f'.repeat(12))
      .replace(/"time":"[^"]*"/, `"time":"${new Date().toISOString()}"`),
  );
  const headers = { Authorization: `Bearer ${TOKENS.alerts}`, 'Content-Type': 'application/json' };
  const client = new PlainClient(responder.port);
  expect((await client.ask({ method: 'POST', path: '/alerts', headers, body })).status).toBe(200);
  client.close();
  expect(written.filter((line) => line.startsWith('patchPod'))).toHaveLength(1);
});
