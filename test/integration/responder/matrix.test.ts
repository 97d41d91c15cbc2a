import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

import { QUARANTINE_POLICY } from '../../../lib/names';
import { cyclonusBinary } from '../containment/cyclonus';
import type { Probe } from '../containment/probes';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { inPool } from './in-pool';
import { leftOf, look, reachOf, settle, type Place, type Reach, type Seen } from './matrix';
import { BY_LABELS, FORENSICS, isOnPurpose, MATRIX, OPEN } from './matrix-situations';
import { alertOf, ResponderUnderTest } from './responder-under-test';
import { recordOf } from './room';

jest.setTimeout(180_000);

const STAMP = Date.now();
const PROGRAM = resolve(__dirname, '../../../dist/falco-egress.js');

let plane: ControlPlane;
let binary: string;
let responder: ResponderUnderTest | undefined;
let places: readonly Place[] = [];
/** Situations whose policies the API server doesn't take. */
const refused: string[] = [];

beforeAll(async () => {
  [plane, binary] = await Promise.all([startControlPlane(), cyclonusBinary()]);
  const settled = await inPool(24, MATRIX, async (situation, index) => {
    const place = await settle(plane, situation, `matrix-${STAMP}-${index}`);
    if (place === undefined) refused.push(situation.name);
    return place;
  });
  places = settled.filter((place) => place !== undefined);
}, 900_000);

afterEach(async () => {
  await responder?.stop();
  responder = undefined;
});

afterAll(async () => {
  await inPool(8, places, ({ room }) => room.close());
  await plane.stop();
});

function lookAtAll(): Promise<readonly Seen[]> {
  return inPool(16, places, look);
}

const reached = (seen: readonly Seen[]): readonly Reach[] => reachOf(binary, seen);

/** What the responder's record says. */
function toldOf({ pods }: Seen): {
  readonly verdict: string;
  readonly summary: string;
  readonly blamed: readonly string[];
} {
  const { verdict = 'none', summary = '' } = recordOf(pods.web.stored)?.verdict ?? {};
  const blamed = [...summary.matchAll(/NetworkPolicy [a-z0-9-]+\/([a-z0-9-]+) \(/g)].map(
    ([, name = '']) => name,
  );
  return { verdict, summary, blamed };
}

function start(rule: string, quarantine: object, response: object = {}): Promise<ResponderUnderTest> {
  return ResponderUnderTest.start(plane, {
    limits: { perNamespace: 1000, perCluster: 1000, perMinute: 1000, ownerPercent: 100, maxAge: '1h' },
    quarantine: { ingress: false, allowDns: false, denyTiers: [], ...quarantine },
    responses: [
      { ...{ name: rule, match: `rule = "${rule}"`, action: 'quarantine', mode: 'enforce' }, ...response },
    ],
  });
}

/** Cuts off the Pod of every situation, and waits until each record says what cyclonus says. */
async function cutAll(rule: string, onPurpose: (probe: Probe) => boolean = () => false) {
  const running = responder;
  if (running === undefined) throw new Error('start one first');
  await inPool(16, places, async ({ room }) => {
    const { uid } = (await room.get('web')).metadata;
    const alert = alertOf({ namespace: room.namespace, name: 'web', uid }, { rule });
    await places[0]?.room.until(async () => (await running.postAlert(alert)) === 200, 'not taken');
  });
  let seen: readonly Seen[] = [];
  let wrong: readonly object[] = [];
  // Policies that were made a moment ago come by the watch: the verdict is whatever it ends at.
  await places[0]?.room
    .until(
      async () => {
        seen = await lookAtAll();
        const left = leftOf(binary, seen, onPurpose);
        wrong = seen.flatMap((each, index) => {
          const told = toldOf(each);
          const { open = false, blamed = [] } = left[index] ?? {};
          const agrees =
            told.verdict === (open ? 'partial' : 'contained') &&
            JSON.stringify([...told.blamed].sort()) === JSON.stringify([...blamed].sort());
          return agrees ? [] : [{ situation: each.place.name, told, cyclonus: { open, blamed } }];
        });
        return wrong.length === 0;
      },
      'disagree',
      20_000,
    )
    .catch(() => undefined);
  expect(wrong).toEqual([]);
  return seen;
}

/** Ends every quarantine as a person does, and checks that nothing is left of it. */
async function releaseAll(before: readonly Seen[], reach: readonly Reach[]): Promise<void> {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, 'quarantine', 'release', '--all'], {
    encoding: 'utf8',
    env: { ...process.env, KUBECONFIG: plane.kubeconfig },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const after = await lookAtAll();
  const labelsOf = (all: readonly Seen[]): string[] =>
    all.map(({ pods }) => JSON.stringify(Object.values(pods).map(({ stored }) => stored.metadata.labels)));
  expect(labelsOf(after)).toEqual(labelsOf(before));
  expect(reached(after)).toEqual(reach);
}

const others = (reach: readonly Reach[]) => reach.map(({ sibling, other }) => ({ sibling, other }));
const count = (seen: readonly Seen[], verdict: string): number =>
  seen.filter((each) => toldOf(each).verdict === verdict).length;

test('the situations are many, and cyclonus lets the Pod out in most before it is cut off', async () => {
  expect(refused).toEqual(['ipBlock, bits after the length']);
  expect(places.length).toBeGreaterThan(60);
  const reach = reached(await lookAtAll());
  expect(reach.filter(({ web }) => web.includes(true)).length).toBeGreaterThan(60);
  for (const { web, sibling } of reach) expect(sibling).toEqual(web);
});

test('in each, the verdict on the Pod that was cut off is that of cyclonus, its siblings keep their ways, and the release restores all', async () => {
  const before = await lookAtAll();
  const reach = reached(before);
  responder = await start('cut', {});
  const seen = await cutAll('cut');
  expect(count(seen, 'contained')).toBeGreaterThan(25);
  expect(count(seen, 'partial')).toBeGreaterThan(40);
  expect(others(reached(seen))).toEqual(others(reach));
  await responder.stop();
  responder = undefined;
  await releaseAll(before, reach);
});

test('the same where labels may be stripped, which contains more of them', async () => {
  const before = await lookAtAll();
  const reach = reached(before);
  responder = await start('strip', {}, { strip: true });
  const seen = await cutAll('strip');
  const stripped = seen.filter(({ pods }) => Object.keys(pods.web.stored.metadata.labels ?? {}).length < 3);
  expect(stripped.map(({ place }) => place.name)).toEqual(BY_LABELS.slice(0, 5).map(({ name }) => name));
  expect(stripped.map(toldOf).filter(({ verdict }) => verdict !== 'contained')).toEqual([]);
  expect(others(reached(seen))).toEqual(others(reach));
  await responder.stop();
  responder = undefined;
  await releaseAll(before, reach);
});

test('the same where DNS and a namespace for forensics stay open on purpose, and nobody else may come in', async () => {
  const before = await lookAtAll();
  const reach = reached(before);
  responder = await start('open', { ingress: true, allowDns: true, forensicsNamespace: FORENSICS });
  const seen = await cutAll('open', isOnPurpose);
  const [first] = seen.filter((each) => each.policies.length === 1);
  expect(first === undefined ? '' : toldOf(first).summary).toBe(
    'contained (DNS and namespace forensics allowed)',
  );
  const byName = new Map(seen.map((each) => [each.place.name, toldOf(each).verdict]));
  expect(OPEN.map(({ name }) => byName.get(name))).toEqual(['contained', 'partial', 'partial', 'contained']);
  const now = reached(seen);
  expect(others(now)).toEqual(others(reach));
  for (const [index, each] of seen.entries()) {
    if (
      each.policies.some(
        ({ metadata, spec }) =>
          metadata?.name !== QUARANTINE_POLICY && spec?.policyTypes?.includes('Ingress'),
      )
    )
      continue;
    const { probes } = each.place;
    const inwards = now[index]?.web.slice(probes.length) ?? [];
    expect(inwards).toEqual(
      probes.map(({ destination }) => destination.kind === 'pod' && destination.namespace === FORENSICS),
    );
  }
  await responder.stop();
  responder = undefined;
  await releaseAll(before, reach);
});
