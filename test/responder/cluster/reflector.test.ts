import { setImmediate } from 'node:timers/promises';
import { projectService } from '../../../lib/responder/cluster/projections';
import { Reflector } from '../../../lib/responder/cluster/reflector';
import { CORE } from '../../../lib/responder/cluster/resource';
import { ObjectStore } from '../../../lib/responder/cluster/store';
import { FakeClock } from '../fake-clock';
import { fakeApi, json, service, watch, type Answer } from './fake-api';

let api: Awaited<ReturnType<typeof fakeApi>>;
let stop: AbortController;
beforeEach(async () => {
  api = await fakeApi();
  stop = new AbortController();
});
afterEach(() => {
  stop.abort();
  api.stop();
});

const GONE = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
const list = (version: string, names: readonly string[], next = ''): Answer =>
  json(200, {
    metadata: { resourceVersion: version, continue: next },
    items: names.map((name) => service(name, '1')),
  });
const told = (type: string, name: string, version: string): object => ({
  type,
  object: service(name, version),
});

/** A reflector of Services against the fake, which has so many answers. */
function reflect(...answers: Answer[]) {
  return reflectSome(undefined, ...answers);
}

/** The same of those with some labels. */
function reflectSome(labelSelector: string | undefined, ...answers: Answer[]) {
  api.answer(...answers);
  const clock = new FakeClock();
  const store = new ObjectStore<{ readonly metadata?: { readonly name?: string } }>();
  const logged: string[] = [];
  const reflector = new Reflector({
    client: api.client,
    resource: CORE.services,
    labelSelector,
    project: projectService,
    store,
    times: { silence: 90_000, hold: 300, list: 30_000, pause: { least: 20, most: 10_000 } },
    clock,
    log: (_, message, { reason = '' } = {}) => logged.push(`${message}: ${String(reason)}`),
    random: () => 0.5,
  });
  void reflector.run(stop.signal);
  /** Lets pauses pass until so many requests have come; the pauses, in milliseconds. */
  const untilAsked = async (count: number): Promise<number[]> => {
    const pauses: number[] = [];
    while (api.asked.length < count) {
      const { next } = clock;
      if (next !== undefined && next < 60_000) {
        pauses.push(next);
        clock.pass(next);
      }
      await setImmediate();
    }
    return pauses;
  };
  const untilListed = async (...names: string[]): Promise<void> => {
    const known = (): string =>
      store
        .list()
        .map(({ metadata }) => metadata?.name)
        .sort()
        .join();
    while (known() !== names.join()) await setImmediate();
  };
  const queries = () => api.asked.map(({ query }) => Object.fromEntries(query));
  return { reflector, store, clock, logged, untilAsked, untilListed, queries };
}

test('of some it asks each page, and the watch, for their labels', async () => {
  const answers = [list('7', ['a'], 'page-2'), list('7', ['b']), watch([])];
  const { reflector, untilAsked, queries } = reflectSome('managed-by!=us', ...answers);
  await reflector.filled;
  await untilAsked(3);
  expect(queries().map(({ labelSelector }) => labelSelector)).toEqual(Array(3).fill('managed-by!=us'));
});

test('it lists page by page, then watches from the version of the list', async () => {
  const { reflector, untilAsked, untilListed, queries } = reflect(
    list('7', ['a', 'b'], 'page-2'),
    list('7', ['c']),
    watch([
      told('DELETED', 'a', '8'),
      told('ADDED', 'd', '9'),
      { type: 'BOOKMARK', object: service('', '12') },
    ]),
  );
  await reflector.filled;
  await untilListed('b', 'c', 'd');
  await untilAsked(3);
  expect(queries()).toEqual([
    { limit: '500' },
    { limit: '500', continue: 'page-2' },
    { watch: '1', allowWatchBookmarks: 'true', resourceVersion: '7', timeoutSeconds: '450' },
  ]);
});

test('a list whose version is no more before its last page is asked for at once', async () => {
  const { untilListed, queries } = reflect(
    list('7', ['a'], 'page-2'),
    json(410, GONE),
    list('8', ['a', 'b']),
  );
  await untilListed('a', 'b');
  expect(queries().slice(0, 3)).toEqual([
    { limit: '500' },
    { limit: '500', continue: 'page-2' },
    { limit: '0' },
  ]);
});

test('a watch that has ended is gone on with, from what the last bookmark said', async () => {
  const bookmark = { type: 'BOOKMARK', object: service('', '12') };
  const { untilAsked, queries } = reflect(list('7', ['a']), watch([bookmark], true), watch([]));
  await untilAsked(3);
  expect(queries()[2]).toMatchObject({ watch: '1', resourceVersion: '12' });
});

test.each<[string, Answer]>([
  ['is answered 410', json(410, GONE)],
  ['is told ERROR', watch([{ type: 'ERROR', object: GONE }])],
  ['goes back in time', watch([told('MODIFIED', 'a', '5')])],
])('a watch that %s is begun anew by a list, and what isn’t listed has gone', async (_, answer) => {
  const { untilAsked, untilListed, queries, logged } = reflect(
    list('7', ['a', 'b']),
    answer,
    list('9', ['b']),
    watch([]),
  );
  await untilAsked(4);
  await untilListed('b');
  expect(queries().slice(2)).toMatchObject([{ limit: '500' }, { resourceVersion: '9' }]);
  expect(logged).toEqual([expect.stringMatching(/^watch ended, listing anew: /)]);
});

test.each<[string, Answer]>([
  ['a line that is no JSON', (response) => response.writeHead(200).end('{"type":\n')],
  ['half a line', (response) => response.writeHead(200).end('{"type":"ADDED","object":{"metadata"')],
  ['no answer', (response) => response.destroy()],
  ['a server error', json(500, { message: 'etcd is away' })],
])('%s changes nothing, and the watch goes on from where it was', async (_, answer) => {
  const { untilAsked, untilListed, queries } = reflect(
    list('7', ['a']),
    answer,
    watch([told('ADDED', 'b', '8')]),
  );
  await untilAsked(3);
  await untilListed('a', 'b');
  expect(queries()[2]).toMatchObject({ watch: '1', resourceVersion: '7' });
});

test('pauses grow while all fails, up to the most, and are short again once a watch tells something', async () => {
  const failures = Array.from({ length: 12 }, () => json(500, { message: 'away' }));
  const event = watch([told('ADDED', 'b', '8')], true);
  const { untilAsked, logged } = reflect(...failures, list('7', ['a']), event, watch([]));
  expect(await untilAsked(13)).toEqual([30, 60, 120, 240, 480, 960, 1920, 3840, 7500, 7500, 7500, 7500]);
  expect(await untilAsked(15)).toEqual([15]);
  // The same complaint isn't made twice.
  expect(logged).toEqual([expect.stringContaining('answered 500 (list services): away')]);
});

test('a watch that is silent for longer than bookmarks take is given up, and staleness tells of it', async () => {
  const { reflector, clock, untilAsked, queries, untilListed } = reflect(
    list('7', []),
    watch([told('ADDED', 'a', '8')]),
    watch([]),
  );
  await untilListed('a');
  clock.pass(89_999);
  expect(reflector.staleness()).toBe(89_999);
  clock.pass(1);
  await untilAsked(3);
  expect(queries()[2]).toMatchObject({ resourceVersion: '8' });
  while (reflector.staleness() > 1_000) await setImmediate();
});

test('a kind that may not be read is never filled, but has been tried', async () => {
  const { reflector } = reflect(json(403, { message: 'not yours' }));
  await reflector.tried;
  stop.abort(new Error('stopped'));
  await expect(reflector.filled).rejects.toThrow('stopped');
});
