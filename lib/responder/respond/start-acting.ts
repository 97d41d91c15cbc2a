import { messageOf } from '../../program/failure';
import type { Log } from '../../program/log';
import { monotonicClock } from '../clock';
import type { Cluster, ClusterState } from '../cluster/cluster';
import type { CheckedConfig } from '../config';
import { Inventory } from '../inventory/inventory';
import type { Readiness } from '../readiness';
import { Reporter } from '../report/reporter';
import type { Live, ResponderMetrics } from '../report/responder-metrics';
import { sendTo } from '../report/send-alert';
import { tellExemptions } from '../view/tell-exemptions';
import { QuarantinedPods } from '../view/quarantined-pods';
import { waitingPods } from '../view/waiting-pods';
import type { Policy } from './acting';
import { Engine } from './engine';
import { snapshotLimit } from './snapshot';

/** What acting is started with. */
export interface ActingProps {
  readonly config: CheckedConfig;
  readonly cluster: Cluster;
  readonly log: Log;
  readonly metrics: ResponderMetrics;
  /** Takes lines of the inventory, and alerts that are to be kept. */
  readonly write: (line: string) => void;
}

/** What acts, from the moment on at which its watches are filled. */
export interface RunningActing {
  live(): Live | undefined;
  /** Why nothing can be promised yet. */
  notReady(): Readiness | undefined;
  /** Ends what is under way. */
  stop(): Promise<void>;
  /** Once it has stopped: what people still had to be told of has been told, or the time for it is over. */
  told(): Promise<void>;
}

/** How long it still tells people of what it has done; the Pod's grace period is longer. */
const TOLD_WITHIN = 20_000;

/** A watch that has heard nothing for so long shows a cluster that may be another one by now. */
const MOST_STALE = 120_000;

/** Watches the cluster and acts on it; without any response too: what was cut off before ends in its time. */
export function startActing(props: ActingProps): RunningActing {
  const { config, cluster, log, metrics } = props;
  const ended = new AbortController();
  const state = cluster.watch(ended.signal, { inventory: config.inventory !== undefined });
  let inventory: Inventory | undefined;
  let live: Live | undefined;
  let telling = Promise.resolve();
  const begin = async (): Promise<void> => {
    await state.synced();
    if (ended.signal.aborted) return;
    const quarantined = new QuarantinedPods(state.pods, Date.now);
    const reporter = new Reporter({
      writes: cluster,
      send: config.sidekickUrl === undefined ? undefined : sendTo(config.sidekickUrl, config.tls),
      keep: config.keepAlerts ? props.write : undefined,
      cluster: config.cluster,
      log,
      now: Date.now,
      busy: () => (live?.engine.depth().waiting ?? 0) > 0,
      count: (reason) => {
        metrics.report(reason);
      },
    });
    const engine = new Engine({
      ...{ policy: policyOf(config), state, writes: cluster, quarantined, reporter, log },
      policiesUnderWay: new Map(),
      latencies: metrics.latencies,
      snapshots: snapshotLimit(() => performance.now()),
      now: Date.now,
    });
    if (config.exempt !== undefined)
      tellExemptions(state.namespaces, config.exempt, (report) => {
        reporter.later(report);
      });
    live = {
      ...{ engine, quarantined, reporter, staleness: () => state.staleness() },
      waitingPods: () => waitingPods(state.pods.list()),
    };
    inventory = inventoryOf(props, state);
  };
  const begun = begin().catch((error: unknown) => {
    log('error', 'watching the cluster failed', { error: messageOf(error) });
  });
  return {
    live: () => live,
    notReady: () => {
      if (live === undefined) return { ready: false, why: 'the watches are not filled yet' };
      if (state.staleness() > MOST_STALE) return { ready: false, why: 'a watch hears nothing' };
      return undefined;
    },
    stop: async () => {
      inventory?.stop();
      ended.abort();
      // Watches that are not filled yet never will be.
      if (live === undefined) return;
      await begun;
      await live.engine.stop();
      telling = live.reporter.stop(TOLD_WITHIN);
    },
    told: () => telling,
  };
}

function inventoryOf({ config, log, write }: ActingProps, state: ClusterState): Inventory | undefined {
  const { inventory, cluster, exempt } = config;
  const times = { clock: monotonicClock, now: Date.now };
  return inventory && new Inventory({ state, cluster, exempt, ...inventory, write, log, ...times });
}

function policyOf({ namespace, responses, protected: kept, limits, quarantine }: CheckedConfig): Policy {
  const { maxAgeSeconds, ...own } = limits;
  return { namespace, responses, protected: kept, limits: own, maxAgeSeconds, cut: quarantine };
}
