import { setImmediate } from 'node:timers/promises';
import type { AlertedPod } from '../../../lib/responder/alert/alert';
import type { CheckedResponse } from '../../../lib/responder/responses/read-responses';
import { Latencies } from '../../../lib/responder/report/latencies';
import { Reporter } from '../../../lib/responder/report/reporter';
import type { Policy } from '../../../lib/responder/respond/acting';
import { Engine } from '../../../lib/responder/respond/engine';
import { QuarantinedPods } from '../../../lib/responder/view/quarantined-pods';
import { snapshotLimit } from '../../../lib/responder/respond/snapshot';
import { recordOf } from '../../../lib/responder/respond/inputs';
import type { ObjectKey } from '../../../lib/responder/cluster/cluster';
import { MemoryCluster } from './memory-cluster';

/** When everything here happens, unless a test says so. */
export const NOW = Date.parse('2026-11-22T09:15:00Z');
export const NGINX: ObjectKey = { namespace: 'demo', name: 'nginx' };

/** A response that cuts off. */
export const response = (over: Partial<CheckedResponse> = {}): CheckedResponse => ({
  ...{ name: 'cut', match: 'rule = x', action: 'quarantine', mode: 'enforce', onExpiry: 'release' },
  ...{ cooldownSeconds: 300, strip: false, detach: false, snapshot: false },
  ...over,
});

/** The engine on a cluster in memory, whose time stands still. */
export class EngineUnderTest {
  readonly cluster = new MemoryCluster();
  readonly logged: string[] = [];
  now = NOW;
  /** Decisions that had to be made. */
  decisions = 0;
  private raised = 0;
  private engine: Engine | undefined;
  private reporter: Reporter | undefined;

  constructor(private readonly policy: Partial<Policy> = {}) {}

  /** Starts it on what the cluster is by now. */
  start(): this {
    const log = (_: string, message: string): void => void this.logged.push(message);
    const now = (): number => this.now;
    const { cluster } = this;
    const { state } = cluster;
    this.reporter = new Reporter({
      ...{ writes: cluster, send: undefined, keep: undefined, cluster: 'prod', log, now },
      ...{ busy: () => false, count: () => undefined },
    });
    this.engine = new Engine({
      policy: {
        ...{ namespace: 'own', responses: [response()], protected: { namespaces: [], podLabels: {} } },
        limits: { perNamespace: 100, perCluster: 100, perMinute: 100, ownerPercent: 100 },
        ...{ maxAgeSeconds: 3600, cut: { ingress: false, allowDns: false, denyTiers: ['Cilium'] } },
        ...this.policy,
      },
      ...{ state, writes: cluster, log, now, policiesUnderWay: new Map(), latencies: new Latencies() },
      snapshots: snapshotLimit(now),
      quarantined: new QuarantinedPods(state.pods, now),
      reporter: this.reporter,
    });
    return this;
  }

  /** What becomes of an alert of a Pod; by its name alone, unless more is said. */
  take(pod: Partial<AlertedPod> = {}, to = response(), at = this.now): Promise<string> {
    const decided = this.engine?.take(
      {
        ...{ id: `alert-${++this.raised}`, rule: 'Rule', priority: 'Warning', output: '', source: 'syscall' },
        ...{ time: new Date(at), timeText: new Date(at).toISOString(), tags: [], event: {} },
        ...{ way: 'logs', node: undefined, pod: { ...NGINX, ...pod } },
      },
      to,
      this.now,
      () => {
        this.decisions += 1;
      },
    );
    if (decided === undefined) throw new Error('there is no room');
    return decided;
  }

  /** The record of a Pod's quarantine as the API server has it. */
  record(key = NGINX) {
    return recordOf(this.cluster.pod(key));
  }

  /** Reasons of the Events of a Pod. */
  reasons({ name } = NGINX): readonly string[] {
    return this.cluster.events.filter(({ regarding }) => regarding.name === name).map(({ reason }) => reason);
  }

  /** Waits until nothing is to be worked on now. */
  async quiet(): Promise<void> {
    for (let calm = 0; calm < 5; calm++) {
      await setImmediate();
      const { waiting, running } = this.engine?.depth() ?? { waiting: 0, running: 0 };
      if (waiting + running > 0) calm = 0;
    }
  }

  /** Keys that are worked on again in their time. */
  later(): number {
    return this.engine?.depth().later ?? 0;
  }

  /** Pods on which something keeps failing. */
  failing(): number {
    return this.engine?.depth().failing ?? 0;
  }

  async stop(): Promise<void> {
    await this.engine?.stop();
    await this.reporter?.stop(0);
  }
}
