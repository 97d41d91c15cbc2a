import { selects, type Labels, type LabelSelector } from '../containment';
import { PREFIX } from '../names';

/** Labels that another Pod of the same workload has otherwise. */
const OF_EACH = new Set([
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'controller-uid',
  'job-name',
]);
/** Labels that the next version of it has otherwise. */
const OF_VERSION = new Set([
  'helm.sh/chart',
  'app.kubernetes.io/version',
  'app.kubernetes.io/managed-by',
  'version',
]);
const PREFIXES_OF_EACH = [
  'statefulset.kubernetes.io/',
  'apps.kubernetes.io/',
  'batch.kubernetes.io/',
  'topology.kubernetes.io/',
  `${PREFIX}/`,
];

/** By which people mostly tell workloads apart, the best first. */
const PREFERRED = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
  'app',
  'k8s-app',
  'name',
  'component',
  'role',
  'tier',
];

/** Labels without those that are each Pod's own. */
export function sharedLabels(labels: Labels): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter(
      ([key]) => !OF_EACH.has(key) && !PREFIXES_OF_EACH.some((prefix) => key.startsWith(prefix)),
    ),
  );
}

/** Labels that stay what they are as long as the workload is what it is, and that all of its Pods have. */
export function lastingLabels(all: readonly Labels[]): Labels {
  const [first = {}, ...others] = all;
  return Object.fromEntries(
    Object.entries(sharedLabels(first)).filter(
      ([key, value]) =>
        !OF_VERSION.has(key) && others.every((labels) => Object.hasOwn(labels, key) && labels[key] === value),
    ),
  );
}

/** The selector of a controller without what is of one version only. */
export function lastingSelector(selector: LabelSelector): LabelSelector {
  const { matchLabels, matchExpressions } = selector;
  return {
    ...(matchLabels && { matchLabels: lastingLabels([matchLabels]) }),
    ...(matchExpressions && matchExpressions.length > 0 && { matchExpressions }),
  };
}

/**
 * As few of a workload's labels as tell it apart from the others of its namespace; all of them where none do, and `undefined`
 * where it has none: what selects nothing in particular selects everything.
 */
export function tellingLabels(own: Labels, others: readonly Labels[]): LabelSelector | undefined {
  const keys = [
    ...PREFERRED.filter((key) => Object.hasOwn(own, key)),
    ...Object.keys(own)
      .filter((key) => !PREFERRED.includes(key))
      .sort(),
  ];
  if (keys.length === 0) return undefined;
  const chosen: Record<string, string> = {};
  let left = others;
  for (const key of keys) {
    const value = own[key] ?? '';
    const fewer = left.filter((labels) => selects({ matchLabels: { [key]: value } }, labels));
    if (Object.keys(chosen).length > 0 && fewer.length === left.length) continue;
    chosen[key] = value;
    left = fewer;
    if (left.length === 0) break;
  }
  return { matchLabels: withoutNeedless(chosen, others) };
}

/** Takes out again what a later label made needless. */
function withoutNeedless(chosen: Labels, others: readonly Labels[]): Labels {
  const selected = (labels: Labels): number =>
    others.filter((other) => selects({ matchLabels: labels }, other)).length;
  let labels = chosen;
  for (const key of Object.keys(chosen)) {
    const fewer = Object.fromEntries(Object.entries(labels).filter(([other]) => other !== key));
    if (Object.keys(fewer).length > 0 && selected(fewer) === selected(labels)) labels = fewer;
  }
  return labels;
}
