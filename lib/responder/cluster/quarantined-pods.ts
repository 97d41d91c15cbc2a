import { QUARANTINE_LABEL, QUARANTINE_VALUE } from '../../names';
import type { ApiClient } from './api-client';
import type { WatchedPod } from './cluster';
import { listAll } from './list-all';
import { projectPod } from './projections';
import { CORE } from './resource';

/** Every Pod with the quarantine label past every cache, whole enough to be judged and released. */
export function quarantinedPods(client: ApiClient, namespace?: string): Promise<WatchedPod[]> {
  return listAll(client, CORE.pods, projectPod, {
    ...(namespace !== undefined && { namespace }),
    query: { labelSelector: `${QUARANTINE_LABEL}=${QUARANTINE_VALUE}` },
  });
}
