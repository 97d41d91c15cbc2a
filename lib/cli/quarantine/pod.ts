import type { Pod } from '../../containment';
import { ClusterError } from '../../program/cluster-error';
import type { ObjectKey, WatchedPod } from '../../responder/cluster/cluster';
import { despiteRaces } from '../../responder/cluster/despite-races';
import { UsageError } from '../../synth/usage-error';
import { CommandError } from '../command-error';
import { keyOf, type QuarantineCluster } from './cluster';

/** `NAMESPACE/POD`, the one argument of a command. */
export function podArgument(positionals: readonly string[], command: string): ObjectKey {
  const [text, ...more] = positionals;
  const [, namespace = '', name = ''] = /^([a-z0-9-]+)\/([a-z0-9.-]+)$/.exec(text ?? '') ?? [];
  if (namespace !== '' && name !== '' && more.length === 0) return { namespace, name };
  const given = text === undefined || more.length > 0 ? '' : ` (not '${text}')`;
  throw new UsageError(
    `name one Pod as NAMESPACE/POD${given}: quarantine ${command} shop/cart-0; see --help`,
  );
}

/** The Pod, as it is now. */
async function podOf(cluster: QuarantineCluster, key: ObjectKey): Promise<WatchedPod> {
  const pod = await cluster.writes.getPod(key);
  if (pod !== undefined) return pod;
  throw new CommandError('POD_GONE', `there is no Pod ${key.namespace}/${key.name}`);
}

/** Reads a Pod and changes it; again where somebody else has changed it meanwhile. */
export function changing<T>(
  cluster: QuarantineCluster,
  key: ObjectKey,
  change: (pod: WatchedPod) => Promise<T>,
): Promise<T> {
  return despiteRaces(async () => change(await podOf(cluster, key)));
}

/** What a person did, as an Event on the Pod; it outlives the Pod for as long as the cluster keeps Events. */
export interface Deed {
  readonly reason: 'Quarantined' | 'Approved' | 'Released';
  readonly line: string;
}

/**
 * Writes down what a person did.
 *
 * @returns what went wrong with it, in a line: the deed itself is done
 */
export async function tell(
  cluster: QuarantineCluster,
  pod: Pod,
  { reason, line }: Deed,
): Promise<string | undefined> {
  const { namespace, name } = keyOf(pod);
  const time = new Date();
  const { uid } = pod.metadata ?? {};
  try {
    await cluster.writes.writeEvent({
      namespace,
      name: `${name.slice(0, 200)}.${reason.toLowerCase()}.${time.getTime().toString(36)}`,
      type: reason === 'Quarantined' ? 'Warning' : 'Normal',
      ...{ reason, action: reason, message: line, time },
      regarding: { kind: 'Pod', apiVersion: 'v1', namespace, name, ...(uid !== undefined && { uid }) },
    });
    return undefined;
  } catch (error) {
    if (error instanceof ClusterError) return `the Event about it was not written: ${error.message}`;
    throw error;
  }
}
