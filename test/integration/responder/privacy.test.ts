import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startControlPlane, type ControlPlane } from '../control-plane';
import { waitUntil } from '../control-plane/wait';
import { apply, namespace, pod } from './cluster-under-test';
import { alertOf, ResponderUnderTest, VISTATECH } from './responder-under-test';
import { SidekickSink } from './sidekick-sink';

jest.setTimeout(90_000);

/*
 * A secret in a command line that an alert tells, and in the Pod's own, must be nowhere among what the responder writes: it
 * says what it did, in words of its own.
 */

const SECRET = `hunter2-${Date.now()}`;
const [OWN, PODS] = [`privacy-own-${Date.now()}`, `privacy-${Date.now()}`];

let plane: ControlPlane;
let sidekick: SidekickSink;
let responder: ResponderUnderTest;

/** A Pod that was given the secret too. */
function secretive(name: string): object {
  const container = { name: 'app', image: 'app:1', args: ['--password', SECRET] };
  const env = [{ name: 'PASSWORD', value: SECRET }];
  const httpHeaders = [{ name: 'Authorization', value: SECRET }];
  const readinessProbe = { httpGet: { path: `/ready?token=${SECRET}`, port: 80, httpHeaders } };
  const containers = [{ ...container, env, readinessProbe }];
  const volumes = [{ name: 'nas', flexVolume: { driver: 'x/nas', options: { password: SECRET } } }];
  return { ...pod(PODS, name), spec: { containers, volumes, nodeName: 'node-1' } };
}

beforeAll(async () => {
  [plane, sidekick] = await Promise.all([startControlPlane(), SidekickSink.start()]);
  const names = ['cut', 'observed', 'waiting', 'gone'];
  await apply(plane, namespace(OWN), namespace(PODS), ...names.map(secretive));
  const tokenFile = join(plane.folder, 'privacy.token');
  writeFileSync(tokenFile, plane.adminToken);
  const to = (rule: string, over: object) => ({
    ...VISTATECH,
    name: rule,
    match: `rule = "${rule}"`,
    ...over,
  });
  responder = await ResponderUnderTest.start(plane, {
    namespace: OWN,
    sidekickUrl: sidekick.url,
    responses: [
      to('cut', { snapshot: true }),
      to('observed', { mode: 'observe' }),
      to('waiting', { mode: 'approve' }),
      to('gone', {}),
    ],
  });
}, 900_000);

afterAll(async () => {
  await responder.stop();
  sidekick.stop();
  for (const name of [OWN, PODS]) await plane.kubectl(['delete', 'namespace', name, '--wait=false']);
  await plane.stop();
});

interface Stored {
  readonly metadata: { readonly name: string; readonly uid: string };
}

async function objects(kind: string, within: string): Promise<Stored[]> {
  const { stdout } = await plane.kubectl(['get', kind, '-n', within, '-o', 'json']);
  return (JSON.parse(stdout) as { items: Stored[] }).items;
}

test('it is in no log, Event, alert, annotation, policy, snapshot or metric', async () => {
  const told = (rule: string) =>
    ['proc.cmdline', 'proc.args', 'proc.exeline', 'proc.env', 'proc.pcmdline', 'evt.args'].map((field) => [
      field,
      `curl -u admin:${SECRET} ${rule}`,
    ]);
  for (const { metadata } of await objects('pods', PODS)) {
    const { name, uid } = metadata;
    const fields = Object.fromEntries(told(name)) as object;
    const alert = alertOf({ namespace: PODS, name, uid }, { rule: name, fields });
    expect(await responder.postAlert({ ...alert, output: `curl -u admin:${SECRET}` })).toBe(200);
  }
  // One that can't be read, and one that holds it in its very names.
  expect(await responder.postAlert({ rule: SECRET, output_fields: SECRET })).toBe(400);
  expect(await responder.postAlert({ ...alertOf({ namespace: PODS, name: 'cut' }), tags: [SECRET] })).toBe(
    200,
  );

  await waitUntil(
    async () =>
      sidekick.told(PODS, 'Quarantined').length > 0 &&
      sidekick.told(PODS, 'WouldRespond').length > 0 &&
      sidekick.told(PODS, 'WaitsForApproval').length > 0 &&
      (await objects('events', PODS)).length >= 3 &&
      (await objects('configmaps', OWN)).some(({ metadata }) =>
        metadata.name.startsWith('falco-egress-snapshot-'),
      ),
    30_000,
    () => new Error(JSON.stringify(responder.logged)),
  );
  const sinks: Record<string, unknown> = {
    logs: responder.logged,
    'alerts back': sidekick.alerts,
    events: await objects('events', PODS),
    snapshots: await objects('configmaps', OWN),
    policies: await objects('networkpolicies', PODS),
    // What the responder adds to a Pod is there; the rest of it is the Pod's own.
    pods: (await objects('pods', PODS)).map(({ metadata }) => metadata),
    metrics: (await responder.probe('/metrics')).text,
    readiness: (await responder.probe('/readyz')).text,
  };
  expect(JSON.stringify(sinks['pods'])).toContain('"falco-egress.io/quarantine":"true"');
  expect(Object.keys(sinks).filter((name) => JSON.stringify(sinks[name]).includes(SECRET))).toEqual([]);
});
