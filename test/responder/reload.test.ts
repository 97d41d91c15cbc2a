import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runReloading } from '../../lib/responder/reload';
import { MINIMAL_CONFIG } from './minimal-config';

const INTERVAL = 20;

const folder = mkdtempSync(join(tmpdir(), 'falco-egress-reload-'));
const file = join(folder, 'responder.json');
const certificateFile = join(folder, 'tls.crt');

let events: string[] = [];
/** Clusters with which it does not start, and those that are found wrong before. */
let broken: string[] = [];
let refused: string[] = [];
let starting: () => Promise<void> = () => Promise.resolve();
let stop = new AbortController();
let telling: (cluster: string) => Promise<void> = () => Promise.resolve();

beforeEach(() => {
  events = [];
  broken = [];
  refused = [];
  starting = telling = () => Promise.resolve();
  stop = new AbortController();
  writeFileSync(certificateFile, 'first');
  write('first');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(cluster: string, more: object = {}): void {
  const config = {
    ...MINIMAL_CONFIG,
    cluster,
    authentication: { tokenFile: '/token' },
    tls: { certificateFile, keyFile: join(folder, 'absent.key') },
    ...more,
  };
  writeFileSync(file, JSON.stringify(config));
}

/** Runs until `during` is done. */
async function run(during: () => Promise<void>): Promise<void> {
  const running = reloading();
  await sleep(3 * INTERVAL);
  await during();
  await sleep(5 * INTERVAL);
  stop.abort();
  await running;
}

function reloading(): Promise<void> {
  return runReloading({
    file,
    stop: stop.signal,
    interval: INTERVAL,
    log: (level, message) => events.push(`${level}: ${message}`),
    check: ({ cluster }) => {
      if (refused.includes(cluster)) throw new Error(`${cluster} is refused`);
    },
    start: async ({ cluster }) => {
      await starting();
      if (broken.includes(cluster)) throw new Error(`${cluster} is broken`);
      events.push(`start ${cluster}`);
      return {
        stop: () => {
          events.push(`stop ${cluster}`);
          return Promise.resolve();
        },
        told: () => telling(cluster),
      };
    },
  });
}

test('it runs once while nothing changes, and ends when it is told to', async () => {
  await run(async () => {
    await sleep(3 * INTERVAL);
    write('first');
  });
  expect(events).toEqual(['start first', 'stop first']);
});

test('a changed configuration is used', async () => {
  await run(() => {
    write('second');
    return Promise.resolve();
  });
  expect(events).toEqual([
    'start first',
    'info: configuration or certificate changed',
    'stop first',
    'start second',
    'stop second',
  ]);
});

test('so is a renewed certificate', async () => {
  await run(() => {
    writeFileSync(certificateFile, 'second');
    return Promise.resolve();
  });
  expect(events.filter((event) => event.startsWith('start'))).toEqual(['start first', 'start first']);
});

test('a wrong one is told of once and not used; the next right one is', async () => {
  await run(async () => {
    write('second', { limit: {} });
    await sleep(5 * INTERVAL);
    write('third');
  });
  expect(events).toEqual([
    'start first',
    expect.stringMatching(/^error: the changed configuration is not used: .*limit.*unknown field/),
    'info: configuration or certificate changed',
    'stop first',
    'start third',
    'stop third',
  ]);
});

test('a change while it starts is not lost', async () => {
  starting = () => {
    starting = () => Promise.resolve();
    write('second');
    return Promise.resolve();
  };
  await run(() => Promise.resolve());
  expect(events.filter((event) => event.startsWith('start'))).toEqual(['start first', 'start second']);
});

test('one that is found wrong before the start does not stop what runs', async () => {
  refused = ['second'];
  await run(() => {
    write('second');
    return Promise.resolve();
  });
  expect(events).toEqual([
    'start first',
    'error: the changed configuration is not used: second is refused',
    'stop first',
  ]);
});

test('with one that does not start the last good one goes on', async () => {
  broken = ['second'];
  await run(async () => {
    write('second');
    await sleep(5 * INTERVAL);
    write('third');
  });
  expect(events).toEqual([
    'start first',
    'info: configuration or certificate changed',
    'stop first',
    'error: the changed configuration is not used: second is broken',
    'start first',
    'info: configuration or certificate changed',
    'stop first',
    'start third',
    'stop third',
  ]);
});

test('where nothing starts for a while it tries again', async () => {
  await run(async () => {
    broken = ['first', 'second'];
    write('second');
    await sleep(5 * INTERVAL);
    broken = ['second'];
  });
  expect(events.at(0)).toBe('start first');
  expect(events.slice(-2)).toEqual(['start first', 'stop first']);
});

test('the next one does not wait for what the last one still tells, and the end does', async () => {
  let tell: (() => void) | undefined;
  telling = (cluster) =>
    cluster === 'second' ? Promise.resolve() : new Promise((resolve) => (tell = resolve));
  let ended = false;
  const running = reloading().then(() => (ended = true));
  await sleep(3 * INTERVAL);
  write('second');
  await sleep(5 * INTERVAL);
  stop.abort();
  await sleep(2 * INTERVAL);
  expect(events).toContain('stop second');
  expect(ended).toBe(false);
  tell?.();
  await running;
});

test('a configuration that is wrong from the start is an error', async () => {
  write('first', { limit: {} });
  await expect(reloading()).rejects.toThrow('limit');
  expect(events).toEqual([]);
});
