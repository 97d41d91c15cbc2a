import type { KubeConfig } from '@kubernetes/client-node';
import { setMaxListeners } from 'node:events';
import { connect } from '../../program/cluster-connection';
import type { Log } from '../../program/log';
import { monotonicClock } from '../clock';
import { AccessSource } from './access';
import { ApiClient, type CallEnd } from './api-client';
import type { Cluster } from './cluster';
import { watchCluster, type StateTimes, type WatchedState } from './state';
import { TierDiscovery } from './tier-discovery';
import { clusterWrites } from './writes';

/** What the real cluster is reached with. */
export interface RealClusterProps {
  readonly log: Log;
  /** Where the cluster is, and who we are; called again when credentials are refused. @default `connect` */
  readonly load?: () => KubeConfig;
  /** For calls, in milliseconds. @default 5000 */
  readonly timeout?: number;
  /** Told of each call, watches apart, for metrics. */
  readonly ended?: (call: CallEnd) => void;
  /** @default as a cluster needs it */
  readonly times?: Partial<StateTimes>;
}

/** Whoever sends an alert waits for the review of its token, a probe for our readiness. */
const WAITED_FOR = 900;

const TIMES: StateTimes = {
  silence: 90_000,
  hold: 300,
  list: 30_000,
  pause: { least: 20, most: 10_000 },
  discover: 60_000,
};

/** The cluster itself. */
export function realCluster({ log, load = connect, timeout, ended, times }: RealClusterProps): Cluster {
  const access = new AccessSource(load, monotonicClock);
  const client = new ApiClient(access, { ...(timeout && { timeout }), ...(ended && { ended }) });
  const tiers = new TierDiscovery(client);
  const states = new Set<WatchedState>();
  return {
    ...clusterWrites({ client, tiers, states }),
    review: async (token, audience) => {
      const { status } = (await client.json({
        method: 'POST',
        path: '/apis/authentication.k8s.io/v1/tokenreviews',
        body: {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenReview',
          spec: { token, audiences: [audience] },
        },
        doing: 'create TokenReview',
        timeout: timeout ?? WAITED_FOR,
      })) as TokenReview;
      const valid = status?.authenticated === true && status.audiences?.includes(audience) === true;
      const [node] = status?.user?.extra?.['authentication.kubernetes.io/node-name'] ?? [];
      return { user: valid ? status.user?.username : undefined, node };
    },
    readiness: async () => {
      const doing = 'ask whether it is ready';
      const call = { method: 'GET', path: '/readyz', doing, timeout: timeout ?? WAITED_FOR } as const;
      const answer = await client.ask(call).catch(() => undefined);
      if (answer === undefined) return { ready: false, why: 'the API server does not answer' };
      const ready = answer.status === 200;
      return {
        ready,
        why: ready ? 'ok' : 'the API server says that it is not ready, or does not know our token',
      };
    },
    watch: (signal, also) => {
      // Each watch listens to it, and none is forgotten.
      setMaxListeners(0, signal);
      const state = watchCluster(
        { client, tiers, clock: monotonicClock, log, random: Math.random, times: { ...TIMES, ...times } },
        signal,
        also,
      );
      states.add(state);
      signal.addEventListener('abort', () => states.delete(state), { once: true });
      return state;
    },
  };
}

/** What is read of the answer. */
interface TokenReview {
  readonly status?: {
    readonly authenticated?: boolean;
    readonly audiences?: readonly string[];
    readonly user?: {
      readonly username?: string;
      readonly extra?: Readonly<Record<string, readonly string[]>>;
    };
  };
}
