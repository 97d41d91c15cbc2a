import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runReloading } from '../../lib/responder/reload';

const INTERVAL = 20;

const folder = mkdtempSync(join(tmpdir(), 'falco-egress-reload-'));
const file = join(folder, 'responder.json');
const certificateFile = join(folder, 'tls.crt');

let events: string[] = [];
let stop = new AbortController();

beforeEach(() => {
  events = [];
  stop = new AbortController();
  writeFileSync(certificateFile, 'first');
  write('first');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(cluster: string, more: object = {}): void {
  const config = {
    cluster,
    authentication: { tokenFile: '/token' },
    tls: { certificateFile, keyFile: join(folder, 'absent.key') },
    protected: { namespaces: [], podLabels: {} },
    limits: { perNamespace: 1, perCluster: 1, perMinute: 1, ownerPercent: 50 },
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
    start: ({ cluster }) => {
      events.push(`start ${cluster}`);
      return Promise.resolve({
        stop: () => {
          events.push(`stop ${cluster}`);
          return Promise.resolve();
        },
      });
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

test('a configuration that is wrong from the start is an error', async () => {
  write('first', { limit: {} });
  await expect(reloading()).rejects.toThrow('limit');
  expect(events).toEqual([]);
});
