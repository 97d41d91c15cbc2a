import type { KubeConfig } from '@kubernetes/client-node';
import type { NetworkPolicy } from '../../containment';
import { QUARANTINE_POLICY, selectorLabels } from '../../names';
import { refused } from '../../program/cluster-connection';
import { monotonicClock } from '../clock';
import { AccessSource } from '../cluster/access';
import { ApiClient } from '../cluster/api-client';
import type { ClusterWrites, ObjectKey, WatchedPod } from '../cluster/cluster';
import { listAll } from '../cluster/list-all';
import { projectNetworkPolicy, projectPod } from '../cluster/projections';
import { quarantinedPods } from '../cluster/quarantined-pods';
import { CORE, objectPath } from '../cluster/resource';
import { TierDiscovery } from '../cluster/tier-discovery';
import { clusterWrites } from '../cluster/writes';
import { removeDenyPolicies } from './remove-deny-policies';

const TIMEOUT = 30_000;
const DEPLOYMENTS = { group: 'apps', version: 'v1', name: 'deployments' } as const;

/** What an installation holds in the cluster, and the responder that holds it. */
export interface Holdings {
  readonly writes: Pick<ClusterWrites, 'getPod' | 'patchPod' | 'deleteNetworkPolicy' | 'writeEvent'>;
  /** Pods that are cut off, in all namespaces. */
  quarantined(): Promise<readonly WatchedPod[]>;
  /** Policies of the name of ours, of all namespaces. */
  standingPolicies(): Promise<readonly NetworkPolicy[]>;
  /** Takes our policies of all tiers away. */
  removeDenyPolicies(): Promise<void>;
  /** Asks for no replica of the responder; nothing where its Deployment is gone. */
  stopResponder(deployment: ObjectKey): Promise<void>;
  /** How many Pods of the responder there are yet. */
  responders(installation: ObjectKey): Promise<number>;
}

/** The holdings of the real cluster. */
export function clusterHoldings(load: () => KubeConfig): Holdings {
  const client = new ApiClient(new AccessSource(load, monotonicClock), { timeout: TIMEOUT });
  const tiers = new TierDiscovery(client);
  const writes = clusterWrites({ client, tiers, states: new Set() });
  return {
    writes,
    quarantined: () => quarantinedPods(client),
    standingPolicies: () =>
      // By its name, for which the right may be given alone.
      listAll(client, CORE.networkPolicies, projectNetworkPolicy, {
        query: { fieldSelector: `metadata.name=${QUARANTINE_POLICY}` },
      }),
    removeDenyPolicies: () => removeDenyPolicies(client, tiers, writes),
    stopResponder: async (deployment) => {
      const doing = `scale Deployment ${deployment.namespace}/${deployment.name} to 0`;
      const { status, text } = await client.ask({
        method: 'PATCH',
        path: `${objectPath(DEPLOYMENTS, deployment)}/scale`,
        contentType: 'application/json-patch+json',
        // Where there are none already, the field is missing.
        body: [{ op: 'add', path: '/spec/replicas', value: 0 }],
        doing,
      });
      if (status !== 404 && (status < 200 || status >= 300)) throw refused(status, text, doing);
    },
    responders: async ({ namespace, name }) => {
      const labels = Object.entries(selectorLabels(name, 'responder')).map((pair) => pair.join('='));
      const query = { labelSelector: labels.join() };
      return (await listAll(client, CORE.pods, projectPod, { namespace, query })).length;
    },
  };
}
