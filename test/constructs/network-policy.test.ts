import type { V1NetworkPolicyEgressRule } from '@kubernetes/client-node';
import { Falco } from '../../lib/constructs/falco';
import { Metacollector } from '../../lib/constructs/metacollector';
import { Sidekick } from '../../lib/constructs/sidekick';
import type { FalcoEgressProps } from '../../lib/settings/settings';
import { synthesize } from '../constructs';
import { policy } from './find';

type Lists = NonNullable<FalcoEgressProps['networkPolicies']>;

const toDns: V1NetworkPolicyEgressRule = {
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
    { port: 5353, protocol: 'UDP' },
    { port: 5353, protocol: 'TCP' },
  ],
};

/** Egress of the component whose way out the lists bound, but for DNS and our own Pods. */
const waysOut = {
  sidekick: (networkPolicies: Lists) => {
    const sidekick = { loki: { url: 'http://loki:3100' } };
    return outside((scope) => {
      new Sidekick(scope, 'test', { cluster: 'test', sidekick, networkPolicies });
    });
  },
  falco: (networkPolicies: Lists) =>
    outside((scope) => {
      new Falco(scope, 'test', { cluster: 'test', networkPolicies });
    }),
  metacollector: (networkPolicies: Lists) =>
    outside((scope) => {
      new Metacollector(scope, 'test', { cluster: 'test', networkPolicies });
    }),
};

function outside(make: Parameters<typeof synthesize>[0]): V1NetworkPolicyEgressRule[] {
  const [dns, ...others] = policy(synthesize(make)).egress ?? [];
  expect(dns).toEqual(toDns);
  return others.filter(({ to }) => !to?.some(({ podSelector }) => podSelector !== undefined));
}

const CIDR = '192.0.2.0/24';
const peers = [{ ipBlock: { cidr: CIDR } }];

test.each([
  ['outputCidrs', 'sidekick'],
  ['registryCidrs', 'falco'],
] as const)('%s bounds the way out of %s, and an empty list closes it', (list, component) => {
  expect(waysOut[component]({ [list]: [CIDR] })).toEqual([{ to: peers }]);
  expect(waysOut[component]({ [list]: [] })).toEqual([]);
});

test('apiServerCidrs and apiServerPorts bound the way to the API server, and either one empty closes it', () => {
  expect(waysOut.metacollector({ apiServerCidrs: [CIDR], apiServerPorts: [6443] })).toEqual([
    { to: peers, ports: [{ port: 6443, protocol: 'TCP' }] },
  ]);
  expect(waysOut.metacollector({ apiServerCidrs: [] })).toEqual([]);
  expect(waysOut.metacollector({ apiServerPorts: [] })).toEqual([]);
});

test('every address of both families is no list of addresses, by which Cilium would match neither nodes nor Pods', () => {
  const open = ['0.0.0.0/0', '::/0'];
  expect(waysOut.metacollector({ apiServerCidrs: open, apiServerPorts: [6443] })).toEqual([
    { ports: [{ port: 6443, protocol: 'TCP' }] },
  ]);
  expect(waysOut.sidekick({ outputCidrs: open })).toEqual([{}]);
  expect(waysOut.sidekick({ outputCidrs: ['0.0.0.0/0'] })).toEqual([
    { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] },
  ]);
});
