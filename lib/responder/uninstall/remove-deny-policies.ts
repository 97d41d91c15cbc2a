import { QUARANTINE_POLICY } from '../../names';
import { refused } from '../../program/cluster-connection';
import type { ApiClient } from '../cluster/api-client';
import type { ClusterWrites } from '../cluster/cluster';
import { projectTierPolicy } from '../cluster/projections';
import { objectPath } from '../cluster/resource';
import type { TierDiscovery } from '../cluster/tier-discovery';
import { TIER_SOURCES } from '../cluster/tier-kinds';
import { isOurs } from '../respond/standing-policy';

/** Takes our policies of all tiers away, where no Pod is cut off any more; somebody else's of that name stays. */
export async function removeDenyPolicies(
  client: ApiClient,
  tiers: TierDiscovery,
  writes: Pick<ClusterWrites, 'deleteDenyPolicy'>,
): Promise<void> {
  await tiers.refresh();
  for (const { denies } of TIER_SOURCES) {
    const resource = tiers.served.get(denies.kind);
    if (resource === undefined) continue;
    const doing = `get ${denies.tier} ${QUARANTINE_POLICY}`;
    const path = objectPath(resource, { namespace: '', name: QUARANTINE_POLICY });
    const { status, text } = await client.ask({ method: 'GET', path, doing });
    if (status === 404) continue;
    if (status !== 200) throw refused(status, text, doing);
    const policy = projectTierPolicy(JSON.parse(text))?.object;
    if (policy === undefined || !isOurs(policy)) continue;
    await writes.deleteDenyPolicy(denies.tier, QUARANTINE_POLICY, policy.metadata?.uid ?? '');
  }
}
