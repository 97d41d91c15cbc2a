import { standingPolicy, type NetworkPolicy } from '../../containment';
import { PRODUCT, QUARANTINE_POLICY } from '../../names';
import type { Acting } from './acting';

const PART_OF = 'app.kubernetes.io/part-of';

/** The policy on the quarantine label in a namespace, as the watch shows it. */
export function policyThere({ state }: Acting, namespace: string): NetworkPolicy | undefined {
  return state.networkPolicies.get({ namespace, name: QUARANTINE_POLICY });
}

/** Whether a policy of our name is ours: somebody else's is never touched. */
export function isOurs({ metadata }: Pick<NetworkPolicy, 'metadata'>): boolean {
  return metadata?.labels?.[PART_OF] === PRODUCT;
}

/** Policies as the watch has shown them that need nothing, by the settings that say so: a burst asks of one for each of its Pods. */
const leftAlone = new WeakMap<NetworkPolicy, Acting['policy']['cut']>();

/**
 * Sees to it that the standing policy of a namespace is there and says what it should; costs nothing where the watch already
 * shows it, and undoes what others have changed of it. A policy of that name that is somebody else's stays as it is: the verdict will tell what it lets out.
 *
 * @returns whether there is one, or will be once the watch shows it; none can be made where the namespace is being deleted
 */
export async function ensureStandingPolicy(acting: Acting, namespace: string): Promise<boolean> {
  const there = policyThere(acting, namespace);
  const { cut } = acting.policy;
  if (there !== undefined && leftAlone.get(there) === cut) return true;
  const wanted = standingPolicy(namespace, cut);
  if (there !== undefined && (!isOurs(there) || sameSpec(there.spec, wanted.spec))) {
    leftAlone.set(there, cut);
    return true;
  }
  // What isn't said is left as it is: rules that somebody has added are taken away by saying that there are none.
  const said = { ...wanted, spec: { egress: [], ingress: [], ...wanted.spec } };
  // One write for all of a namespace's Pods that are cut off at once.
  const underWay = acting.policiesUnderWay.get(namespace);
  if (underWay !== undefined) return underWay;
  const written = acting.writes.applyNetworkPolicy(said, there?.metadata?.uid).finally(() => {
    acting.policiesUnderWay.delete(namespace);
  });
  acting.policiesUnderWay.set(namespace, written);
  return written;
}

/** Equal but for what the API server fills in, which is empty lists and default protocols. */
export function sameSpec(there: unknown, wanted: unknown): boolean {
  return canonical(there) === canonical(wanted);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    const entries = Object.entries(part).filter(([, each]) => !(Array.isArray(each) && each.length === 0));
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
