import {
  ALERTED_LABEL,
  QUARANTINE_APPROVAL_ANNOTATION,
  QUARANTINE_APPROVED_RESPONSES_ANNOTATION,
  QUARANTINE_DISMISSAL_ANNOTATION,
  QUARANTINE_DISMISSED_ANNOTATION,
  QUARANTINE_DISMISSED_RESPONSES_ANNOTATION,
  QUARANTINE_LABEL,
  QUARANTINE_PENDING_ANNOTATION,
  QUARANTINE_POLICY,
  QUARANTINE_RECORD_ANNOTATION,
} from '../../../lib/names';
import { CORE } from '../../../lib/responder/cluster/resource';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { alertOf, ResponderUnderTest } from './responder-under-test';
import { recordOf, Room } from './room';

jest.setTimeout(120_000);

const STAMP = Date.now();
const OWN = `ladder-own-${STAMP}`;
const PROTECTED = `ladder-kept-${STAMP}`;

/** Responses, each for the rule of its name. */
const response = (name: string, more: object = {}) => ({
  ...{ name, match: `rule = "${name}"`, action: 'quarantine', mode: 'enforce', ttl: '4h' },
  ...more,
});

let plane: ControlPlane;
let responder: ResponderUnderTest;
let room: Room;
let rooms = 0;

beforeAll(async () => {
  plane = await startControlPlane();
  await new Room(plane, OWN).open();
  await new Room(plane, PROTECTED).open();
  responder = await ResponderUnderTest.start(plane, {
    namespace: OWN,
    protected: { namespaces: [PROTECTED], podLabels: { tier: 'database' } },
    limits: { perNamespace: 100, perCluster: 1000, perMinute: 1000, ownerPercent: 100, maxAge: '1h' },
    quarantine: { ingress: false, allowDns: false, denyTiers: [] },
    responses: [
      response('cut'),
      response('strip', { strip: true }),
      response('detach', { detach: true }),
      response('snapshot', { snapshot: true }),
      response('approve', { mode: 'approve' }),
      response('approve-label', { mode: 'approve', action: 'label' }),
      response('observe', { mode: 'observe' }),
      ...['label', 'evict', 'delete', 'notify'].map((action) => response(action, { action })),
      response('then-release', { ttl: '2s' }),
      response('then-hold', { ttl: '2s', onExpiry: 'hold' }),
      response('then-delete', { ttl: '2s', onExpiry: 'delete' }),
    ],
  });
}, 900_000);

beforeEach(async () => {
  room = new Room(plane, `ladder-${STAMP}-${++rooms}`);
  await room.open();
});

afterEach(() => room.close());

afterAll(async () => {
  await responder.stop();
  for (const name of [OWN, PROTECTED]) await new Room(plane, name).close();
  await plane.stop();
});

/** Posts an alert of a Pod as it is now, of the rule of that name. */
async function alert(rule: string, name: string, within = room): Promise<number> {
  const { uid } = (await within.get(name)).metadata;
  return responder.postAlert(alertOf({ namespace: within.namespace, name, uid }, { rule }));
}

async function labels(name: string): Promise<Readonly<Record<string, string>>> {
  return (await room.get(name)).metadata.labels ?? {};
}

const allowAll = (name: string, podSelector: object = {}) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name },
  spec: { podSelector, policyTypes: ['Egress'], egress: [{}] },
});

describe('how far a Pod is cut off', () => {
  test('by the standing policy alone where nothing else lets it out', async () => {
    await room.add('nginx', { labels: { app: 'nginx' } });
    expect(await alert('cut', 'nginx')).toBe(200);
    expect(await room.record('nginx')).toMatchObject({ by: 'cut', verdict: { verdict: 'contained' } });
    expect(await room.told('nginx', 'Quarantined')).toContain('until');
    expect(await room.reasons('nginx')).not.toContain('NotContained');
  });

  test('partly where another policy lets every Pod out, which the record and an Event name', async () => {
    await room.create(CORE.networkPolicies, allowAll('let-all-out'));
    await room.add('nginx', { labels: { app: 'nginx' } });
    expect(await alert('cut', 'nginx')).toBe(200);
    const verdict = (await room.record('nginx'))?.verdict;
    expect(verdict?.verdict).not.toBe('contained');
    expect(verdict?.summary).toContain('let-all-out');
    expect(await room.told('nginx', 'NotContained')).toContain('let-all-out');
    expect(await labels('nginx')).toMatchObject({ app: 'nginx', [QUARANTINE_LABEL]: 'true' });

    await room.remove(CORE.networkPolicies, 'let-all-out');
    expect(await room.told('nginx', 'Contained')).toContain('contained');
    expect((await room.record('nginx'))?.verdict?.verdict).toBe('contained');
  });

  test('is judged anew when a policy comes later', async () => {
    await room.add('nginx');
    expect(await alert('cut', 'nginx')).toBe(200);
    await room.create(CORE.networkPolicies, allowAll('comes-later'));
    expect(await room.told('nginx', 'NotContained')).toContain('comes-later');
  });

  test('by taking the labels of those policies, which the release restores as they were', async () => {
    const before = { app: 'nginx', 'example.org/zone': '', tier: 'web' };
    await room.create(CORE.networkPolicies, allowAll('web-out', { matchLabels: { tier: 'web' } }));
    // Also one that has no value, which is another thing than not to be there.
    const zone = { matchExpressions: [{ key: 'example.org/zone', operator: 'Exists' }] };
    await room.create(CORE.networkPolicies, allowAll('zone-out', zone));
    const { metadata } = await room.add('nginx', { labels: before });
    await room.add('sibling', { labels: before });
    expect(await alert('strip', 'nginx')).toBe(200);
    expect(await labels('nginx')).toEqual({ app: 'nginx', [QUARANTINE_LABEL]: 'true' });
    const record = await room.record('nginx');
    expect(record).toMatchObject({
      labels: { tier: 'web', 'example.org/zone': '' },
      verdict: { verdict: 'contained' },
    });
    expect(await labels('sibling')).toEqual(before);

    await room.mark('nginx', {
      annotations: { [QUARANTINE_RECORD_ANNOTATION]: JSON.stringify({ ...record, expires: record?.since }) },
    });
    await room.told('nginx', 'Released');
    const released = await room.get('nginx');
    expect(JSON.stringify(released.metadata.labels)).toBe(JSON.stringify(metadata.labels));
    expect(released.metadata.annotations).toEqual(metadata.annotations);
  });

  test('and loses the labels of a policy that comes later, if its response may', async () => {
    await room.add('nginx', { labels: { tier: 'web' } });
    expect(await alert('strip', 'nginx')).toBe(200);
    await room.create(CORE.networkPolicies, allowAll('web-out', { matchLabels: { tier: 'web' } }));
    expect(await room.told('nginx', 'LabelsStripped')).toContain('tier');
    expect(await labels('nginx')).toEqual({ [QUARANTINE_LABEL]: 'true' });
    expect((await room.record('nginx'))?.labels).toMatchObject({ tier: 'web' });
  });

  test('and leaves its ReplicaSet, where its response says so', async () => {
    await room.add('nginx', { labels: { app: 'nginx', 'pod-template-hash': 'abc' } });
    expect(await alert('detach', 'nginx')).toBe(200);
    expect(await labels('nginx')).toEqual({ app: 'nginx', [QUARANTINE_LABEL]: 'true' });
    expect((await room.record('nginx'))?.labels).toMatchObject({ 'pod-template-hash': 'abc' });
  });

  test('and its object is kept as it was, where its response says so', async () => {
    const { metadata } = await room.add('nginx', { labels: { app: 'nginx' }, annotations: { note: 'mine' } });
    expect(await alert('snapshot', 'nginx')).toBe(200);
    interface Snapshot {
      readonly metadata: { readonly name: string };
      readonly data: Record<string, string>;
    }
    const path = `/api/v1/namespaces/${OWN}/configmaps?labelSelector=falco-egress.io%2Fsnapshot%3Dtrue`;
    let kept: Snapshot | undefined;
    await room.until(async () => {
      const { items } = (await room.ask({ method: 'GET', path })) as { readonly items: Snapshot[] };
      kept = items.find((each) => each.metadata.name.startsWith(`falco-egress-snapshot-${metadata.uid}-2`));
      return kept !== undefined;
    }, 'no snapshot');
    const object = JSON.parse(kept?.data['pod.json'] ?? '') as { metadata: object };
    expect(object).toMatchObject({ metadata: { uid: metadata.uid, annotations: { note: 'mine' } } });
  });
});

describe('is not touched', () => {
  test('a Pod on the network of its node', async () => {
    await room.add('nginx', {}, { hostNetwork: true });
    expect(await alert('cut', 'nginx')).toBe(200);
    expect(await room.told('nginx', 'NotQuarantined')).toContain('network of its node');
    expect(await labels('nginx')).toEqual({});
  });

  test('a Pod with a protected label, or in a protected namespace', async () => {
    await room.add('db', { labels: { tier: 'database' } });
    expect(await alert('cut', 'db')).toBe(200);
    expect(await room.told('db', 'NotQuarantined')).toContain('tier=database');
    expect(await labels('db')).toEqual({ tier: 'database' });
    const kept = new Room(plane, PROTECTED);
    await kept.add('nginx');
    expect(await alert('cut', 'nginx', kept)).toBe(200);
    expect(await kept.told('nginx', 'NotQuarantined')).toContain('protected');
    expect((await kept.get('nginx')).metadata.labels).toBeUndefined();
  });

  test('a Pod of the same name that is another one by now, which is cut off for an alert of its own', async () => {
    const { uid } = (await room.add('db-0')).metadata;
    await room.remove(CORE.pods, 'db-0');
    await room.add('db-0');
    const old = alertOf({ namespace: room.namespace, name: 'db-0', uid }, { rule: 'cut' });
    expect(await responder.postAlert(old)).toBe(200);
    expect(await labels('db-0')).toEqual({});
    expect(await alert('cut', 'db-0')).toBe(200);
    expect(await labels('db-0')).toEqual({ [QUARANTINE_LABEL]: 'true' });
  });

  test.each(['with', 'without'])(
    'nor is the next Pod of a name spared, %s UIDs in its alerts',
    async (has) => {
      for (const _ of ['first', 'next']) {
        const { uid } = (await room.add('db-0')).metadata;
        const fields = { namespace: room.namespace, name: 'db-0', ...(has === 'with' && { uid }) };
        const time = new Date(Date.now() + 60_000).toISOString();
        expect(await responder.postAlert(alertOf(fields, { rule: 'cut', time }))).toBe(200);
        expect(await labels('db-0')).toEqual({ [QUARANTINE_LABEL]: 'true' });
        await room.remove(CORE.pods, 'db-0');
      }
    },
  );

  test('anything while a person has paused responses there, or everywhere', async () => {
    const pausing = async (name: string): Promise<void> => {
      const path = `/api/v1/namespaces/${name}`;
      const set = (value: string | null) =>
        room.ask({
          ...{ method: 'PATCH', path, contentType: 'application/merge-patch+json' },
          body: { metadata: { labels: { 'falco-egress.io/pause-responses': value } } },
        });
      const nth = name === OWN ? 'everywhere' : 'here';
      await room.add(nth);
      await set('true');
      // The watch tells it within a moment; what comes before is answered as before.
      await room.until(async () => {
        await room.add(`probe-${nth}-${++rooms}`);
        expect(await alert('observe', `probe-${nth}-${rooms}`)).toBe(200);
        return (await room.reasons(`probe-${nth}-${rooms}`)).includes('ResponsesPaused');
      }, 'not paused');
      expect(await alert('cut', nth)).toBe(200);
      expect(await room.told(nth, 'ResponsesPaused')).toContain('quarantine');
      expect(await labels(nth)).toEqual({});
      await set(null);
      await room.until(async () => {
        expect(await alert('cut', nth)).toBe(200);
        return (await labels(nth))[QUARANTINE_LABEL] === 'true';
      }, 'still paused');
    };
    await pausing(room.namespace);
    await pausing(OWN);
  });

  test('a policy of our name that somebody else has made; the verdict says what it lets out', async () => {
    await room.create(CORE.networkPolicies, allowAll(QUARANTINE_POLICY));
    await room.add('nginx');
    expect(await alert('cut', 'nginx')).toBe(200);
    expect((await room.record('nginx'))?.verdict?.verdict).toBe('partial');
    const path = `/apis/networking.k8s.io/v1/namespaces/${room.namespace}/networkpolicies/${QUARANTINE_POLICY}`;
    expect(await room.ask({ method: 'GET', path })).toMatchObject({ spec: { egress: [{}] } });
  });
});

describe('modes and actions', () => {
  test('approve waits for a person, whose annotation cuts', async () => {
    await room.add('nginx');
    expect(await alert('approve', 'nginx')).toBe(200);
    const { annotations = {} } = (await room.get('nginx')).metadata;
    expect(JSON.parse(annotations[QUARANTINE_PENDING_ANNOTATION] ?? '')).toMatchObject({ why: 'approval' });
    expect(await labels('nginx')).toEqual({});
    expect(await room.told('nginx', 'WaitsForApproval')).toContain('quarantine approve');
    await room.mark('nginx', { annotations: { [QUARANTINE_APPROVAL_ANNOTATION]: 'ada' } });
    expect(await room.told('nginx', 'NotQuarantined')).toContain('ada agrees');
    expect(await labels('nginx')).toEqual({});
    await room.mark('nginx', {
      annotations: {
        [QUARANTINE_APPROVAL_ANNOTATION]: 'ada',
        [QUARANTINE_APPROVED_RESPONSES_ANNOTATION]: '*',
      },
    });
    expect(await room.told('nginx', 'Quarantined')).toContain('approve');
    const after = await room.get('nginx');
    expect(after.metadata.labels).toEqual({ [QUARANTINE_LABEL]: 'true' });
    expect(recordOf(after)).toMatchObject({ approvedBy: 'ada', by: 'approve' });
    expect(Object.keys(after.metadata.annotations ?? {})).toEqual([QUARANTINE_RECORD_ANNOTATION]);
  });

  test('of what waits a person agrees to one by its name, and refuses another', async () => {
    await room.add('nginx');
    for (const response of ['approve', 'approve-label']) expect(await alert(response, 'nginx')).toBe(200);
    await room.mark('nginx', {
      annotations: {
        [QUARANTINE_DISMISSAL_ANNOTATION]: 'ada',
        [QUARANTINE_DISMISSED_RESPONSES_ANNOTATION]: 'approve',
        [QUARANTINE_APPROVAL_ANNOTATION]: 'ada',
        [QUARANTINE_APPROVED_RESPONSES_ANNOTATION]: 'approve-label',
      },
    });
    await room.told('nginx', 'Labelled');
    expect(await room.told('nginx', 'Dismissed')).toMatch(/^ada has refused it, and nothing is done: /);
    await room.until(async () => {
      const { annotations = {} } = (await room.get('nginx')).metadata;
      return Object.keys(annotations).join() === QUARANTINE_DISMISSED_ANNOTATION;
    }, 'more than the refusal is remembered');
    expect(await alert('approve', 'nginx')).toBe(200);
    expect(await labels('nginx')).toEqual({ [ALERTED_LABEL]: 'true' });
    expect(await room.reasons('nginx')).not.toContain('Quarantined');
  });

  test('observe and notify only tell', async () => {
    const before = await room.add('nginx');
    expect(await alert('observe', 'nginx')).toBe(200);
    expect(await room.reasons('nginx')).toEqual(['WouldRespond']);
    expect(await alert('notify', 'nginx')).toBe(200);
    expect(await room.reasons('nginx')).toEqual(['Alerted', 'WouldRespond']);
    expect((await room.get('nginx')).metadata).toEqual(before.metadata);
  });

  test('label marks, evict and delete end it', async () => {
    for (const name of ['label', 'evict', 'delete']) {
      await room.add(name);
      expect(await alert(name, name)).toBe(200);
    }
    expect(await labels('label')).toEqual({ [ALERTED_LABEL]: 'true' });
    expect(await room.reasons('label')).toEqual(['Labelled']);
    expect(await room.find('evict')).toBeUndefined();
    expect(await room.reasons('evict')).toEqual(['Evicted']);
    expect(await room.find('delete')).toBeUndefined();
    expect(await room.reasons('delete')).toEqual(['Deleted']);
  });

  test('the next Pod of an owner that offends is told of as such', async () => {
    const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', uid: 'u-1', controller: true };
    for (const name of ['db-0', 'db-1', 'db-2'])
      await room.add(name, { ownerReferences: [owner], finalizers: ['example.org/keep'] });
    try {
      expect(await alert('cut', 'db-0')).toBe(200);
      expect(await alert('cut', 'db-1')).toBe(200);
      expect(await room.record('db-1')).toMatchObject({ owner: 'StatefulSet/db', before: 1 });
      expect(await room.told('db-1', 'Quarantined')).toContain('1 of StatefulSet/db before it');
    } finally {
      for (const name of ['db-0', 'db-1', 'db-2']) await room.mark(name, { finalizers: null });
    }
  });
});

describe('when its time is over', () => {
  test('it is released, held or deleted, as its response says', async () => {
    const before = { app: 'nginx' };
    for (const name of ['then-release', 'then-hold', 'then-delete']) {
      await room.add(name, { labels: before });
      expect(await alert(name, name)).toBe(200);
      expect(await labels(name)).toMatchObject({ [QUARANTINE_LABEL]: 'true' });
    }
    expect(await room.told('then-release', 'Released')).toContain('its time is over');
    expect(await labels('then-release')).toEqual(before);
    expect(await room.record('then-release')).toBeUndefined();
    await room.told('then-hold', 'Expired');
    expect(await labels('then-hold')).toMatchObject({ [QUARANTINE_LABEL]: 'true' });
    await room.told('then-delete', 'Deleted');
    expect(await room.find('then-delete')).toBeUndefined();
  });

  test('the standing policy goes with its last Pod', async () => {
    await room.add('nginx');
    expect(await alert('then-release', 'nginx')).toBe(200);
    const there = async (): Promise<boolean> => {
      const path = `/apis/networking.k8s.io/v1/namespaces/${room.namespace}/networkpolicies`;
      const { items } = (await room.ask({ method: 'GET', path })) as { items: unknown[] };
      return items.length > 0;
    };
    expect(await there()).toBe(true);
    await room.until(async () => !(await there()), 'the policy stays');
    expect(await room.reasons('nginx')).toContain('Released');
  });
});

describe('what others do', () => {
  test('a label or a policy that is taken away, or changed, is restored', async () => {
    await room.add('nginx', { labels: { app: 'nginx' } });
    expect(await alert('cut', 'nginx')).toBe(200);
    await room.mark('nginx', { labels: { [QUARANTINE_LABEL]: null } });
    await room.until(async () => (await labels('nginx'))[QUARANTINE_LABEL] === 'true', 'no label again');

    const path = `/apis/networking.k8s.io/v1/namespaces/${room.namespace}/networkpolicies/${QUARANTINE_POLICY}`;
    const egress = async () =>
      ((await room.ask({ method: 'GET', path }).catch(() => undefined)) as { spec: object } | undefined)
        ?.spec;
    const wanted = await egress();
    await room.remove(CORE.networkPolicies, QUARANTINE_POLICY);
    await room.until(async () => (await egress()) !== undefined, 'no policy again');
    await room.merge(CORE.networkPolicies, QUARANTINE_POLICY, { spec: { egress: [{}] } });
    await room.until(
      async () => JSON.stringify(await egress()) === JSON.stringify(wanted),
      'the policy stays changed',
    );
    await room.add('second');
    expect(await alert('cut', 'second')).toBe(200);
    expect((await room.record('second'))?.verdict?.verdict).toBe('contained');
  });

  test('a label set by hand is a quarantine until it is taken away by hand', async () => {
    await room.add('nginx');
    await room.mark('nginx', { labels: { [QUARANTINE_LABEL]: 'true' } });
    await room.until(
      async () => (await room.record('nginx'))?.verdict?.verdict === 'contained',
      'not adopted',
    );
    await room.mark('nginx', { labels: { [QUARANTINE_LABEL]: null } });
    await room.until(async () => (await room.record('nginx')) === undefined, 'the record stays');
    expect(await labels('nginx')).toEqual({});
  });

  test('a Pod whose annotations are full is cut off all the same', async () => {
    await room.add('full', { annotations: { stuffing: 'x'.repeat(262_144 - 'stuffing'.length) } });
    expect(await alert('cut', 'full')).toBe(200);
    expect(await labels('full')).toEqual({ [QUARANTINE_LABEL]: 'true' });
  });

  test('a namespace that is deleted is no trouble', async () => {
    await room.add('nginx', { finalizers: ['example.org/keep'] });
    expect(await alert('cut', 'nginx')).toBe(200);
    await room.close();
    await room.until(async () => {
      const pod = (await room.get('nginx')) as { metadata: { deletionTimestamp?: string } };
      return pod.metadata.deletionTimestamp !== undefined;
    }, 'not ending');
    await room.mark('nginx', { finalizers: null });
    await room.until(async () => (await room.find('nginx')) === undefined, 'not gone');
    const gone = alertOf({ namespace: room.namespace, name: 'nginx', uid: 'u-gone' }, { rule: 'cut' });
    expect(await responder.postAlert(gone)).toBe(200);
    const errors = responder.logged.filter(({ level }) => level === 'error');
    expect(errors).toEqual([]);
  });
});
