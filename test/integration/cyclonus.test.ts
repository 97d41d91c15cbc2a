import * as fc from 'fast-check';

import { allows, residualEgress, standingPolicy, stripPlan, type PodEnd } from '../../lib/containment';
import { QUARANTINE_LABEL, QUARANTINE_VALUE } from '../../lib/names';
import { connection, networkPolicy, podEnd } from '../containment/arbitraries';
import { SITUATIONS, WEB } from '../containment/situations';
import { askCyclonus, cyclonusBinary, type Case, type Directions } from './containment/cyclonus';

let binary: string;

beforeAll(async () => {
  binary = await cyclonusBinary();
}, 900_000);

function ours({ policies, connection: each }: Case): Directions {
  const { egress, ingress } = allows(policies, each);
  return { egress: egress.allowed, ingress: ingress.allowed };
}

describe('our verdict and that of cyclonus', () => {
  test('are the same in each situation, but where cyclonus differs from the documentation', () => {
    const verdicts = askCyclonus(binary, SITUATIONS);
    const disagreeing = SITUATIONS.filter(
      (each, place) => JSON.stringify(ours(each)) !== JSON.stringify(verdicts[place]?.documented),
    );
    expect(disagreeing.map(({ name }) => name)).toEqual([]);
    const differing = SITUATIONS.filter(
      (each, place) => JSON.stringify(ours(each)) !== JSON.stringify(verdicts[place]?.asIs),
    );
    // A list of exceptions that nobody needs would hide the next disagreement.
    expect(differing.map(({ name }) => name)).toEqual(
      SITUATIONS.filter(({ cyclonusDiffers }) => cyclonusDiffers !== undefined).map(({ name }) => name),
    );
  });

  test('are the same for random policies and connections', () => {
    const one = fc.record({ policies: fc.array(networkPolicy, { maxLength: 4 }), connection });
    const cases = fc.sample(one, { numRuns: 2000, seed: 20261123 });
    const verdicts = askCyclonus(binary, cases);
    const wrong = cases.filter(
      (each, place) => JSON.stringify(ours(each)) !== JSON.stringify(verdicts[place]?.documented),
    );
    expect(wrong).toEqual([]);
    // Both verdicts occur often, or the comparison says little.
    const denied = verdicts.filter(({ documented }) => !documented.egress).length;
    expect(denied).toBeGreaterThan(cases.length / 10);
    expect(denied).toBeLessThan((cases.length * 9) / 10);
  });
});

describe('a quarantine that we call contained', () => {
  const quarantined = (pod: PodEnd): PodEnd => ({
    ...pod,
    labels: { ...pod.labels, [QUARANTINE_LABEL]: QUARANTINE_VALUE },
  });

  test('lets nothing out by cyclonus: at once, or after stripping', () => {
    const one = fc.record({
      policies: fc.array(networkPolicy, { maxLength: 4 }),
      connection,
      pod: podEnd(false),
    });
    const cases: Case[] = [];
    let stripped = 0;
    for (const each of fc.sample(one, { numRuns: 2000, seed: 7 })) {
      const pod = quarantined(each.pod);
      const policies = [...each.policies, standingPolicy(pod.namespace)];
      let left = pod;
      const plan = stripPlan(pod, policies);
      if (plan.kind === 'impossible') continue;
      if (plan.kind === 'strip') {
        stripped++;
        const kept = Object.entries(pod.labels).filter(([key]) => !(key in plan.remove));
        left = { ...pod, labels: Object.fromEntries(kept) };
      }
      expect(residualEgress(left, policies).verdict).toBe('contained');
      cases.push({ policies, connection: { ...each.connection, source: left } });
    }
    expect(stripped).toBeGreaterThan(20);
    const verdicts = askCyclonus(binary, cases);
    expect(cases.filter((_, place) => verdicts[place]?.documented.egress !== false)).toEqual([]);
  });

  test('reaches what is let open on purpose, and nothing else', () => {
    const options = { allowDns: true, forensicsNamespace: 'forensics', ingress: true };
    const policies = [standingPolicy('shop', options)];
    const cut = quarantined(WEB);
    expect(residualEgress(cut, policies, {}, options).summary).toBe(
      'contained (DNS and namespace forensics allowed)',
    );
    const pod = (namespace: string, labels: Record<string, string>): PodEnd => ({
      ...{ kind: 'pod', address: '10.0.9.9', namespace, labels },
      namespaceLabels: { 'kubernetes.io/metadata.name': namespace },
    });
    const dns = pod('kube-system', { 'k8s-app': 'kube-dns' });
    const to = (destination: PodEnd, protocol: 'TCP' | 'UDP', port: number): Case => ({
      policies,
      connection: { source: cut, destination, protocol, port },
    });
    const cases: [Case, Directions][] = [
      [to(dns, 'UDP', 53), { egress: true, ingress: true }],
      [to(dns, 'TCP', 53), { egress: true, ingress: true }],
      [to(dns, 'TCP', 9153), { egress: false, ingress: true }],
      [to(pod('kube-system', { 'k8s-app': 'other' }), 'UDP', 53), { egress: false, ingress: true }],
      [to(pod('shop', { 'k8s-app': 'kube-dns' }), 'UDP', 53), { egress: false, ingress: true }],
      [to(pod('forensics', {}), 'TCP', 4444), { egress: true, ingress: true }],
      [
        {
          policies,
          connection: { source: pod('forensics', {}), destination: cut, protocol: 'TCP', port: 22 },
        },
        { egress: true, ingress: true },
      ],
      [
        { policies, connection: { source: pod('data', {}), destination: cut, protocol: 'TCP', port: 22 } },
        { egress: true, ingress: false },
      ],
    ];
    const asked = cases.map(([each]) => each);
    const wanted = cases.map(([, each]) => each);
    expect(askCyclonus(binary, asked).map(({ documented }) => documented)).toEqual(wanted);
    expect(asked.map(ours)).toEqual(wanted);
  });

  test('a Pod with the labels of the quarantined one keeps its way out', () => {
    const policies = [standingPolicy('shop')];
    const destination = { kind: 'outside', address: '213.215.222.58' } as const;
    const from = (source: PodEnd) => ({
      policies,
      connection: { source, destination, protocol: 'TCP' as const, port: 443 },
    });
    const [cut, sibling] = askCyclonus(binary, [from(quarantined(WEB)), from(WEB)]);
    expect(cut?.documented.egress).toBe(false);
    expect(sibling?.documented.egress).toBe(true);
  });
});
