/**
 * The responder as a library: what decides on alerts and acts on them, for a program of one's own. The cluster is handed in;
 * Kubernetes' client is loaded by the program in `lib/program` alone.
 */
export type { Alert, AlertedPod, Way } from './alert/alert';
export { alertsFromLogs, type LoggedAlerts } from './alert/logs';
export { MalformedBodyError } from './alert/malformed';
export { alertFromSidekick } from './alert/sidekick';
export type {
  Change,
  Cluster,
  ClusterState,
  ClusterWrites,
  EventToWrite,
  ObjectKey,
  Store,
  WatchedPod,
} from './cluster/cluster';
export { parseConfig, type CheckedConfig, type ResponderConfig } from './config';
export { decide, type Decision, type DecisionInput } from './decide/decide';
export { ResponderMetrics } from './report/responder-metrics';
export { compileResponses, MatchError, type Matcher } from './responses/compile-responses';
export type { CheckedResponse } from './responses/read-responses';
export { startResponder, type ResponderProps, type RunningResponder } from './run';
