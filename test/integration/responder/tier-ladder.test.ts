import type { DenyTier } from '../../../lib/containment';
import { QUARANTINE_LABEL, QUARANTINE_POLICY } from '../../../lib/names';
import { CORE, objectPath, type Resource } from '../../../lib/responder/cluster/resource';
import { installCalicoCrds } from '../calico-crds';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { installCrds } from '../crds';
import { alertOf, ResponderUnderTest, VISTATECH } from './responder-under-test';
import { recordOf, Room } from './room';

jest.setTimeout(180_000);

const TIERS: readonly (readonly [DenyTier, Resource])[] = [
  [
    'ClusterNetworkPolicy',
    { group: 'policy.networking.k8s.io', version: 'v1alpha2', name: 'clusternetworkpolicies' },
  ],
  [
    'AdminNetworkPolicy',
    { group: 'policy.networking.k8s.io', version: 'v1alpha1', name: 'adminnetworkpolicies' },
  ],
  ['Cilium', { group: 'cilium.io', version: 'v2', name: 'ciliumclusterwidenetworkpolicies' }],
  ['Calico', { group: 'projectcalico.org', version: 'v3', name: 'globalnetworkpolicies' }],
];

let plane: ControlPlane;

beforeAll(async () => {
  // Its tiers are ours alone: what denies in one would hide what another doesn't.
  plane = await startControlPlane({ own: true });
  await installCrds(plane, ['network-policy-api', 'network-policy-api-v1alpha1', 'cilium']);
  await installCalicoCrds(plane);
}, 900_000);

afterAll(() => plane.stop());

test.each(TIERS)(
  '%s denies what a NetworkPolicy lets out, and that costs the Pod no label though its response may take them',
  async (tier, resource) => {
    const room = new Room(plane, `tier-${tier.toLowerCase()}`);
    await room.open();
    const policy = objectPath(resource, { namespace: '', name: QUARANTINE_POLICY });
    const there = async (): Promise<boolean> =>
      (await room.ask({ method: 'GET', path: policy }).catch(() => undefined)) !== undefined;
    const responder = await ResponderUnderTest.start(plane, {
      limits: { perNamespace: 100, perCluster: 100, perMinute: 100, ownerPercent: 100, maxAge: '1h' },
      quarantine: { ingress: false, allowDns: false, denyTiers: [tier] },
      responses: [{ ...VISTATECH, strip: true }],
    });
    await room.create(CORE.networkPolicies, {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'let-web-out' },
      spec: { podSelector: { matchLabels: { tier: 'web' } }, policyTypes: ['Egress'], egress: [{}] },
    });
    const { metadata } = await room.add('nginx', { labels: { tier: 'web' } });
    expect(await there()).toBe(false);
    expect(await responder.postAlert(alertOf(metadata))).toBe(200);
    await room.until(
      async () => recordOf(await room.get('nginx'))?.verdict?.verdict === 'contained',
      'not contained',
    );
    expect(await there()).toBe(true);
    expect((await room.get('nginx')).metadata.labels).toEqual({ tier: 'web', [QUARANTINE_LABEL]: 'true' });
    await room.told('nginx', 'Contained');
    // Somebody opens what was closed.
    await room.ask({ method: 'DELETE', path: policy });
    await room.until(there, 'the deny policy stays away');
    await responder.stop();
    await room.remove(CORE.pods, 'nginx');
    await room.ask({ method: 'DELETE', path: policy });
  },
);
