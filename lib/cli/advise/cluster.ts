import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { clusterState, type ClusterState } from '../../advise/cluster-state';
import { messageOf } from '../../program/failure';
import { isJsonObject } from '../../rules/recorded/json-value';
import { UsageError } from '../../synth/usage-error';

/** What is known of a cluster, and what isn't. */
export interface KnownCluster {
  readonly state: ClusterState;
  /** A line each. */
  readonly remarks: readonly string[];
}

/** How the state is written down. */
const COMMAND =
  'kubectl get pods,services,endpointslices,namespaces,nodes,networkpolicies,deployments,statefulsets,daemonsets,replicasets,jobs,cronjobs -A -o json';
/**
 * The state of a cluster as files hold it, as `kubectl get -o json` or `-o yaml` writes it.
 *
 * @throws UsageError
 */
export function clusterIn(files: readonly string[]): KnownCluster {
  const objects = files.flatMap(objectsIn);
  const state = clusterState(objects);
  if (state.pods.length === 0 && state.owners.length === 0)
    throw new UsageError(`${files.join(', ')}: there is no Pod in it; write it by: ${COMMAND} > state.json`);
  const unknown = [
    ...(state.services.length === 0 ? ['Services'] : []),
    ...(state.namespaces.size === 0 ? ['namespaces'] : []),
    ...(state.nodes.length === 0 ? ['nodes'] : []),
  ];
  const list = unknown.join(', ');
  return {
    state,
    remarks:
      unknown.length === 0 ? [] : [`${files.join(', ')}: it holds no ${list}: nothing is known of them`],
  };
}

/** All objects that a file holds. */
export function objectsIn(file: string): readonly unknown[] {
  try {
    const text = readFileSync(file === '-' ? 0 : file, 'utf8');
    return /^\s*\{/.test(text) ? [JSON.parse(text)] : loadAll(text).filter(isJsonObject);
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${messageOf(error).split('\n', 1)[0] ?? ''}`);
  }
}
