import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { LokiRetentionSettings } from '../../../lib/settings/loki';
import { waitUntil } from '../control-plane/wait';
import { Loki, lokiBinary } from './loki';
import { OWN_LOKI, ownLokiConfig } from './own-loki';
import { CLASSES, SentByCollector } from './sent-by-collector';

/*
 * What the stack's own Loki deletes, by the real one and the settings that the construct makes. The lines are those that the
 * deployed collector sends of each class of data; only their times are put back.
 */

jest.setTimeout(180_000);

const DAY = 86_400_000;
const NOW = Date.now();
/** How many days ago lines were stored. */
const AGES = [100, 40, 30] as const;

const binary = lokiBinary();
if (binary === undefined)
  console.warn('skipped: there is no Loki; node tools/loki/build.mjs builds it, in about six minutes');
const withLoki = binary === undefined ? describe.skip : describe;

/** How long Loki waits until it does what: ten minutes and two hours, as deployed. Nothing else is changed. */
const TIMINGS = { compaction_interval: '1s', retention_delete_delay: '1s' };

function start(data: string, retention: LokiRetentionSettings | undefined): Promise<Loki> {
  const props = { ...OWN_LOKI, loki: { enabled: true, ...(retention !== undefined && { retention }) } };
  return Loki.start(binary ?? '', (_folder, ...ports) => {
    const { compactor, ...config } = ownLokiConfig(props, data, ...ports);
    return { ...config, compactor: { ...compactor, ...TIMINGS } };
  });
}

/** The files of chunks on the disk. */
function chunks(data: string): number {
  const files = readdirSync(join(data, 'chunks', 'fake'), { recursive: true, withFileTypes: true });
  return files.filter((entry) => entry.isFile()).length;
}

/** The days of which there is a line, of each class, by a query for each. */
async function stored(loki: Loki): Promise<Record<string, number[]>> {
  const days: Record<string, number[]> = {};
  for (const [name, query] of Object.entries(CLASSES)) {
    const found = (days[name] = [] as number[]);
    for (const age of AGES) {
      const time = String((NOW - age * DAY) / 1000 + 60);
      if ((await loki.number('', `sum(count_over_time(${query}[1h]))`, time)) > 0) found.push(age);
    }
  }
  return days;
}

/**
 * What is left of lines of all classes and ages, in three lives of Loki on one disk: the first stores, the second takes what is
 * too old out of the index, the third deletes it from the disk as soon as it begins, where the second would a minute later.
 */
async function left(
  sent: SentByCollector,
  retention: LokiRetentionSettings | undefined,
  expected: number,
): Promise<Record<string, number[]>> {
  const data = mkdtempSync(join(tmpdir(), 'falco-egress-retention-'));
  try {
    const first = await start(data, retention);
    for (const age of AGES)
      expect(await first.post('/otlp/v1/logs', '', sent.at(NOW - age * DAY, `of-${age}-days`))).toBe('');
    await first.end();
    expect(chunks(data)).toBe(sent.streams * AGES.length);
    // What it kept of its own: lines that the disk has no more would be shown out of it for hours.
    for (const own of ['wal', 'tsdb-shipper-active', 'tsdb-shipper-cache'])
      rmSync(join(data, own), { recursive: true });

    const second = await start(data, retention);
    await waitUntil(
      async () => /apply_retention_operation_total\{status="success"\} [1-9]/.test(await second.metrics()),
      60_000,
      () => new Error('it does not look for what is too old'),
    );
    await second.stop();

    const third = await start(data, retention);
    try {
      await waitUntil(
        () => Promise.resolve(chunks(data) <= expected),
        60_000,
        () => new Error(`${chunks(data)} chunks are on the disk, and ${expected} were to be left`),
      );
      expect(chunks(data)).toBe(expected);
      return await stored(third);
    } finally {
      await third.stop();
    }
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

withLoki('the stack’s own Loki', () => {
  let sent: SentByCollector;
  beforeAll(async () => {
    sent = await SentByCollector.ofEachClass();
  }, 900_000);

  const others = Object.keys(CLASSES).filter((name) => name !== 'record');
  const days = (record: number[], other: number[]): Record<string, number[]> => ({
    ...Object.fromEntries(others.map((name) => [name, other])),
    record,
  });

  test('deletes the record after 35 days and all else after 90; other times where they are set', async () => {
    // The inventory and exemptions are one stream.
    const streams = Object.keys(CLASSES).length - 1;
    expect(sent.streams).toBe(streams);
    const [byDefault, asSet] = await Promise.all([
      left(sent, undefined, 1 + 2 * (streams - 1)),
      left(sent, { alerts: '5w', record: '1y' }, 3 + streams - 1),
    ]);
    expect(byDefault).toEqual(days([30], [40, 30]));
    expect(asSet).toEqual(days([100, 40, 30], [30]));
  });
});
