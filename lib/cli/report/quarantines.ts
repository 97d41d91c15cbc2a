import { parseRecord } from '../../containment';
import { QUARANTINE_RECORD_ANNOTATION } from '../../names';
import type { Quarantine } from '../../report/quarantine';
import { inert } from '../../rules/evaluate/printable';
import type { ClusterOptions } from '../kubeconfig-options';
import { keyOf, QuarantineCluster } from '../quarantine/cluster';

/** Pods that are cut off now, judged by all policies that there are. */
export async function liveQuarantines(
  options: ClusterOptions,
): Promise<{ readonly quarantines: readonly Quarantine[]; readonly missing: readonly string[] }> {
  const cluster = new QuarantineCluster(options);
  const pods = await cluster.quarantined();
  const quarantines = await Promise.all(
    pods.map(async (pod): Promise<Quarantine> => {
      const { namespace, name } = keyOf(pod);
      const record = parseRecord(pod.metadata?.annotations?.[QUARANTINE_RECORD_ANNOTATION] ?? '');
      const since = Math.floor(Date.parse(record?.since ?? '') / 1000);
      return {
        ...{ source: 'cluster', namespace, pod: name, since: Number.isNaN(since) ? undefined : since },
        ended: undefined,
        why: record === undefined ? 'its record is unreadable' : inert(record.reason),
        state: inert((await cluster.verdict(pod)).summary),
      };
    }),
  );
  return { quarantines, missing: cluster.blindness === undefined ? [] : [cluster.blindness] };
}
