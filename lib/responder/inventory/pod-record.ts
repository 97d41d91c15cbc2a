import { containerIds, selects } from '../../containment';
import type { PodRecord } from '../../inventory/record';
import type { ClusterState, WatchedPod } from '../cluster/cluster';
import { ownersOf } from './owners';

/** A record but for who tells it, and when. */
export type Untold<R> = Omit<R, 'cluster' | 'time'>;

const CONTAINER_DIGITS = 12;
/** A line must stay far below the 16 KiB at which the container runtime cuts. */
const MOST_SERVICES = 50;
const ENDED_PHASES = ['Succeeded', 'Failed'];

/**
 * What the inventory tells of a Pod; `undefined` where there is nothing to tell, as of one that has no address yet.
 *
 * @param gone when it was seen to be deleted
 */
export function podRecord(
  pod: WatchedPod,
  state: Pick<ClusterState, 'replicaSets' | 'jobs' | 'services'>,
  gone?: string,
): Untold<PodRecord> | undefined {
  const { namespace = '', name = '', uid = '', labels = {}, creationTimestamp } = pod.metadata ?? {};
  const { podIPs = [], startTime, sandbox } = pod.status ?? {};
  const ended = endOf(pod, gone);
  const ips = podIPs.map(({ ip }) => ip);
  const containers = [...new Set(containerIds(pod).map((id) => id.slice(0, CONTAINER_DIGITS)))];
  if (ips.length === 0 && containers.length === 0) return undefined;
  // A sandbox that is being made anew: the addresses are those of before, and have been told of.
  if (ended === undefined && sandbox?.status === 'False') return undefined;
  // It has ended at a time that nobody knows any more; that it is in no picture tells so.
  if (ended === undefined && ENDED_PHASES.includes(pod.status?.phase ?? '')) return undefined;
  const since = sandbox?.status === 'True' ? sandbox.lastTransitionTime : undefined;
  return {
    kind: 'pod',
    ...{ namespace, name, uid },
    since: since ?? startTime ?? String(creationTimestamp ?? ''),
    ...(ended !== undefined && { ended }),
    ...(pod.spec?.nodeName !== undefined && { node: pod.spec.nodeName }),
    ...(pod.spec?.hostNetwork === true && { hostNetwork: true }),
    ...{ ips, containers, owners: ownersOf(pod, state) },
    services: state.services
      .list(namespace)
      .filter(({ spec }) => isSelector(spec?.selector) && selects({ matchLabels: spec.selector }, labels))
      .slice(0, MOST_SERVICES)
      .map(({ metadata }) => metadata?.name ?? ''),
  };
}

/** A Pod that has finished keeps its object, and in it the address that another has by now. */
function endOf({ metadata, status }: WatchedPod, gone: string | undefined): string | undefined {
  const { phase = '', finishedAt, sandbox } = status ?? {};
  if (ENDED_PHASES.includes(phase)) return finishedAt ?? gone;
  const isDown = metadata?.deletionTimestamp !== undefined && sandbox?.status === 'False';
  return (isDown ? sandbox.lastTransitionTime : undefined) ?? gone;
}

/** A Service without a selector selects nothing. */
function isSelector(
  selector: Readonly<Record<string, string>> | undefined,
): selector is Readonly<Record<string, string>> {
  return selector !== undefined && Object.keys(selector).length > 0;
}
