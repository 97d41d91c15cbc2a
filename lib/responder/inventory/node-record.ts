import type { NodeRecord } from '../../inventory/record';
import type { WatchedNode } from '../cluster/cluster';
import type { Untold } from './pod-record';

/** What the inventory tells of a node. */
export function nodeRecord({ metadata = {}, ips }: WatchedNode, gone?: string): Untold<NodeRecord> {
  const { name = '', uid = '', creationTimestamp = '' } = metadata;
  return {
    kind: 'node',
    ...{ name, uid, since: creationTimestamp },
    ...(gone !== undefined && { ended: gone }),
    ips,
  };
}
