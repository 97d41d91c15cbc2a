import { everyAddress } from '../address';
import type { Residual } from '../network-policy/residual';
import { refOf, type Labels, type LabelSelector, type Metadata, type SelectedPod } from '../objects';
import { printSelector, selects } from '../selector';
import { SILENT, type TierVerdict } from './walk';

/** A CiliumClusterwideNetworkPolicy or, with a namespace, a CiliumNetworkPolicy, cilium.io/v2. */
export interface CiliumNetworkPolicy {
  readonly metadata?: Metadata;
  readonly spec?: CiliumRule;
  readonly specs?: readonly CiliumRule[];
}

interface CiliumRule {
  /** Absent where a `nodeSelector` makes it a rule of nodes. */
  readonly endpointSelector?: LabelSelector;
  readonly egress?: readonly CiliumEgressRule[];
  readonly egressDeny?: readonly CiliumEgressRule[];
  readonly enableDefaultDeny?: { readonly egress?: boolean };
}

/** Its other fields narrow it. */
interface CiliumEgressRule {
  readonly toEntities?: readonly string[];
}

/** What Cilium's policies say of a Pod's egress. */
export interface CiliumVerdict extends TierVerdict {
  /** Whether one of them makes Cilium deny what none allows. */
  readonly isolated: boolean;
}

const NAMESPACE = 'io.kubernetes.pod.namespace';
const NAMESPACE_LABEL = 'io.cilium.k8s.namespace.labels.';
/** Labels that Cilium adds and that we don't know: the service account, the cluster. */
const UNKNOWN = /^(io\.cilium\.k8s\.policy\.|reserved[:.])/;

/**
 * What Cilium's policies say of a Pod's egress. A deny beats each allow, a Kubernetes NetworkPolicy's too; allows add up with
 * those of NetworkPolicies. Only `toEntities: [all]` denies everything: by address Cilium matches neither Pods nor nodes
 * (https://docs.cilium.io/en/stable/security/policy/language/).
 */
export function ciliumPolicies(policies: readonly CiliumNetworkPolicy[], pod: SelectedPod): CiliumVerdict {
  if (pod.hostNetwork === true) return { ...SILENT, isolated: false };
  const labels = ciliumLabels(pod);
  const applying = policies.flatMap(({ metadata, spec, specs = [] }) => {
    const namespaced = metadata?.namespace !== undefined;
    if (namespaced && metadata.namespace !== pod.namespace) return [];
    const policy = refOf(namespaced ? 'CiliumNetworkPolicy' : 'CiliumClusterwideNetworkPolicy', metadata);
    return [...(spec ? [spec] : []), ...specs].map((rule) => ({
      policy,
      rule,
      hit: hit(rule.endpointSelector, labels),
    }));
  });
  const by = applying
    .filter(({ rule, hit: how }) => how === 'surely' && (rule.egressDeny ?? []).some(isEverything))
    .map(({ policy }) => policy);
  if (by.length > 0) {
    const ranges = [everyAddress(4), everyAddress(6)];
    return { denied: true, ranges, by, residuals: [], passed: false, isolated: true };
  }
  const residuals = applying.flatMap(({ policy, rule, hit: how }): Residual[] => {
    const to = (rule.egress ?? []).filter((each) => Object.keys(each).length > 0).map(printRule);
    const selector = `endpointSelector ${printSelector(rule.endpointSelector ?? {})}`;
    return how === 'no' || to.length === 0 ? [] : [{ policy, selector, to }];
  });
  const isolated = applying.some(({ rule, hit: how }) => how === 'surely' && defaultDenies(rule));
  return { ...SILENT, residuals, isolated };
}

function defaultDenies({ egress = [], egressDeny = [], enableDefaultDeny }: CiliumRule): boolean {
  return enableDefaultDeny?.egress ?? egress.length + egressDeny.length > 0;
}

function isEverything(rule: CiliumEgressRule): boolean {
  return Object.keys(rule).every((key) => key === 'toEntities') && (rule.toEntities ?? []).includes('all');
}

function printRule(rule: CiliumEgressRule): string {
  if (rule.toEntities?.includes('all') && Object.keys(rule).length === 1) return 'anywhere';
  const { toEntities, ...narrowed } = rule;
  const names = Object.keys(narrowed);
  return [...(toEntities ? [`entities ${toEntities.join(' ')}`] : []), ...names].join(', ');
}

/** Labels as Cilium gives them to an endpoint. */
function ciliumLabels({ labels, namespace, namespaceLabels }: SelectedPod): Labels {
  const ofNamespace = Object.entries(namespaceLabels).map(([key, value]) => [NAMESPACE_LABEL + key, value]);
  return { ...labels, ...(Object.fromEntries(ofNamespace) as Labels), [NAMESPACE]: namespace };
}

/** Whether a selector selects an endpoint; `perhaps` where it asks for labels that we don't know. */
function hit(selector: LabelSelector | undefined, labels: Labels): 'surely' | 'perhaps' | 'no' {
  if (selector === undefined) return 'no';
  // A label's source may stand before it: k8s: is what Pods have, any: means every source.
  const bare = (key: string): string => key.replace(/^(k8s|any)[:.]/, '');
  const labelPairs = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]) => [bare(key), value] as const,
  );
  const requirements = (selector.matchExpressions ?? []).map((each) => ({ ...each, key: bare(each.key) }));
  const known = {
    matchLabels: Object.fromEntries(labelPairs.filter(([key]) => !UNKNOWN.test(key))),
    matchExpressions: requirements.filter(({ key }) => !UNKNOWN.test(key)),
  };
  if (!selects(known, labels)) return 'no';
  const all = [...labelPairs.map(([key]) => key), ...requirements.map(({ key }) => key)];
  return all.some((key) => UNKNOWN.test(key)) ? 'perhaps' : 'surely';
}
