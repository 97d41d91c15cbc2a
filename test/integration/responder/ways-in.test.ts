import { QUARANTINE_LABEL } from '../../../lib/names';
import { collectionPath } from '../../../lib/responder/cluster/resource';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { alertOf, ResponderUnderTest, VISTATECH } from './responder-under-test';
import { Room, type StoredPod } from './room';

jest.setTimeout(100_000);

const STAMP = Date.now();
const KEPT = `ways-kept-${STAMP}`;
const NODES = [`node-a-${STAMP}`, `node-b-${STAMP}`] as const;
const ACCOUNTS = { group: '', version: 'v1', name: 'serviceaccounts' } as const;

let plane: ControlPlane;
let room: Room;
let responder: ResponderUnderTest;
let collectors: readonly StoredPod[];

beforeAll(async () => {
  plane = await startControlPlane();
  room = new Room(plane, `ways-${STAMP}`);
  await room.open();
  await new Room(plane, KEPT).open();
  const nodes = collectionPath({ group: '', version: 'v1', name: 'nodes' });
  for (const name of NODES)
    await room.ask({
      method: 'POST',
      path: nodes,
      body: { apiVersion: 'v1', kind: 'Node', metadata: { name } },
    });
  for (const name of ['collector', 'other'])
    await room.create(ACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } });
  collectors = await Promise.all(
    NODES.map((nodeName, index) =>
      room.add(`collector-${index}`, {}, { nodeName, serviceAccountName: 'collector' }),
    ),
  );
  const collector = { namespace: room.namespace, serviceAccount: 'collector', audience: 'responder' };
  responder = await ResponderUnderTest.start(plane, {
    authentication: { collector },
    protected: { namespaces: [KEPT], podLabels: { tier: 'database' } },
    limits: { perNamespace: 1000, perCluster: 10_000, perMinute: 1000, ownerPercent: 100, maxAge: '1h' },
    responses: [VISTATECH, { ...VISTATECH, name: 'again', match: 'rule = "again"', cooldown: '1s' }],
  });
}, 900_000);

afterAll(async () => {
  await responder.stop();
  for (const name of NODES) await room.ask({ method: 'DELETE', path: `/api/v1/nodes/${name}` });
  await new Room(plane, KEPT).close();
  await room.close();
  await plane.stop();
});

/** A token of a ServiceAccount, of a Pod and so of its node, or of none. */
async function token(account: string, of?: StoredPod, audience = 'responder'): Promise<string> {
  const { name = '', uid = '' } = of?.metadata ?? {};
  const body = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {
      audiences: [audience],
      ...(of && { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid } }),
    },
  };
  const path = `${collectionPath(ACCOUNTS, room.namespace)}/${account}/token`;
  return ((await room.ask({ method: 'POST', path, body })) as { status: { token: string } }).status.token;
}

async function isCut(name: string): Promise<boolean> {
  return (await room.get(name)).metadata.labels?.[QUARANTINE_LABEL] === 'true';
}

async function counted(outcome: string): Promise<number> {
  const { text } = await responder.probe('/metrics');
  return [...text.matchAll(/^falco_egress_responder_alerts_total\{(.*)\} (\d+)$/gm)]
    .filter(([, labels = '']) => labels.includes(`outcome="${outcome}"`))
    .reduce((sum, [, , count]) => sum + Number(count), 0);
}

test('a collector is believed about the Pods of its own node, and about no other', async () => {
  const { metadata } = await room.add('on-a', {}, { nodeName: NODES[0] });
  const [a, b] = await Promise.all(collectors.map((pod) => token('collector', pod)));
  expect(await responder.postLogs([alertOf(metadata)], b ?? '')).toBe(200);
  expect(await isCut('on-a')).toBe(false);
  expect(await responder.postLogs([alertOf(metadata)], a ?? '')).toBe(200);
  expect(await isCut('on-a')).toBe(true);
});

test('whoever is not the collector posts nothing', async () => {
  const { metadata } = await room.add('spared', {}, { nodeName: NODES[0] });
  const alert = alertOf(metadata);
  expect(await responder.postLogs([alert], await token('collector'))).toBe(403);
  expect(await responder.postLogs([alert], await token('other'))).toBe(403);
  expect(await responder.postLogs([alert], await token('collector', collectors[0], 'another'))).toBe(503);
  expect(await responder.postLogs([alert], plane.adminToken)).toBe(503);
  expect(await responder.postAlert(alert, 'wrong')).toBe(401);
  expect(await responder.postAlert(alert, await token('collector', collectors[0]))).toBe(401);
  expect(await responder.postAlert({ ...alert, source: 'falco-egress' })).toBe(200);
  expect(await isCut('spared')).toBe(false);
});

test('the same alert by both ways is one alert', async () => {
  const { metadata } = await room.add('both', {}, { nodeName: NODES[1] });
  const before = await counted('quarantined');
  const alert = alertOf(metadata);
  const own = await token('collector', collectors[1]);
  expect(await Promise.all([responder.postAlert(alert), responder.postLogs([alert], own)])).toEqual([
    200, 200,
  ]);
  expect(await responder.postAlert(alert)).toBe(200);
  expect((await counted('quarantined')) - before).toBe(1);
  expect((await room.events()).filter(({ involvedObject }) => involvedObject.name === 'both')).toHaveLength(
    1,
  );
});

test('a thousand adversarial alerts cut off nobody but those of whom they are true', async () => {
  const kept = new Room(plane, KEPT);
  const mixed = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      (index % 10 === 9 ? kept : room).add(
        `target-${index}`,
        index % 10 === 8 ? { labels: { tier: 'database' } } : {},
        { nodeName: NODES[index % 2] },
      ),
    ),
  );
  const dead = await Promise.all(
    Array.from({ length: 10 }, (_, index) => room.add(`reused-${index}`, {}, { nodeName: NODES[0] })),
  );
  for (const { metadata } of dead) {
    await room.remove({ group: '', version: 'v1', name: 'pods' }, metadata.name);
    await room.add(metadata.name, {}, { nodeName: NODES[0] });
  }
  const [a = '', b = ''] = await Promise.all(collectors.map((pod) => token('collector', pod)));
  const hostile = ['../../x', 'a\nb', '${x}', '"}{"', '\u0000', 'x'.repeat(9_000), '<NA>', '', '\u202e'];
  const pick = <T>(items: readonly T[], index: number): T => items[index % items.length] as T;
  // The oracle: only an alert of the right UID, from the right node, of a Pod that may be touched, is true.
  const right = new Set<string>();
  const forged = (index: number): { readonly alert: object; readonly by: string | undefined } => {
    const { metadata: target } = pick(mixed, index * 7);
    const place = Number(target.name.split('-')[1]);
    const [own, other] = place % 2 === 0 ? [a, b] : [b, a];
    const fields = { namespace: target.namespace, name: target.name };
    switch (index % 11) {
      case 0:
        return { alert: alertOf({ ...fields, uid: pick(dead, index).metadata.uid }), by: own };
      case 1:
        return { alert: alertOf({ ...fields, uid: target.uid }), by: other };
      case 2: {
        const { metadata } = pick(dead, index);
        return { alert: alertOf(metadata), by: index % 2 === 0 ? undefined : a };
      }
      case 3:
        return { alert: alertOf({ ...fields, name: pick(hostile, index) }), by: undefined };
      case 4:
        return {
          alert: alertOf(
            { ...fields, uid: pick(hostile.slice(0, 4), index) },
            { time: '2020-01-01T00:00:00Z' },
          ),
          by: own,
        };
      case 5: {
        const container = { 'container.id': 'deadbeefdead' };
        return { alert: alertOf(fields, { fields: container }), by: own };
      }
      case 6:
        return { alert: alertOf({ ...fields, uid: target.uid }, { time: '2020-01-01T00:00:00Z' }), by: own };
      case 7:
        return {
          alert: alertOf({ ...fields, uid: target.uid }, { rule: pick(hostile, index) || 'x' }),
          by: own,
        };
      case 8:
        return {
          alert: { ...alertOf({ ...fields, uid: target.uid }), source: 'falco-egress' },
          by: undefined,
        };
      case 9:
        return { alert: alertOf({ namespace: `nowhere-${index}`, name: `nobody-${index}` }), by: undefined };
      default: {
        // True of a few: they must be cut off amid all this.
        if (place < 10 && place !== 8 && place !== 9) right.add(target.uid);
        const about = place < 10 ? fields : { ...fields, name: `${target.name}-x` };
        return { alert: alertOf({ ...about, uid: target.uid }), by: own };
      }
    }
  };
  const all = Array.from({ length: 1_000 }, (_, index) => forged(index));
  const statuses = new Map<number, number>();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < all.length; index = next++) {
      const { alert, by } = all[index] as (typeof all)[number];
      const post = (): Promise<number> =>
        by === undefined ? responder.postAlert(alert) : responder.postLogs([alert], by);
      let status = await post();
      // Not stored within its time, so not acknowledged: whoever means it comes again.
      while (status === 503) status = await post();
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 50 }, worker));
  expect([...statuses.keys()].filter((status) => ![200, 400].includes(status))).toEqual([]);
  const stored = [...(await room.list()), ...(await kept.list())].filter(({ metadata }) =>
    /^(target|reused)-/.test(metadata.name),
  );
  const cut = stored.filter(({ metadata }) => metadata.labels?.[QUARANTINE_LABEL] !== undefined);
  expect(new Set(cut.map(({ metadata }) => metadata.uid))).toEqual(right);
  const { text } = await responder.probe('/metrics');
  const samples = text.split('\n').filter((line) => line.startsWith('falco_egress_responder_alerts_total{'));
  expect(samples.length).toBeLessThan(40);
  expect(samples.join('\n')).not.toMatch(/target|nobody|nowhere|x{20}/);
});
