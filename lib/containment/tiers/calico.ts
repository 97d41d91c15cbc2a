import { everyAddress, parseCidr, type AddressRange } from '../address';
import { refOf, type Metadata, type SelectedPod } from '../objects';
import { calicoSelects, type CalicoLabels, type Selected } from './calico-selector';
import { SILENT, walk, type TierPolicy, type TierRule, type TierVerdict } from './walk';

/** A GlobalNetworkPolicy or, with a namespace, a NetworkPolicy of projectcalico.org/v3. */
export interface CalicoPolicy {
  readonly metadata?: Metadata;
  readonly spec?: {
    /** @default "default" */
    readonly tier?: string;
    /** Lower comes first; without one a policy comes last. */
    readonly order?: number;
    readonly selector?: string;
    readonly namespaceSelector?: string;
    readonly serviceAccountSelector?: string;
    readonly types?: readonly string[];
    readonly ingress?: readonly object[];
    readonly egress?: readonly CalicoRule[];
    /** Of host endpoints only. */
    readonly doNotTrack?: boolean;
    /** Of host endpoints only. */
    readonly preDNAT?: boolean;
  };
}

interface CalicoRule {
  /** `Allow`, `Deny`, `Pass` or `Log`. */
  readonly action?: string;
  readonly ipVersion?: number;
  readonly destination?: { readonly nets?: readonly string[] };
  readonly source?: object;
}

/** A Tier, projectcalico.org/v3. */
export interface CalicoTier {
  readonly metadata?: Metadata;
  readonly spec?: { readonly order?: number; readonly defaultAction?: string };
}

/** What Calico's own policies say of a Pod's egress. */
export interface CalicoVerdict extends TierVerdict {
  /** Whether one of the default tier restricts the Pod, as a NetworkPolicy does. */
  readonly isolated: boolean;
}

const DEFAULT_TIER = 'default';
/** What Kubernetes NetworkPolicies have, in the default tier. */
const NETWORK_POLICY_ORDER = 1000;
const DEFAULT_TIER_ORDER = 1_000_000;
/** Keys in rules that don't narrow them. */
const HARMLESS = ['action', 'ipVersion', 'destination', 'metadata'];

/**
 * What Calico's own policies say of a Pod's egress: tiers by their order, in them policies by theirs. Kubernetes
 * NetworkPolicies stand at order 1000 of the tier `default`; a deny counts where it comes before, an allow everywhere, since
 * what no NetworkPolicy allows reaches the policies after them
 * (https://docs.tigera.io/calico/latest/network-policy/policy-tiers/tiered-policy).
 */
export function calicoPolicies(
  policies: readonly CalicoPolicy[],
  tiers: readonly CalicoTier[],
  pod: SelectedPod,
): CalicoVerdict {
  if (pod.hostNetwork === true) return { ...SILENT, isolated: false };
  const applying = policies.filter(isOfEgress).map((policy) => ({ policy, hit: selected(policy, pod) }));
  const found = applying.filter(({ hit }) => hit !== false);
  const inTier = (name: string) => found.filter(({ policy }) => (policy.spec?.tier ?? DEFAULT_TIER) === name);
  const names = [...new Set(found.map(({ policy }) => policy.spec?.tier ?? DEFAULT_TIER)), DEFAULT_TIER];
  const order = (name: string): number => tierOrder(name, tiers);
  const sorted = [...new Set(names)].sort((a, b) => order(a) - order(b));
  let state: TierVerdict = SILENT;
  for (const name of sorted.slice(0, sorted.indexOf(DEFAULT_TIER))) {
    state = walk(inTier(name).map(tierPolicy), state);
    // What no policy of a tier decides ends at its last one, unless the tier passes it on.
    const ends = inTier(name).filter(({ hit }) => hit === true);
    if (!state.denied && !state.passed && ends.length > 0 && defaultAction(name, tiers) !== 'Pass')
      state = {
        ...state,
        denied: true,
        ranges: [everyAddress(4), everyAddress(6)],
        by: ends.map(({ policy }) => calicoRef(policy)),
      };
  }
  const own = inTier(DEFAULT_TIER).map(tierPolicy);
  const isolated = inTier(DEFAULT_TIER).some(({ hit }) => hit === true);
  state = walk(
    own.filter(({ precedence }) => precedence < NETWORK_POLICY_ORDER),
    state,
  );
  const after = walk(
    own.filter(({ precedence }) => precedence >= NETWORK_POLICY_ORDER),
    state,
  );
  // A tier that we were not told about may come first: what it allows counts, what it denies does not.
  const untold = found.filter(
    ({ policy: { spec } }) => tierOrder(spec?.tier ?? DEFAULT_TIER, tiers) === Infinity,
  );
  const open = walk(untold.map(tierPolicy), SILENT).residuals;
  return { ...state, residuals: [...after.residuals, ...open], isolated };
}

function isOfEgress({ spec }: CalicoPolicy): boolean {
  if (spec?.doNotTrack === true || spec?.preDNAT === true) return false;
  return spec?.types?.includes('Egress') ?? (spec?.egress ?? []).length > 0;
}

function selected({ metadata, spec }: CalicoPolicy, pod: SelectedPod): Selected {
  if (metadata?.namespace !== undefined && metadata.namespace !== pod.namespace) return false;
  const labels: CalicoLabels = {
    labels: {
      ...pod.labels,
      'projectcalico.org/namespace': pod.namespace,
      'projectcalico.org/orchestrator': 'k8s',
    },
    unknown: ['projectcalico.org/serviceaccount', 'projectcalico.org/name'],
  };
  const namespaceLabels: CalicoLabels = {
    labels: { ...pod.namespaceLabels, 'projectcalico.org/name': pod.namespace },
    unknown: [],
  };
  const parts = [
    calicoSelects(spec?.selector ?? '', labels),
    calicoSelects(spec?.namespaceSelector ?? '', namespaceLabels),
    (spec?.serviceAccountSelector ?? '') === '' ? true : undefined,
  ];
  if (parts.includes(false)) return false;
  return parts.includes(undefined) ? undefined : true;
}

/** Of a policy that only perhaps selects the Pod the denies don't count. */
function tierPolicy({ policy, hit }: { policy: CalicoPolicy; hit: Selected }): TierPolicy {
  const { spec } = policy;
  return {
    policy: calicoRef(policy),
    selector: `selector ${spec?.selector ?? 'all()'}`,
    precedence: spec?.order ?? Infinity,
    rules: (spec?.egress ?? []).flatMap((rule) => readRule(rule, hit === true)),
  };
}

function calicoRef({ metadata }: CalicoPolicy) {
  return refOf(
    metadata?.namespace === undefined ? 'GlobalNetworkPolicy' : 'NetworkPolicy.projectcalico.org',
    metadata,
  );
}

function readRule(rule: CalicoRule, sure: boolean): TierRule[] {
  const to = printRule(rule);
  if (rule.action === 'Allow') return [{ action: 'accept', to, surely: [] }];
  if (rule.action === 'Pass') return [{ action: 'pass', to, surely: [] }];
  if (rule.action === 'Deny') return [{ action: 'deny', to, surely: sure ? rangesOf(rule) : [] }];
  return [];
}

function rangesOf(rule: CalicoRule): AddressRange[] {
  const narrow =
    Object.keys(rule).some((key) => !HARMLESS.includes(key)) ||
    Object.keys(rule.destination ?? {}).some((key) => key !== 'nets');
  if (narrow) return [];
  const ranges = rule.destination?.nets?.map(parseCidr) ?? [everyAddress(4), everyAddress(6)];
  return ranges
    .filter((range) => range !== undefined)
    .filter(({ family }) => rule.ipVersion === undefined || rule.ipVersion === family);
}

function printRule(rule: CalicoRule): string {
  const nets = rule.destination?.nets;
  const narrow = Object.keys(rule).some((key) => !['action', 'metadata'].includes(key));
  if (!narrow) return 'anywhere';
  return nets === undefined ? 'what its rule says' : nets.join(' ');
}

function tierOrder(name: string, tiers: readonly CalicoTier[]): number {
  const tier = tiers.find(({ metadata }) => metadata?.name === name);
  return tier?.spec?.order ?? (name === DEFAULT_TIER ? DEFAULT_TIER_ORDER : Infinity);
}

function defaultAction(name: string, tiers: readonly CalicoTier[]): string {
  return tiers.find(({ metadata }) => metadata?.name === name)?.spec?.defaultAction ?? 'Deny';
}
