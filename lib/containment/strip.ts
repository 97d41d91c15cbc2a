import { QUARANTINE_LABEL } from '../names';
import { restricts } from './network-policy/policy';
import { networkPolicyResidual, type Residual } from './network-policy/residual';
import { withoutPurpose } from './on-purpose';
import { printPolicy, type Labels, type Metadata, type NetworkPolicy, type SelectedPod } from './objects';
import type { LabelSelector, PolicyRef } from './objects';
import { isUntouchable } from './untouchable-labels';
import { requiredKeys, selects } from './selector';
import type { CutOptions } from './ways-out';

/** Who else selects the Pod by its labels, in its namespace. */
export interface Selecting {
  readonly services?: readonly {
    readonly metadata?: Metadata;
    /** A Service without a selector selects nothing. */
    readonly spec?: { readonly selector?: Labels };
  }[];
  readonly budgets?: readonly {
    readonly metadata?: Metadata;
    readonly spec?: { readonly selector?: LabelSelector };
  }[];
  /** The Pod's controllers: ReplicaSet, StatefulSet, DaemonSet, Job. */
  readonly owners?: readonly Owner[];
}

/** A controller and its selector; without one it may be any of the Pod's labels. */
export interface Owner {
  readonly kind: string;
  readonly metadata?: Metadata;
  readonly spec?: { readonly selector?: LabelSelector };
}

/** What a response lets stripping do. */
export interface StripOptions {
  /** Further labels that stay; a `*` at the end means every key that begins so. @default none */
  readonly untouchable?: readonly string[];
  /** Whether `pod-template-hash` may go, so that the Pod leaves its ReplicaSet. @default false */
  readonly detach?: boolean;
  /** Whether a PodDisruptionBudget may lose (or get) the Pod. @default false */
  readonly budgets?: boolean;
  /** What the quarantine lets open on purpose; it need not be stripped away. @default nothing */
  readonly cut?: CutOptions;
}

/** What the loss of labels does to another object. */
export interface StripEffect {
  readonly kind: 'service' | 'budget' | 'owner';
  readonly object: PolicyRef;
  /** Whether the object no longer selects the Pod, or begins to. */
  readonly change: 'leaves' | 'joins';
  /** In one line. */
  readonly line: string;
}

/** Which labels to take from a Pod so that no policy that allows egress selects it. */
export type StripPlan =
  | { readonly kind: 'nothing-to-strip' }
  | {
      readonly kind: 'strip';
      /** What is taken, with the values to be restored. */
      readonly remove: Labels;
      readonly effects: readonly StripEffect[];
    }
  | {
      readonly kind: 'impossible';
      /** Policies that no loss of a label that may be touched gets rid of. */
      readonly residuals: readonly Residual[];
      readonly line: string;
    };

/** Up to so many labels every combination is tried, for the fewest effects; beyond, the most blamed goes first. */
const MOST_TO_COMBINE = 10;

/**
 * Plans to strip the labels by which policies select the Pod. The combination with the fewest effects on others wins, then
 * the one with the fewest labels. What the Pod's labels become is judged as a whole: without a label a policy with `NotIn`
 * or `DoesNotExist` may begin to select it.
 *
 * @param pod with the labels that it has now, the quarantine label among them
 */
export function stripPlan(
  pod: SelectedPod,
  allPolicies: readonly NetworkPolicy[],
  selecting: Selecting = {},
  options: StripOptions = {},
): StripPlan {
  const { policies } = withoutPurpose(allPolicies, options.cut ?? {});
  const before = networkPolicyResidual(policies, pod, 'egress');
  if (before.isolated && before.residuals.length === 0) return { kind: 'nothing-to-strip' };
  const keys = candidates(pod, policies, options);
  const contains = (remove: readonly string[]): boolean => {
    const left = without(pod, remove);
    const { isolated, residuals } = networkPolicyResidual(policies, left, 'egress');
    return isolated && residuals.length === 0;
  };
  const plans = combinations(keys, pod, policies)
    .filter(contains)
    .map((remove) => ({ remove, effects: stripEffects(pod, remove, selecting) }))
    .filter(({ effects }) => options.budgets === true || effects.every(({ kind }) => kind !== 'budget'))
    .sort((a, b) => a.effects.length - b.effects.length || a.remove.length - b.remove.length);
  const [best] = plans;
  if (best === undefined) return impossible(pod, policies, keys);
  const remove = Object.fromEntries(best.remove.map((key) => [key, pod.labels[key] ?? '']));
  return { kind: 'strip', remove, effects: best.effects };
}

function impossible(
  pod: SelectedPod,
  policies: readonly NetworkPolicy[],
  keys: readonly string[],
): StripPlan {
  const { residuals } = networkPolicyResidual(policies, without(pod, keys), 'egress');
  const all = residuals.length > 0 ? residuals : networkPolicyResidual(policies, pod, 'egress').residuals;
  const blamed = all.map(({ policy, selector }) => `${printPolicy(policy)} (${selector})`).join(', ');
  const line =
    all.length === 0
      ? 'no policy holds the Pod: the standing policy is missing'
      : `no label that may be touched takes the Pod away from ${blamed}`;
  return { kind: 'impossible', residuals: all, line };
}

/** Labels that some policy which allows egress needs, and that may be touched. */
function candidates(pod: SelectedPod, policies: readonly NetworkPolicy[], options: StripOptions): string[] {
  const keys = policies
    .filter((policy) => allowsSomething(policy, pod))
    .flatMap(({ spec }) => requiredKeys(spec?.podSelector ?? {}));
  return [...new Set(keys)].filter(
    (key) =>
      Object.hasOwn(pod.labels, key) &&
      key !== QUARANTINE_LABEL &&
      !isUntouchable(key, options.untouchable ?? [], options.detach === true),
  );
}

function allowsSomething(policy: NetworkPolicy, pod: SelectedPod): boolean {
  return networkPolicyResidual([policy], pod, 'egress').residuals.length > 0;
}

function combinations(
  keys: readonly string[],
  pod: SelectedPod,
  policies: readonly NetworkPolicy[],
): string[][] {
  if (keys.length > MOST_TO_COMBINE) return [greedily(keys, pod, policies)];
  return Array.from({ length: 2 ** keys.length }, (_, bits) =>
    keys.filter((_key, place) => (bits & (1 << place)) !== 0),
  );
}

/** Takes label after label, each time the one that most of the policies that are left need. */
function greedily(keys: readonly string[], pod: SelectedPod, policies: readonly NetworkPolicy[]): string[] {
  const removed: string[] = [];
  for (;;) {
    const left = without(pod, removed);
    const needed = policies
      .filter((policy) => restricts(policy, left, 'egress') && allowsSomething(policy, left))
      .map(({ spec }) => requiredKeys(spec?.podSelector ?? {}));
    const score = (key: string): number => needed.filter((each) => each.includes(key)).length;
    const [best] = keys.filter((key) => !removed.includes(key)).sort((a, b) => score(b) - score(a));
    if (best === undefined || score(best) === 0) return removed;
    removed.push(best);
  }
}

function without(pod: SelectedPod, keys: readonly string[]): SelectedPod {
  const labels = Object.fromEntries(Object.entries(pod.labels).filter(([key]) => !keys.includes(key)));
  return { ...pod, labels };
}

/** What the loss of labels does to the Services, budgets and owners that select by them. */
export function stripEffects(
  pod: SelectedPod,
  remove: readonly string[],
  { services = [], budgets = [], owners = [] }: Selecting,
): StripEffect[] {
  const after = without(pod, remove).labels;
  const effect = (
    kind: StripEffect['kind'],
    object: PolicyRef,
    selector: LabelSelector | undefined,
    say: (change: StripEffect['change']) => string,
  ): StripEffect[] => {
    const was = selector !== undefined && selects(selector, pod.labels);
    const is = selector !== undefined && selects(selector, after);
    if (was === is) return [];
    const change = was ? 'leaves' : 'joins';
    return [{ kind, object, change, line: `${printPolicy(object)} ${say(change)}` }];
  };
  const ref = (kind: string, metadata: Metadata | undefined): PolicyRef => ({
    kind,
    namespace: pod.namespace,
    name: metadata?.name ?? '',
  });
  return [
    ...services.flatMap(({ metadata, spec }) => {
      const matchLabels = spec?.selector ?? {};
      const selector = Object.keys(matchLabels).length > 0 ? { matchLabels } : undefined;
      return effect('service', ref('Service', metadata), selector, (change) =>
        change === 'leaves' ? 'no longer sends the Pod traffic' : 'begins to send the Pod traffic',
      );
    }),
    ...budgets.flatMap(({ metadata, spec }) =>
      effect('budget', ref('PodDisruptionBudget', metadata), spec?.selector, (change) =>
        change === 'leaves' ? 'no longer counts the Pod' : 'begins to count the Pod',
      ),
    ),
    ...owners.flatMap((owner) => {
      const object = ref(owner.kind, owner.metadata);
      const selector = owner.spec?.selector;
      if (selector !== undefined) return effect('owner', object, selector, () => ownerLoses(owner.kind));
      if (remove.length === 0) return [];
      const line = `${printPolicy(object)} perhaps ${ownerLoses(owner.kind)}`;
      return [{ kind: 'owner', object, change: 'leaves', line } as const];
    }),
  ];
}

/** What a controller does when a Pod of its own no longer has its labels. */
function ownerLoses(kind: string): string {
  switch (kind) {
    case 'StatefulSet':
      return 'lets the Pod go, and can start no replacement: its name is taken';
    case 'DaemonSet':
      return 'lets the Pod go, and starts a second one on its node';
    default:
      return 'lets the Pod go and starts a replacement; after the release it may stop either';
  }
}
