import * as fc from 'fast-check';
import { attempt } from './advised';
import { namespaceOf, podOf, serviceOf } from './cluster';

/** A cluster with Pods of both families, a Service, and what its Pods reached. */
export interface GeneratedHistory {
  readonly objects: readonly object[];
  readonly lines: readonly string[];
}

const OBJECTS = [
  ...['shop', 'data'].map(namespaceOf),
  podOf('shop', 'StatefulSet/cart', 'cart-0', '10.244.1.7'),
  podOf('shop', 'Deployment/web', 'web-1', '10.244.1.8'),
  podOf('shop', 'Deployment/six', 'six-1', 'fd00:244::8'),
  podOf('data', 'StatefulSet/postgres', 'postgres-0', '10.244.2.9', {
    ports: [{ name: 'pg', containerPort: 5432 }],
  }),
  podOf('data', 'DaemonSet/agent', 'agent-x', '192.0.2.10', { spec: { hostNetwork: true } }),
  serviceOf('data', 'postgres', '10.96.0.20', { app: 'postgres' }, { port: 5000, targetPort: 'pg' }),
  serviceOf('data', 'agent', '10.96.0.21', { app: 'agent' }, { port: 80, targetPort: 8080 }),
];

const destination = fc.oneof(
  fc.constantFrom('10.244.1.7', '10.244.1.8', 'fd00:244::8', '10.244.2.9', '192.0.2.10'),
  fc.constantFrom('10.96.0.20', '10.96.0.21', '127.0.0.1', '::ffff:203.0.113.9'),
  fc.integer({ min: 0, max: 255 }).map((last) => `198.51.100.${last}`),
  fc.integer({ min: 0, max: 99 }).map((third) => `203.0.${third}.7`),
  fc.integer({ min: 0, max: 0xffff }).map((last) => `2001:db8::${last.toString(16)}`),
  fc.integer({ min: 0, max: 255 }).map((last) => `10.9.${last % 4}.${last}`),
);

const line = fc
  .record({
    destination,
    port: fc.constantFrom(53, 80, 443, 5000, 5432, 8080, 30_001, 30_002, 30_003),
    protocol: fc.constantFrom('tcp', 'tcp', 'udp', null),
    pod: fc.constantFrom('cart-0', 'cart-0', 'web-1'),
    result: fc.constantFrom('EINPROGRESS', 'SUCCESS', 'ETIMEDOUT'),
  })
  .map(({ destination: address, port, protocol, pod, result }) => {
    const failed = result === 'ETIMEDOUT';
    const asked = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
    return attempt(failed ? null : address, failed ? null : port, {
      ...{ 'k8s.pod.name': pod, 'fd.l4proto': protocol, 'evt.res': result, 'evt.arg.addr': asked },
    });
  });

/** Histories of all kinds of destinations, some of them with very many. */
export const history: fc.Arbitrary<GeneratedHistory> = fc
  .oneof(
    { weight: 3, arbitrary: fc.array(line, { minLength: 1, maxLength: 30 }) },
    { weight: 1, arbitrary: fc.array(line, { minLength: 60, maxLength: 200 }) },
  )
  .map((lines) => ({ objects: OBJECTS, lines }));
