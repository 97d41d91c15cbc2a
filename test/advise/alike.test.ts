import * as fc from 'fast-check';
import { clusterState } from '../../lib/advise/cluster-state';
import { Observations } from '../../lib/advise/observations';
import { Workloads } from '../../lib/advise/workloads';
import { alikeOf } from '../../lib/history/alike';
import type { Connection } from '../../lib/history/connection';
import { KnownLines } from '../../lib/history/files/known-lines';
import { alertLine } from '../history/alert';
import { namespaceOf, podOf, serviceOf } from './cluster';

/** What had its address from some hour on, and before it was somebody else's. */
const YOUNG = { created: '2026-11-22T08:00:00Z' };
const OBJECTS = [
  ...['shop', 'data'].map(namespaceOf),
  podOf('shop', 'StatefulSet/cart', 'cart-0', '10.244.1.7'),
  podOf('data', 'Deployment/new', 'new-1', '10.244.9.9', YOUNG),
  serviceOf('data', 'new', '10.96.0.20', { app: 'new' }, { port: 80, targetPort: 8080 }),
];
/** So that there is no room for some. */
const BOUNDS = { publicAddresses: 2, ofWorkload: 5, ofAll: 5 };

const attempts = fc.array(
  fc.record({
    address: fc.constantFrom(
      ...['10.244.9.9', '10.96.0.20', '127.0.0.1', '203.0.113.1', '203.0.113.2', '203.0.113.3', '10.1.1.1'],
    ),
    port: fc.constantFrom(80, 80, 443),
    pod: fc.constantFrom('cart-0', 'cart-0', 'cart-0', 'gone-1'),
    result: fc.constantFrom('EINPROGRESS', 'EINPROGRESS', 'ETIMEDOUT'),
    hour: fc.integer({ min: 6, max: 9 }),
    minute: fc.integer({ min: 0, max: 59 }),
  }),
  { minLength: 60, maxLength: 120 },
);

function linesOf(told: typeof attempts extends fc.Arbitrary<infer T> ? T : never): string[] {
  return told.map(({ address, port, pod, result, hour, minute }, at) => {
    const failed = result === 'ETIMEDOUT';
    const fields = {
      ...{ 'fd.sip': failed ? null : address, 'fd.sport': failed ? null : port, 'evt.res': result },
      ...{ 'evt.arg.addr': `${address}:${port}`, 'k8s.pod.name': pod },
    };
    const clock = [hour, minute].map((number) => String(number).padStart(2, '0')).join(':');
    return alertLine(fields, { time: `2026-11-22T${clock}:00.${String(at).padStart(9, '0')}Z` });
  });
}

function observed(connections: readonly Connection[]): object {
  const state = clusterState(OBJECTS);
  const observations = new Observations(state, new Workloads(state), {}, BOUNDS);
  for (const connection of connections) observations.add(connection);
  const { byWorkload, passedOver, clusters, duplicates } = observations;
  return { byWorkload, passedOver, clusters, duplicates };
}

test('what is remembered of attempts that are alike changes nothing: not when addresses change hands, nor when there is no room', () => {
  let seen = 0;
  fc.assert(
    fc.property(attempts, (told) => {
      const known = new KnownLines();
      const connections = linesOf(told).flatMap((line) => {
        const content = known.read(Buffer.from(`${line}\n   `), 0, line.length);
        return content.kind === 'connection' ? [content.connection] : [];
      });
      expect(connections).toHaveLength(told.length);
      seen += connections.filter((each) => alikeOf(each) !== undefined).length;
      const copies = connections.map((each) => ({ ...each }));
      expect(observed(connections)).toEqual(observed(copies));
    }),
    { numRuns: 100 },
  );
  expect(seen).toBeGreaterThan(0);
});
