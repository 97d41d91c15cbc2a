import type { Advice } from './advice';
import type { PassedOver } from './observations';
import { isoOf } from './words';

/** Advice for programs. */
export function adviceAsJson(advice: readonly Advice[]): readonly object[] {
  return advice.map((each) => {
    const { kind, namespace, workload, notes, behind } = each;
    const proxied = behind.length > 0 && { behindProxies: behind };
    if (kind === 'none') return { namespace, workload, advised: false, why: each.why, notes, ...proxied };
    const { first, last, startUp, ...sure } = each.sure;
    return {
      ...{ namespace, workload, advised: true, notes, ...proxied },
      sure: { ...sure, first: isoOf(first), last: isoOf(last), startUp: startUp ?? null },
      policy: each.policy,
    };
  });
}

/** Of which attempts nothing is advised, for people: a line each. */
export function passedOverText({
  quarantined,
  onceQuarantined,
  ofNodes,
  withoutPod,
  gone,
  goneCut,
}: PassedOver): readonly string[] {
  return [
    ...(quarantined === 0 ? [] : [`left out: ${attempts(quarantined)} of Pods that are quarantined`]),
    ...(onceQuarantined === 0
      ? []
      : [
          `left out: ${attempts(onceQuarantined)} to what only Pods reached that were quarantined then, by the responder's alerts`,
        ]),
    ...(ofNodes === 0
      ? []
      : [`left out: ${attempts(ofNodes)} of processes of nodes, which no NetworkPolicy holds`]),
    ...(withoutPod === 0 ? [] : [`left out: ${attempts(withoutPod)} of which nothing tells the Pod`]),
    ...[...gone].map(
      ([workload, times]) =>
        `${workload}: ${attempts(times)}, but nothing of it is in the cluster now: no policy is advised, because its labels are unknown`,
    ),
    ...(goneCut === 0 ? [] : [`${attempts(goneCut)} of more workloads that are gone`]),
  ];
}

function attempts(count: number): string {
  return `${count} ${count === 1 ? 'attempt' : 'attempts'}`;
}
