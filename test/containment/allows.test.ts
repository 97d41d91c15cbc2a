import type { V1NetworkPolicy, V1Pod, V1PodDisruptionBudget } from '@kubernetes/client-node';
import * as fc from 'fast-check';

import {
  allows,
  residualEgress,
  SelectorError,
  standingPolicy,
  type NetworkPolicy,
  type Pod,
} from '../../lib/containment';
import type { DisruptionBudget } from '../../lib/containment';
import { QUARANTINE_LABEL, QUARANTINE_VALUE } from '../../lib/names';
import { connection, networkPolicy, podEnd } from './arbitraries';
import { egress, ingress } from './policies';
import { SITUATIONS, WEB } from './situations';

const OUT = {
  source: WEB,
  destination: { kind: 'outside', address: '213.215.222.58' },
  protocol: 'TCP',
  port: 443,
} as const;

test.each(SITUATIONS.map((each) => [each.name, each] as const))('%s', (_, situation) => {
  const verdict = allows(situation.policies, situation.connection);
  expect({ egress: verdict.egress.allowed, ingress: verdict.ingress.allowed }).toEqual({
    egress: situation.egress,
    ingress: situation.ingress,
  });
  expect(verdict.allowed).toBe(situation.egress && situation.ingress);
});

test('names the rules that allow, and the policies that isolate', () => {
  const denying = egress([], {}, 'deny');
  const allowing = egress([{ ports: [{ port: 80 }] }, { ports: [{ port: 443 }] }, {}], {}, 'allow');
  const policy = { kind: 'NetworkPolicy', namespace: 'shop', name: 'allow' };
  expect(allows([denying, allowing], OUT).egress).toEqual({
    allowed: true,
    because: 'rules',
    by: [
      { policy, rule: 1 },
      { policy, rule: 2 },
    ],
  });
  expect(allows([denying], OUT).egress).toEqual({
    allowed: false,
    isolatedBy: [{ ...policy, name: 'deny' }],
  });
  expect(allows([], OUT).egress).toEqual({ allowed: true, because: 'not-isolated' });
});

test('a Pod on the network of its node is held by no policy, and selected by no rule', () => {
  const source = { ...WEB, hostNetwork: true };
  expect(allows([egress([])], { ...OUT, source }).allowed).toBe(true);
  const into = { ...OUT, source, destination: WEB };
  expect(allows([ingress([{ from: [{ podSelector: {} }] }])], into).ingress.allowed).toBe(false);
  expect(allows([ingress([{ from: [{ ipBlock: { cidr: '10.0.0.1/32' } }] }])], into).ingress.allowed).toBe(
    true,
  );
});

test('objects of client-node are read as the API server means them', () => {
  const policy: V1NetworkPolicy = {
    metadata: { name: 'p', namespace: 'shop' },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [{ _from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }],
    },
  };
  const into = (address: string) =>
    ({ ...OUT, source: { kind: 'outside', address }, destination: WEB }) as const;
  expect(allows([policy], into('10.1.1.1')).allowed).toBe(true);
  expect(allows([policy], into('11.1.1.1')).allowed).toBe(false);
  // Compiles: client-node's types are ours.
  const pod = (each: V1Pod): Pod => each;
  const budget = (each: V1PodDisruptionBudget): DisruptionBudget => each;
  expect([pod({}), budget({})]).toEqual([{}, {}]);
});

test.each([
  ['IPv4 in the notation of IPv6', '10.0.0.0/8', '::ffff:10.1.2.3', true],
  ['a block so written', '::ffff:10.0.0.0/104', '10.1.2.3', true],
  ['a block of IPv6 that holds the mapped ones', '::/0', '10.1.2.3', false],
  ['an address that is none', '0.0.0.0/0', '10.1.2', false],
  ['an octal address', '0.0.0.0/0', '010.1.2.3', false],
  ['a block that is none', '10.0.0.0/33', '10.0.0.0', false],
  ['a block without a length', '10.0.0.0', '10.0.0.0', false],
  ['an address with two gaps', '::/0', '1::2::3', false],
  ['a gap of nothing', '::/0', '1:2:3:4:5:6:7::8', false],
  ['a gap at the end', 'fe80::/10', 'fe80::', true],
  ['all groups', '2001:db8::/32', '2001:DB8:0:0:0:0:0:1', true],
])('%s: %s and %s', (_, cidr, address, allowed) => {
  const policies = [egress([{ to: [{ ipBlock: { cidr } }] }])];
  expect(allows(policies, { ...OUT, destination: { kind: 'outside', address } }).allowed).toBe(allowed);
});

test('an operator that does not exist is an error, not a verdict', () => {
  const policies = [egress([], { matchExpressions: [{ key: 'app', operator: 'Gt', values: ['1'] }] })];
  expect(() => allows(policies, OUT)).toThrow(SelectorError);
  expect(() => allows(policies, OUT)).toThrow(/operator 'Gt' of label 'app'/);
});

test('labels called like members of every object are only labels', () => {
  expect(
    allows([egress([], { matchExpressions: [{ key: 'constructor', operator: 'Exists' }] })], OUT).allowed,
  ).toBe(true);
});

describe('for all policies and connections', () => {
  const policies = fc.array(networkPolicy, { maxLength: 4 });

  test('another policy on a Pod that is restricted already never shrinks what is allowed', () => {
    fc.assert(
      fc.property(policies, networkPolicy, connection, (some, another, each) => {
        const before = allows(some, each);
        const after = allows([...some, another], each);
        for (const direction of ['egress', 'ingress'] as const) {
          const isolated = !before[direction].allowed || before[direction].because === 'rules';
          if (isolated && before[direction].allowed) expect(after[direction].allowed).toBe(true);
        }
      }),
    );
  });

  test('the order of policies does not matter', () => {
    fc.assert(
      fc.property(policies, connection, (some, each) => {
        expect(allows([...some].reverse(), each).allowed).toBe(allows(some, each).allowed);
      }),
    );
  });

  test('a Pod that is called contained sends nothing', () => {
    fc.assert(
      fc.property(policies, connection, podEnd(false), (some, each, pod) => {
        const cut = { ...pod, labels: { ...pod.labels, [QUARANTINE_LABEL]: QUARANTINE_VALUE } };
        const all: NetworkPolicy[] = [...some, standingPolicy(pod.namespace)];
        const allowed = allows(all, { ...each, source: cut }).egress.allowed;
        if (residualEgress(cut, all).verdict === 'contained') expect(allowed).toBe(false);
        expect(allows([standingPolicy(pod.namespace)], { ...each, source: cut }).egress.allowed).toBe(false);
      }),
    );
  });
});
