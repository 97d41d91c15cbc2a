import { denyPolicy, type DenyTier } from '../../../lib/containment';
import { removeDenyPolicies } from '../../../lib/responder/reconcile/tiers';
import { answer, MemoryCluster } from '../respond/memory-cluster';

/** A cluster with our policy of Cilium, and the tiers that are to deny. */
async function remove(
  denyTiers: readonly DenyTier[],
  prepare: (cluster: MemoryCluster) => void = () => undefined,
) {
  const cluster = new MemoryCluster();
  cluster.served.add('Cilium');
  await cluster.applyDenyPolicy('Cilium', denyPolicy('Cilium') ?? {});
  prepare(cluster);
  const logged: string[] = [];
  await removeDenyPolicies({
    ...{ state: cluster.state, writes: cluster },
    policy: { cut: { ingress: false, allowDns: false, denyTiers } },
    log: (_level, message) => logged.push(message),
  });
  return { written: cluster.written, logged };
}

const DONE = ['applyDenyPolicy', 'deleteDenyPolicy'];

test.each([[['Cilium']], [[]]] as const)('with %j to deny our policy of it goes', async (denyTiers) => {
  expect(await remove(denyTiers)).toEqual({ written: DONE, logged: [] });
});

test('without the right to it, one that is no longer to deny stays, and is told of', async () => {
  const forbid = (cluster: MemoryCluster): void => {
    cluster.refusing.deleteDenyPolicy = () => answer(403);
  };
  expect(await remove([], forbid)).toEqual({
    written: DONE,
    logged: ['a policy of a tier stays, which holds nobody now'],
  });
  await expect(remove(['Cilium'], forbid)).rejects.toMatchObject({ status: 403 });
});

test('where the cluster no longer has the tier there is nothing to do', async () => {
  const { written } = await remove(['Cilium'], (cluster) => {
    cluster.served.clear();
  });
  expect(written).toEqual(['applyDenyPolicy']);
});
