import { QUARANTINE_LABEL, QUARANTINE_POLICY } from '../../../lib/names';
import { CORE } from '../../../lib/responder/cluster/resource';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { RecordingProxy, type Asked } from './recording-proxy';
import { alertOf, ResponderUnderTest } from './responder-under-test';
import { recordOf, Room, type StoredPod } from './room';
import { Sender } from './sender';

jest.setTimeout(120_000);

const STAMP = Date.now();
const LIMITS = { perNamespace: 1e6, perCluster: 1e6, perMinute: 1e6, ownerPercent: 100, maxAge: '1h' };

let plane: ControlPlane;
let proxy: RecordingProxy;
let responder: ResponderUnderTest;
let room: Room;
let rooms = 0;

beforeAll(async () => {
  plane = await startControlPlane();
  proxy = await RecordingProxy.start(plane);
  const config = { limits: LIMITS, quarantine: { ingress: false, allowDns: false, denyTiers: [] } };
  responder = await ResponderUnderTest.start(plane, config, { url: proxy.url });
}, 900_000);

beforeEach(async () => {
  room = new Room(plane, `conflicts-${STAMP}-${++rooms}`);
  await room.open();
});

afterEach(async () => {
  proxy.before = () => undefined;
  await room.close();
});

afterAll(async () => {
  await responder.stop();
  proxy.stop();
  await plane.stop();
});

const isCut = ({ metadata }: StoredPod): boolean => metadata.labels?.[QUARANTINE_LABEL] !== undefined;
const send = (alert: object): Promise<void> => new Sender().insist(() => responder.postAlert(alert));

/** Somebody else does something after it is decided to cut off the Pod, and before that is written; so many times. */
function meanwhile(name: string, does: (time: number) => Promise<void>, times = 1): () => number {
  let done = 0;
  proxy.before = async ({ method, path }: Asked) => {
    if (method !== 'PATCH' || !path.includes(`/${room.namespace}/pods/${name}?`) || done >= times) return;
    done += 1;
    await does(done);
  };
  return () => done;
}

describe('between the decision and the cut', () => {
  test.each([
    ['by its UID', {}],
    ['by a container', { 'container.id': '0123456789ab' }],
  ])(
    'the Pod becomes another one of the same name: it is spared, if the alert knows its Pod %s',
    async (_how, fields) => {
      // With maps that are there already nothing but the UID tells the two from each other.
      const of = { labels: { app: 'cart' }, annotations: { team: 'shop' } };
      const containerStatuses = [
        {
          ...{ name: 'main', image: 'x', imageID: 'x', ready: true, restartCount: 0 },
          containerID: `containerd://0123456789ab${'0'.repeat(52)}`,
        },
      ];
      const { metadata } = await room.add('cart-0', of);
      await room.merge(CORE.pods, 'cart-0', { status: { containerStatuses } }, '/status');
      const done = meanwhile('cart-0', async () => {
        await room.remove(CORE.pods, 'cart-0');
        await room.add('cart-0', of);
      });
      const about = 'container.id' in fields ? { namespace: room.namespace, name: 'cart-0' } : metadata;
      // A container that nobody has reported is waited for, but not for longer than a minute.
      const time = new Date(Date.now() - 90_000).toISOString();
      await send(alertOf(about, { fields, time }));
      expect(done()).toBe(1);
      const other = await room.get('cart-0');
      expect(other.metadata.uid).not.toBe(metadata.uid);
      expect(other.metadata.labels).toEqual(of.labels);
      expect([other.metadata.annotations, await room.reasons('cart-0')]).toEqual([of.annotations, []]);
      // It is cut off for what it does itself.
      await send(alertOf(other.metadata));
      expect(isCut(await room.get('cart-0'))).toBe(true);
    },
  );

  test('the Pod goes: that settles it', async () => {
    const { metadata } = await room.add('gone');
    const done = meanwhile('gone', () => room.remove(CORE.pods, 'gone'));
    await send(alertOf(metadata));
    expect([done(), await room.find('gone')]).toEqual([1, undefined]);
  });

  test.each([
    ['no labels and annotations', {}],
    ['labels and annotations', { labels: { app: 'web' }, annotations: { owner: 'team' } }],
  ])('a Pod of %s is changed eight times: it is cut off, and each change stays', async (_of, had) => {
    const { metadata } = await room.add('busy', had);
    const done = meanwhile(
      'busy',
      (time) =>
        room.mark('busy', {
          labels: { [`l${time}`]: 'x', app: `web-${time}` },
          annotations: { [`a${time}`]: 'x' },
        }),
      8,
    );
    await send(alertOf(metadata));
    await room.until(async () => isCut(await room.get('busy')), 'it is not cut off');
    const { labels, annotations } = (await room.get('busy')).metadata;
    const changed = Array.from({ length: done() }, (_, index) => index + 1);
    expect(labels).toEqual({
      ...Object.fromEntries(changed.map((time) => [`l${time}`, 'x'])),
      ...{ app: `web-${done()}`, [QUARANTINE_LABEL]: 'true' },
    });
    expect(annotations).toMatchObject(Object.fromEntries(changed.map((time) => [`a${time}`, 'x'])));
    expect((await room.record('busy'))?.labels).toEqual({ [QUARANTINE_LABEL]: null });
  });

  test('somebody else cuts it off: theirs stays as it is', async () => {
    const { metadata } = await room.add('theirs', { labels: { app: 'web' }, annotations: { team: 'shop' } });
    const record = {
      reason: 'by hand',
      by: 'kubectl',
      since: '2026-01-01T00:00:00Z',
      alerts: [],
      labels: {},
    };
    meanwhile('theirs', () =>
      room.mark('theirs', {
        labels: { [QUARANTINE_LABEL]: 'true' },
        annotations: { 'falco-egress.io/quarantine-record': JSON.stringify(record) },
      }),
    );
    await send(alertOf(metadata));
    expect(await room.record('theirs')).toMatchObject({ by: 'kubectl', since: '2026-01-01T00:00:00Z' });
  });

  test('the standing policy is deleted, or lets everything out: it is what it was before long', async () => {
    const path = `/apis/networking.k8s.io/v1/namespaces/${room.namespace}/networkpolicies/${QUARANTINE_POLICY}`;
    const there = async (): Promise<unknown> =>
      ((await room.ask({ method: 'GET', path }).catch(() => undefined)) as { spec?: unknown } | undefined)
        ?.spec;
    const first = await room.add('first');
    meanwhile('first', () => room.remove(CORE.networkPolicies, QUARANTINE_POLICY));
    await send(alertOf(first.metadata));
    await room.until(async () => (await there()) !== undefined, 'it stays away');
    const wanted = await there();
    const second = await room.add('second');
    meanwhile('second', () =>
      room.merge(CORE.networkPolicies, QUARANTINE_POLICY, { spec: { egress: [{}] } }),
    );
    await send(alertOf(second.metadata));
    await room.until(async () => JSON.stringify(await there()) === JSON.stringify(wanted), 'it stays open');
    for (const name of ['first', 'second'])
      await room.until(
        async () => (await room.record(name))?.verdict?.verdict === 'contained',
        `${name} is not contained`,
      );
  });
});

test('fifty Pods are cut off while somebody else writes to each, and takes the policy and labels away', async () => {
  const pods = await Promise.all(Array.from({ length: 50 }, (_, index) => room.add(`pod-${index}`)));
  let going = true;
  let written = 0;
  let taken = 0;
  const somebody = async (): Promise<void> => {
    for (let round = 0; going; round++) {
      const { name } = (pods[round % pods.length] as StoredPod).metadata;
      await room.mark(name, { labels: { round: `r${round}` }, annotations: { round: `r${round}` } });
      written += 1;
      if (round % 10 !== 0 || taken >= 20) continue;
      taken += 1;
      await room.mark(name, { labels: { [QUARANTINE_LABEL]: null } });
      await room.remove(CORE.networkPolicies, QUARANTINE_POLICY).catch(() => undefined);
    }
  };
  const writer = somebody();
  await Promise.all(pods.map(({ metadata }) => send(alertOf(metadata))));
  await room.until(() => Promise.resolve(taken >= 20), 'nothing is taken away');
  going = false;
  await writer;
  const all = async (): Promise<boolean> =>
    (await room.list()).every((pod) => isCut(pod) && recordOf(pod)?.verdict?.verdict === 'contained');
  await room.until(all, 'not each is contained');
  expect(written).toBeGreaterThan(pods.length);
  for (const { metadata } of pods) {
    const told = (await room.reasons(metadata.name)).filter((reason) => reason === 'Quarantined');
    expect([metadata.name, told]).toEqual([metadata.name, ['Quarantined']]);
  }
});
