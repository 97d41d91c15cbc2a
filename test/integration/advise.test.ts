import * as fc from 'fast-check';
import { advised, attempt } from '../advise/advised';
import { history } from '../advise/histories';
import type { Connection, NetworkPolicy } from '../../lib/containment';
import { endsOf, sourcesOf } from '../../lib/advise/judge';
import { askCyclonus, cyclonusBinary, type Case } from './containment/cyclonus';
import { startControlPlane, type ControlPlane } from './control-plane';

const OUTSIDE = ['192.0.2.77', '100.64.9.9', '2001:db8:ffff::1', '10.200.0.1'];

let plane: ControlPlane | undefined;
afterAll(() => plane?.stop());

test('by cyclonus, all that was seen may go out, and addresses of no network of the policy may not', async () => {
  const binary = await cyclonusBinary();
  const cases: (Case & { readonly allowed: boolean })[] = [];
  for (const { objects, lines } of fc.sample(history, { numRuns: 25, seed: 7 })) {
    const { advice, observations, workloads } = advised(objects, lines, { allowFailed: true });
    const policies = advice.flatMap((each) => (each.kind === 'policy' ? [each.policy] : []));
    for (const { workload, targets } of observations.byWorkload.values()) {
      const source = sourcesOf(workload, workloads)[0];
      if (source === undefined) continue;
      for (const { target, ports } of targets.values())
        for (const { protocol, port } of ports.values())
          for (const destination of endsOf(target))
            cases.push({ policies, connection: { source, destination, protocol, port }, allowed: true });
      const own = policies.filter(({ spec }) => spec?.podSelector?.matchLabels?.['app'] === workload.name);
      if (JSON.stringify(own).includes('/0"')) continue;
      const nobody = OUTSIDE.map((address): Connection => {
        const destination = { kind: 'outside', address } as const;
        return { source, destination, protocol: 'TCP', port: 443 };
      });
      cases.push(...nobody.map((connection) => ({ policies, connection, allowed: false })));
    }
  }
  const verdicts = askCyclonus(binary, cases);
  const wrong = cases.filter(({ allowed }, place) => verdicts[place]?.documented.egress !== allowed);
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(cases.filter(({ allowed }) => !allowed).length).toBeGreaterThan(20);
}, 600_000);

test('the API server takes what is advised, strictly, and without a warning', async () => {
  plane = await startControlPlane();
  const lines = [
    ...Array.from({ length: 70 }, (_, at) => attempt(`198.51.${at}.7`, 443)),
    ...Array.from({ length: 12 }, (_, at) => attempt(`2001:db8::${at}`, 8000 + 2 * at)),
    attempt('10.244.2.9', 5432),
  ];
  const [{ objects } = { objects: [] }] = fc.sample(history, { numRuns: 1, seed: 1 });
  const { advice } = advised(objects, lines);
  const items = advice.flatMap((each): NetworkPolicy[] =>
    each.kind === 'policy'
      ? [{ ...each.policy, metadata: { ...each.policy.metadata, namespace: 'default' } }]
      : [],
  );
  expect(items).toHaveLength(1);
  const args = ['create', '--dry-run=server', '--validate=strict', '-o', 'name', '-f', '-'];
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const { code, stdout, stderr } = await plane.kubectl(args, { input });
  expect({ code, stdout, stderr }).toEqual({
    ...{ code: 0, stdout: 'networkpolicy.networking.k8s.io/cart-egress\n', stderr: '' },
  });
}, 120_000);
