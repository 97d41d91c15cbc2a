import { parseCidr, type AddressRange } from '../address';
import { refOf, type LabelSelector, type Metadata, type SelectedPod } from '../objects';
import { printSelector, selects } from '../selector';
import { SILENT, walk, type TierPolicy, type TierRule, type TierVerdict } from './walk';

/** Which Pods a policy of policy.networking.k8s.io is for. */
interface Subject {
  readonly namespaces?: LabelSelector;
  readonly pods?: NamespacedPods;
}

interface NamespacedPods {
  readonly namespaceSelector?: LabelSelector;
  readonly podSelector?: LabelSelector;
}

/** Whom a rule of egress is for; one of the fields is set. */
interface EgressPeer {
  readonly namespaces?: LabelSelector;
  readonly pods?: NamespacedPods;
  readonly nodes?: LabelSelector;
  readonly networks?: readonly string[];
  readonly domainNames?: readonly string[];
}

interface EgressRule {
  readonly name?: string;
  /** `Accept` (v1alpha1: `Allow`), `Deny` or `Pass`. */
  readonly action?: string;
  readonly to?: readonly EgressPeer[];
  /** v1alpha2. */
  readonly protocols?: readonly object[];
  /** v1alpha1. */
  readonly ports?: readonly object[];
}

/** A ClusterNetworkPolicy, policy.networking.k8s.io/v1alpha2. */
export interface ClusterNetworkPolicy {
  readonly metadata?: Metadata;
  readonly spec?: {
    /** `Admin` or `Baseline`. */
    readonly tier?: string;
    /** 0 to 1000; lower comes first. */
    readonly priority?: number;
    readonly subject?: Subject;
    readonly egress?: readonly EgressRule[];
  };
}

/** An AdminNetworkPolicy, policy.networking.k8s.io/v1alpha1. */
export interface AdminNetworkPolicy {
  readonly metadata?: Metadata;
  readonly spec?: {
    readonly priority?: number;
    readonly subject?: Subject;
    readonly egress?: readonly EgressRule[];
  };
}

/** The BaselineAdminNetworkPolicy, policy.networking.k8s.io/v1alpha1; it has no priority. */
export type BaselineAdminNetworkPolicy = AdminNetworkPolicy;

/** Before NetworkPolicies (`admin`), and where none of them restricts the Pod (`baseline`). */
export interface AdminVerdicts {
  readonly admin: TierVerdict;
  readonly baseline: TierVerdict;
}

/** What ClusterNetworkPolicies say of a Pod's egress. */
export function clusterNetworkPolicies(
  policies: readonly ClusterNetworkPolicy[],
  pod: SelectedPod,
): AdminVerdicts {
  const ofTier = (tier: string): TierVerdict =>
    tierOf(
      'ClusterNetworkPolicy',
      policies.filter(({ spec }) => spec?.tier === tier),
      pod,
    );
  return { admin: ofTier('Admin'), baseline: ofTier('Baseline') };
}

/** What AdminNetworkPolicies and the baseline say of a Pod's egress. */
export function adminNetworkPolicies(
  policies: readonly AdminNetworkPolicy[],
  baseline: readonly BaselineAdminNetworkPolicy[],
  pod: SelectedPod,
): AdminVerdicts {
  return {
    admin: tierOf('AdminNetworkPolicy', policies, pod),
    baseline: tierOf('BaselineAdminNetworkPolicy', baseline, pod),
  };
}

function tierOf(kind: string, policies: readonly AdminNetworkPolicy[], pod: SelectedPod): TierVerdict {
  if (pod.hostNetwork === true) return SILENT;
  return walk(
    policies
      .filter(({ spec }) => isSubject(spec?.subject, pod))
      .map(({ metadata, spec }): TierPolicy => ({
        policy: refOf(kind, metadata),
        selector: printSubject(spec?.subject ?? {}),
        precedence: spec?.priority ?? 0,
        rules: (spec?.egress ?? []).map(readRule),
      })),
  );
}

function isSubject(subject: Subject | undefined, pod: SelectedPod): boolean {
  if (subject?.namespaces) return selects(subject.namespaces, pod.namespaceLabels);
  if (!subject?.pods) return false;
  return (
    selects(subject.pods.namespaceSelector ?? {}, pod.namespaceLabels) &&
    selects(subject.pods.podSelector ?? {}, pod.labels)
  );
}

function readRule({ action, to = [], protocols, ports }: EgressRule): TierRule {
  const narrow = protocols !== undefined || ports !== undefined;
  const line = `${to.map(printPeer).join(', ')}${narrow ? ' on some ports' : ''}`;
  if (action === 'Accept' || action === 'Allow') return { action: 'accept', to: line, surely: [] };
  if (action === 'Deny') return { action: 'deny', to: line, surely: narrow ? [] : to.flatMap(networksOf) };
  return { action: 'pass', to: line, surely: [] };
}

/** Networks hold cluster-internal traffic as well; selectors hold only some of the addresses that there are. */
function networksOf({ networks = [] }: EgressPeer): AddressRange[] {
  return networks.map(parseCidr).filter((range) => range !== undefined);
}

function printPeer({ namespaces, pods, nodes, networks, domainNames }: EgressPeer): string {
  if (networks) return networks.join(' ');
  if (domainNames) return domainNames.join(' ');
  if (nodes) return `nodes ${printSelector(nodes)}`;
  if (namespaces) return `namespaces ${printSelector(namespaces)}`;
  return `Pods ${printSelector(pods?.podSelector ?? {})} of namespaces ${printSelector(pods?.namespaceSelector ?? {})}`;
}

function printSubject({ namespaces, pods }: Subject): string {
  if (namespaces) return `namespaces ${printSelector(namespaces)}`;
  return `pods ${printSelector(pods?.podSelector ?? {})}`;
}
