import { QUARANTINE_LABEL as LABEL, QUARANTINE_RECORD_ANNOTATION as RECORD } from '../../../lib/names';
import { standingPolicy, type NetworkPolicy } from '../../../lib/containment';
import { ClusterError } from '../../../lib/program/cluster-error';
import type { EventToWrite, WatchedPod } from '../../../lib/responder/cluster/cluster';
import type { Holdings } from '../../../lib/responder/uninstall/holdings';
import { runUninstall, type UninstallMode } from '../../../lib/responder/uninstall/uninstall';
import { patched } from '../../containment/json-patch';

const CONFIG = { cluster: 'prod', name: 'egress', namespace: 'security' };

const record = (labels: object = { [LABEL]: null }, more: object = {}) =>
  JSON.stringify({
    ...{ reason: 'Connection to vistatech.it', by: 'vistatech', since: '2026-11-22T09:14:03.000Z' },
    ...{ alerts: ['a1'], labels, ...more },
  });

function held(namespace: string, name: string, text: string | undefined = record()): WatchedPod {
  return {
    metadata: {
      ...{ namespace, name, uid: `uid-${name}`, labels: { app: name, [LABEL]: 'true' } },
      annotations: text === '' ? {} : { [RECORD]: text },
    },
  };
}

const refusal = (status: number): ClusterError =>
  new ClusterError('API_REFUSED', `the API server answered ${status}`, status >= 500, status);

/** A cluster in memory, with what goes wrong in it. */
class FakeCluster implements Holdings {
  readonly done: string[] = [];
  readonly events = new Map<string, EventToWrite>();
  readonly alerts: { rule?: string; priority?: string; output?: string }[] = [];
  readonly logged: { level: string; message: string }[] = [];
  /** Thrown by the next calls, one each. */
  readonly failing: Error[] = [];
  readonly unpatchable = new Set<string>();
  eventError: Error | undefined;
  sendError: Error | undefined;
  runningLooks = 0;
  policies: NetworkPolicy[] = [];

  constructor(readonly pods: WatchedPod[]) {}

  readonly writes: Holdings['writes'] = {
    getPod: ({ name }) => Promise.resolve(this.pods.find(({ metadata }) => metadata?.name === name)),
    patchPod: ({ namespace, name }, patch) => {
      if (this.unpatchable.has(name)) return Promise.reject(refusal(422));
      const at = this.pods.findIndex(({ metadata }) => metadata?.name === name);
      const pod: WatchedPod = patched(this.pods[at] ?? {}, patch);
      this.pods[at] = pod;
      this.done.push(`patch ${namespace}/${name}`);
      return Promise.resolve(pod);
    },
    deleteNetworkPolicy: ({ namespace }, uid) => {
      this.policies = this.policies.filter(({ metadata }) => metadata?.namespace !== namespace);
      this.done.push(`delete policy ${namespace} ${uid}`);
      return Promise.resolve();
    },
    writeEvent: (event) => {
      if (this.eventError !== undefined) return Promise.reject(this.eventError);
      const isNew = !this.events.has(event.name);
      this.events.set(event.name, event);
      return Promise.resolve(isNew ? 'new' : 'there');
    },
  };

  quarantined() {
    const failure = this.failing.shift();
    if (failure !== undefined) return Promise.reject(failure);
    return Promise.resolve(this.pods.filter(({ metadata }) => metadata?.labels?.[LABEL] === 'true'));
  }

  standingPolicies() {
    return Promise.resolve(this.policies);
  }

  removeDenyPolicies() {
    this.done.push('delete deny policies');
    return Promise.resolve();
  }

  stopResponder({ namespace, name }: { readonly namespace: string; readonly name: string }) {
    this.done.push(`stop ${namespace}/${name}`);
    return Promise.resolve();
  }

  responders() {
    return Promise.resolve(this.runningLooks-- > 0 ? 1 : 0);
  }

  readonly pauses: number[] = [];

  run(mode: UninstallMode): Promise<0 | 1> {
    return runUninstall({
      ...{ mode, config: CONFIG, holdings: this },
      send: (alert) => {
        if (this.sendError !== undefined) return Promise.reject(this.sendError);
        this.alerts.push(alert);
        return Promise.resolve();
      },
      log: (level, message) => this.logged.push({ level, message }),
      pause: (milliseconds) => {
        this.pauses.push(milliseconds);
        return Promise.resolve();
      },
    });
  }

  line(text: string) {
    return this.logged.find(({ message }) => message.includes(text));
  }
}

const policyOf = (namespace: string, uid: string, labels?: object): NetworkPolicy => {
  const policy = standingPolicy(namespace);
  return { ...policy, metadata: { ...policy.metadata, uid, ...(labels && { labels }) } } as NetworkPolicy;
};

describe('report', () => {
  test('each Pod that stays cut off is told of in the log, by an Event and by an alert, and none is touched', async () => {
    const expires = '2026-11-22T13:14:03.000Z';
    const cluster = new FakeCluster([
      held('demo', 'nginx', record(undefined, { expires, onExpiry: 'release' })),
      held('shop', 'cart', ''),
    ]);
    const before = structuredClone(cluster.pods);
    expect(await cluster.run('report')).toBe(0);
    expect(cluster.pods).toEqual(before);
    expect(cluster.done).toEqual([]);
    const line = `demo/nginx (quarantined: Connection to vistatech.it) stays cut off until somebody releases it, also after ${expires}: the responder is uninstalled; run falco-egress quarantine release demo/nginx`;
    expect(cluster.line('demo/nginx')).toEqual({ level: 'warning', message: line });
    expect(
      [...cluster.events.values()].map(({ reason, type, regarding }) => [reason, type, regarding]),
    ).toEqual([
      [
        'StaysQuarantined',
        'Warning',
        { kind: 'Pod', apiVersion: 'v1', namespace: 'demo', name: 'nginx', uid: 'uid-nginx' },
      ],
      [
        'StaysQuarantined',
        'Warning',
        { kind: 'Pod', apiVersion: 'v1', namespace: 'shop', name: 'cart', uid: 'uid-cart' },
      ],
    ]);
    expect(cluster.alerts).toMatchObject([
      { rule: 'falco-egress: StaysQuarantined', priority: 'Critical', output: line },
      { output: expect.stringMatching(/^shop\/cart stays cut off/) as string },
    ]);
    expect(cluster.line('release --all')?.message).toMatch(/^2 Pods stay cut off/);
  });

  test('says so where there is none', async () => {
    const cluster = new FakeCluster([]);
    expect(await cluster.run('report')).toBe(0);
    expect(cluster.logged).toEqual([{ level: 'info', message: 'no Pod is cut off' }]);
  });

  test('once more it sends no second alert of the same', async () => {
    const cluster = new FakeCluster([held('demo', 'nginx')]);
    await cluster.run('report');
    await cluster.run('report');
    expect(cluster.alerts).toHaveLength(1);
    expect(cluster.logged.filter(({ message }) => message.startsWith('demo/nginx'))).toHaveLength(2);
  });

  test('neither Events nor alerts that fail keep it from ending, and falcosidekick is waited for once', async () => {
    const cluster = new FakeCluster([held('demo', 'nginx'), held('demo', 'other')]);
    cluster.eventError = refusal(403);
    cluster.sendError = new Error('gone');
    expect(await cluster.run('report')).toBe(0);
    expect(cluster.logged.filter(({ message }) => message.includes('was not written'))).toHaveLength(2);
    expect(cluster.logged.filter(({ message }) => message.includes('was not sent'))).toHaveLength(1);
  });
});

describe('release', () => {
  test('ends the responder first, gives labels back, and takes our policies away, no others', async () => {
    const cluster = new FakeCluster([
      held('demo', 'nginx', record({ [LABEL]: null, tier: 'front', app: 'before' })),
    ]);
    cluster.runningLooks = 2;
    cluster.policies = [
      policyOf('demo', 'u1'),
      policyOf('empty', 'u2'),
      policyOf('theirs', 'u3', { 'app.kubernetes.io/part-of': 'other' }),
    ];
    expect(await cluster.run('release')).toBe(0);
    expect(cluster.done).toEqual([
      'stop security/egress-responder',
      'patch demo/nginx',
      'delete policy demo u1',
      'delete policy empty u2',
      'delete deny policies',
    ]);
    expect(cluster.pauses).toEqual([1000, 1000]);
    expect(cluster.pods[0]?.metadata).toMatchObject({ labels: { app: 'nginx', tier: 'front' } });
    expect(cluster.pods[0]?.metadata?.labels).not.toHaveProperty(LABEL);
    expect([...cluster.events.values()]).toMatchObject([
      {
        reason: 'Released',
        message: 'released demo/nginx: the responder is uninstalled (labels that were set anew stay: app)',
      },
    ]);
    expect(cluster.alerts).toMatchObject([{ rule: 'falco-egress: Released' }]);
  });

  test('one whose record can’t be read stays, with its policy, is told of, and stops the uninstallation', async () => {
    const cluster = new FakeCluster([held('demo', 'nginx', '{"reason":7}'), held('shop', 'cart')]);
    cluster.policies = [policyOf('demo', 'u1'), policyOf('shop', 'u2')];
    expect(await cluster.run('release')).toBe(1);
    expect(cluster.done).toEqual([
      'stop security/egress-responder',
      'patch shop/cart',
      'delete policy shop u2',
    ]);
    expect(cluster.line('demo/nginx')?.message).toMatch(
      /^demo\/nginx stays cut off .* has no record .*; run falco-egress quarantine release demo\/nginx --force$/,
    );
    expect(cluster.logged.at(-1)).toMatchObject({ level: 'error' });
  });

  test('one that the API server refuses does not hold up the others, and fails the whole', async () => {
    const cluster = new FakeCluster([held('demo', 'nginx'), held('shop', 'cart')]);
    cluster.unpatchable.add('nginx');
    await expect(cluster.run('release')).rejects.toMatchObject({ status: 422 });
    expect(cluster.done).toContain('patch shop/cart');
    expect(cluster.line('demo/nginx is not released')?.level).toBe('warning');
  });

  test('a Pod that is gone, or another by now, is no obstacle', async () => {
    const cluster = new FakeCluster([held('demo', 'nginx')]);
    const list = cluster.quarantined.bind(cluster);
    const [pod] = await list();
    let lists = 0;
    cluster.quarantined = () => {
      lists += 1;
      cluster.pods.length = 0;
      return Promise.resolve(lists === 1 && pod !== undefined ? [pod] : []);
    };
    expect(await cluster.run('release')).toBe(0);
    expect(cluster.events.size).toBe(0);
  });

  test('a responder that does not end is waited for a minute, and told of', async () => {
    const cluster = new FakeCluster([held('demo', 'nginx')]);
    cluster.runningLooks = Infinity;
    expect(await cluster.run('release')).toBe(0);
    expect(cluster.pauses).toHaveLength(60);
    expect(cluster.line('has not ended')?.level).toBe('warning');
    expect(cluster.done).toContain('patch demo/nginx');
  });
});

describe('what may pass', () => {
  test('is tried again, as are rights that are made at the same time', async () => {
    const cluster = new FakeCluster([held('demo', 'nginx')]);
    cluster.failing.push(refusal(503), refusal(403));
    expect(await cluster.run('report')).toBe(0);
    expect(cluster.pauses).toEqual([1000, 2000]);
    expect(cluster.events.size).toBe(1);
  });

  test('is given up at last; anything else at once', async () => {
    const cluster = new FakeCluster([]);
    cluster.failing.push(...[503, 503, 503, 503, 500].map(refusal));
    await expect(cluster.run('report')).rejects.toMatchObject({ status: 500 });
    expect(cluster.pauses).toHaveLength(4);
    const other = new FakeCluster([]);
    other.failing.push(refusal(422));
    await expect(other.run('report')).rejects.toMatchObject({ status: 422 });
    expect(other.pauses).toEqual([]);
  });
});
