import { cover, parseCidr } from '../address';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicyRule } from '../objects';
import type { PolicyRef, SelectedPod } from '../objects';
import { printSelector } from '../selector';
import { networkPolicyRef, peersOf, restricts, rulesOf, type Direction } from './policy';

/** A policy that still lets a Pod out (or others in). */
export interface Residual {
  readonly policy: PolicyRef;
  /** By what it selects the Pod, as people write it: `podSelector {}`. */
  readonly selector: string;
  /** What it allows, one line a rule: `10.0.0.0/8 except 10.1.0.0/16 on TCP 443`; `anywhere` where it is everything. */
  readonly to: readonly string[];
}

/** What NetworkPolicies leave open for a Pod in one direction. */
export interface NetworkPolicyResidual {
  /** Whether any policy restricts the Pod in that direction; where none does, everything is open. */
  readonly isolated: boolean;
  readonly residuals: readonly Residual[];
}

/**
 * What the policies still allow a Pod in a direction, whoever its peers may turn out to be: a rule for Pods that don't exist
 * counts, for they may come.
 */
export function networkPolicyResidual(
  policies: readonly NetworkPolicy[],
  pod: SelectedPod,
  direction: Direction,
): NetworkPolicyResidual {
  const restricting = policies.filter((policy) => restricts(policy, pod, direction));
  const residuals = restricting.flatMap((policy) => {
    const to = rulesOf(policy, direction).flatMap((rule) => opened(rule, direction));
    const selector = `podSelector ${printSelector(policy.spec?.podSelector ?? {})}`;
    return to.length > 0 ? [{ policy: networkPolicyRef(policy), selector, to }] : [];
  });
  return { isolated: restricting.length > 0, residuals };
}

/** What a rule opens, in a line; nothing where it opens nothing. */
function opened(rule: NetworkPolicyRule, direction: Direction): string[] {
  const peers = peersOf(rule, direction);
  const open = peers === 'all' ? [] : peers.filter((peer) => !closed(peer));
  if (peers !== 'all' && open.length === 0) return [];
  const who = peers === 'all' ? 'anywhere' : open.map(printPeer).join(', ');
  const ports = rule.ports ?? [];
  return [ports.length === 0 ? who : `${who} on ${ports.map(printPort).join(', ')}`];
}

/** A block whose exceptions hold all of it. One that can't be read counts as open: a CNI may read it. */
function closed({ ipBlock }: NetworkPolicyPeer): boolean {
  const all = ipBlock ? parseCidr(ipBlock.cidr) : undefined;
  if (all === undefined) return false;
  const except = (ipBlock?.except ?? []).map(parseCidr).filter((range) => range !== undefined);
  return cover(except, all);
}

function printPeer({ ipBlock, podSelector, namespaceSelector }: NetworkPolicyPeer): string {
  if (ipBlock) {
    const except = ipBlock.except ?? [];
    return except.length === 0 ? ipBlock.cidr : `${ipBlock.cidr} except ${except.join(' ')}`;
  }
  if (!podSelector && !namespaceSelector) return 'peers that this version does not know';
  const pods = `Pods ${printSelector(podSelector ?? {})}`;
  return namespaceSelector ? `${pods} of namespaces ${printSelector(namespaceSelector)}` : pods;
}

function printPort({ protocol = 'TCP', port, endPort }: NetworkPolicyPort): string {
  if (port === undefined) return protocol;
  return endPort === undefined ? `${protocol} ${port}` : `${protocol} ${port}-${endPort}`;
}
