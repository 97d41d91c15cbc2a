import type { AlertOfPod } from '../../containment';
import { PREFIX } from '../../names';
import { messageOf } from '../../program/failure';
import type { WatchedPod } from '../cluster/cluster';
import { keyOf } from '../view/quarantined-pods';
import { RateLimit } from '../limit/rate-limit';
import type { Acting } from './acting';
import { asBeforeCut } from './as-before-cut';
import { withoutSecrets } from './without-secrets';

/** A ConfigMap holds at most 1 MiB. */
const MOST_BYTES = 1_000_000;

/** Snapshots of Pods of one namespace at once, and then in a day: nobody may fill the API server's store by Pods that offend. */
const MOST_A_DAY = 50;
const MOST_NAMESPACES = 1_000;
const DAY_SECONDS = 86_400;

/** What each namespace may still have. */
export function snapshotLimit(now: () => number): RateLimit {
  return new RateLimit({
    ...{ perSecond: MOST_A_DAY / DAY_SECONDS, burst: MOST_A_DAY, most: MOST_NAMESPACES, now },
  });
}

/**
 * Keeps a Pod's object as it was when it was cut off, but for secrets, in a ConfigMap of our own namespace. The object is asked for before the
 * cut and kept after it: nothing waits for it, and where it fails the log says so.
 */
export function keepSnapshot(acting: Acting, pod: WatchedPod, { time }: Pick<AlertOfPod, 'time'>): void {
  const { writes, policy, log, snapshots } = acting;
  const uid = pod.metadata?.uid ?? '';
  const key = keyOf(pod);
  const keep = async (): Promise<void> => {
    if (snapshots.waitOf(key.namespace) > 0)
      throw new Error(`its namespace has had ${MOST_A_DAY}, and gets as many in a day`);
    snapshots.take(key.namespace, 1);
    const whole = await writes.getWholePod(key);
    const before = whole && asBeforeCut(whole, pod);
    if (before === undefined) throw new Error('the Pod is gone');
    const text = JSON.stringify(withoutSecrets(before));
    if (Buffer.byteLength(text) > MOST_BYTES) throw new Error(`it is larger than ${MOST_BYTES} bytes`);
    // Another cut of the same Pod has another alert; another try, or replica, has the same.
    const raised = new Date(time).toISOString().toLowerCase().replaceAll(/[-:]/g, '');
    const name = `falco-egress-snapshot-${uid}-${raised}`;
    const labels = { [`${PREFIX}/snapshot`]: 'true' };
    await writes.writeConfigMap({ namespace: policy.namespace, name }, { 'pod.json': text }, labels);
  };
  keep().catch((error: unknown) => {
    log('warning', 'a snapshot of a Pod could not be kept', {
      namespace: key.namespace,
      pod: key.name,
      error: messageOf(error),
    });
  });
}
