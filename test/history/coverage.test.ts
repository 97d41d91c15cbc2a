import { Canaries, TICK } from '../../lib/history/canaries';
import { coverageAsJson, coverageText, type Coverage } from '../../lib/history/coverage';
import type { NodeLife } from '../../lib/history/inventory/node-lives';
import { Losses } from '../../lib/history/losses';
import { knowable, measureCoverage, spanOfCanaries } from '../../lib/history/measure-coverage';
import type { AlertRecord } from '../../lib/history/read-connection';
import { CANARY_RULE } from '../../lib/rules/library/names';

const HOUR = { from: time('10:00:00'), to: time('11:00:00') };

function time(clock: string): bigint {
  return BigInt(Date.parse(`2026-11-22T${clock}Z`)) * 1_000_000n;
}

function alert(at: bigint, more: Partial<AlertRecord> = {}): AlertRecord {
  const fields = (): unknown => undefined;
  return {
    ...{ rule: CANARY_RULE, priority: 'Informational', time: at, hostname: 'node-1', cluster: undefined },
    ...{ fields, counted: fields, ...more },
  };
}

/** Canaries of a node at these seconds after ten. */
function heard(seconds: readonly number[], node = 'node-1', canaries = new Canaries()): Canaries {
  for (const second of seconds)
    canaries.note(alert(HOUR.from + BigInt(Math.round(second * 1000)) * 1_000_000n, { hostname: node }));
  return canaries;
}

/** Every minute, from one second to another. */
function everyMinute(from: number, to: number): number[] {
  return Array.from({ length: Math.floor((to - from) / 60) + 1 }, (_, index) => from + 60 * index);
}

/** A life from one second after ten to another; one without an end is not known to have ended. */
function life(node: string, from: number, to: number, isEndKnown = true, cluster = 'c'): NodeLife {
  const at = (second: number): bigint => HOUR.from + BigInt(second) * 1_000_000_000n;
  return { cluster, node, from: at(from), to: at(to), isEndKnown };
}

function measured(coverage: Coverage): Extract<Coverage, { kind: 'measured' }> {
  if (coverage.kind === 'unknown') throw new Error(coverage.why);
  return coverage;
}

function gapsOf(coverage: Coverage): string[] {
  return measured(coverage).gaps.map(
    ({ what, from, to }) => `${what} ${from.toISOString().slice(11, 16)}-${to.toISOString().slice(11, 16)}`,
  );
}

describe('a node that is heard of every minute', () => {
  test('is covered, whatever the second', () => {
    for (const second of [0, 7, 59.9]) {
      const coverage = measureCoverage(heard(everyMinute(second - 60, 3600 + 60)), HOUR);
      expect(measured(coverage)).toMatchObject({ nodeMinutes: { expected: 60, covered: 60 }, nodes: 1 });
      expect(gapsOf(coverage)).toEqual([]);
      expect(coverageText(coverage)).toBe('covered: 100.00 % of node-minutes');
    }
  });

  test('is covered though its canary comes now before, now after the full minute', () => {
    const jittering = everyMinute(0, 3600).map((second, index) => second + (index % 2 === 0 ? -0.4 : 0.4));
    expect(measured(measureCoverage(heard(jittering), HOUR)).nodeMinutes).toEqual({
      expected: 60,
      covered: 60,
    });
  });

  test('counts once though its canaries were stored twice, and in any order', () => {
    const seconds = everyMinute(5, 3600);
    const once = measureCoverage(heard(seconds), HOUR);
    expect(measureCoverage(heard([...seconds, ...[...seconds].reverse()]), HOUR)).toEqual(once);
    expect(measured(once).nodeMinutes.covered).toBe(60);
  });

  test('whose clock goes back an hour is covered for the time that its clock told', () => {
    const seconds = [...everyMinute(5, 3600), ...everyMinute(1800, 3600)];
    expect(measured(measureCoverage(heard(seconds), HOUR)).nodeMinutes).toEqual({
      expected: 60,
      covered: 60,
    });
  });
});

describe('a gap', () => {
  test('is named by its minutes', () => {
    const seconds = everyMinute(5, 3600).filter((second) => second < 600 || second >= 1200);
    const coverage = measureCoverage(heard(seconds), HOUR);
    expect(measured(coverage).nodeMinutes).toEqual({ expected: 60, covered: 50 });
    expect(gapsOf(coverage)).toEqual(['node-1 10:10-10:20']);
    expect(coverageText(coverage)).toBe(
      'covered: 83.33 % of node-minutes; not covered: node-1, 2026-11-22 10:10–10:20 (no canary)',
    );
  });

  test('of one canary is one', () => {
    const seconds = everyMinute(5, 3600).filter((second) => second !== 605);
    expect(gapsOf(measureCoverage(heard(seconds), HOUR))).toEqual(['node-1 10:10-10:11']);
  });

  test('may begin before the time that is asked for, and end after it', () => {
    const around = heard([...everyMinute(-600, -300), ...everyMinute(4000, 4200)]);
    const coverage = measureCoverage(around, HOUR);
    expect(measured(coverage).nodeMinutes).toEqual({ expected: 60, covered: 0 });
    expect(gapsOf(coverage)).toEqual(['node-1 10:00-11:00']);
    const half = heard([...everyMinute(-600, -300), ...everyMinute(1800, 4200)]);
    expect(gapsOf(measureCoverage(half, HOUR))).toEqual(['node-1 10:00-10:30']);
  });

  test('is never rounded away', () => {
    const canaries = new Canaries();
    const day = { from: time('00:00:00') - 30n * 86_400_000_000_000n, to: time('00:00:00') };
    for (let at = day.from; at < day.to; at += 60_000_000_000n) {
      if (at !== day.from + 600_000_000_000n) canaries.note(alert(at));
    }
    const coverage = measureCoverage(canaries, day);
    expect(measured(coverage).nodeMinutes).toEqual({ expected: 43_200, covered: 43_199 });
    expect(coverageText(coverage)).toContain('covered: 99.99 %');
  });

  test('is one of very many: the longest are named, and how many more there are', () => {
    const canaries = new Canaries();
    for (let minute = 0; minute < 4300; minute++)
      if (minute % 3 === 0 && (minute < 2000 || minute > 2100))
        canaries.add({ cluster: undefined, node: 'a' }, 4 * minute);
    const coverage = measured(measureCoverage(canaries, { from: 0n, to: 4300n * 4n * TICK }));
    expect([coverage.gaps.length, coverage.moreGaps > 300]).toEqual([1000, true]);
    expect(coverage.nodeMinutes.expected - coverage.nodeMinutes.covered).toBeGreaterThan(2000);
    const text = coverageText(coverage);
    expect(text).toMatch(/not covered: a, 1970-01-02 09:19–11:03 \(no canary\); a/);
    expect(text).toContain(`and ${coverage.moreGaps + 995} gaps more`);
  });
});

describe('nodes of which the inventory tells', () => {
  test('are expected from when they came until they went, and not before or after', () => {
    const canaries = heard(everyMinute(0, 3600), 'node-1');
    heard(everyMinute(1860, 3600), 'node-2', canaries);
    heard(everyMinute(0, 840), 'node-3', canaries);
    const lives = [
      life('node-1', -9000, 9000, false),
      life('node-2', 1800, 9000),
      life('node-3', -9000, 900),
    ];
    const coverage = measureCoverage(canaries, HOUR, { lives });
    expect(measured(coverage)).toMatchObject({
      nodes: 3,
      // The first minute of node-2 was without a canary.
      nodeMinutes: { expected: 60 + 30 + 15, covered: 60 + 29 + 15 },
    });
    expect(coverageText(coverage)).toBe(
      'covered: 99.04 % of node-minutes; not covered: node-2, 2026-11-22 10:30–10:31 (no canary)',
    );
  });

  test('that never had a canary are a gap as long as they were there', () => {
    const canaries = heard(everyMinute(0, 3600), 'node-1');
    const lives = [
      ...[life('node-1', -9000, 9000), life('blind', -9000, 9000), life('short', 600, 1200)],
      ...[life('before', -9000, 0), life('after', 3600, 9000)],
    ];
    const coverage = measureCoverage(canaries, HOUR, { lives });
    expect(measured(coverage)).toMatchObject({
      nodes: 3,
      nodeMinutes: { expected: 130, covered: 60 },
      partly: [],
    });
    expect(gapsOf(coverage)).toEqual(['blind 10:00-11:00', 'short 10:10-10:20']);
  });

  test('were watched in between: what is missing on both sides is a gap each', () => {
    const coverage = measureCoverage(heard(everyMinute(1200, 2340), 'node-1'), HOUR, {
      lives: [life('node-1', 300, 3300)],
    });
    expect(measured(coverage)).toMatchObject({ nodeMinutes: { expected: 50, covered: 20 }, partly: [] });
    expect(gapsOf(coverage)).toEqual(['node-1 10:05-10:20', 'node-1 10:40-10:55']);
  });

  test('that came back by the same name are not expected in between', () => {
    const canaries = heard([...everyMinute(0, 540), ...everyMinute(1800, 3600)], 'node-1');
    const lives = [life('node-1', -60, 600), life('node-1', 1800, 9000)];
    expect(measured(measureCoverage(canaries, HOUR, { lives })).nodeMinutes).toEqual({
      expected: 40,
      covered: 40,
    });
  });

  test('are expected until the last canary where the inventory has been silent since', () => {
    const canaries = heard([...everyMinute(0, 540), ...everyMinute(2400, 3600)], 'node-1');
    const lives = [life('node-1', -60, 1200, false)];
    expect(gapsOf(measureCoverage(canaries, HOUR, { lives }))).toEqual(['node-1 10:10-10:40']);
  });

  test('whose end nobody saw may have been there longer, and are told of', () => {
    const canaries = heard(everyMinute(0, 3600), 'node-1');
    heard(everyMinute(0, 840), 'node-2', canaries);
    const coverage = measureCoverage(canaries, HOUR, {
      lives: [life('node-1', -60, 9000), life('node-2', -60, 1200, false)],
    });
    expect(gapsOf(coverage)).toEqual(['node-2 10:15-10:20']);
    expect(measured(coverage).partly).toEqual([{ what: 'node-2', to: new Date('2026-11-22T10:20:00Z') }]);
  });

  test('are those of their cluster; alerts that name none are of the one that has the node', () => {
    const canaries = heard(everyMinute(0, 3600), 'node-1');
    const lives = [life('node-1', 0, 3600)];
    expect(measured(measureCoverage(canaries, HOUR, { lives })).nodes).toBe(1);
    const named = new Canaries();
    for (const second of everyMinute(0, 3600))
      named.note(alert(HOUR.from + BigInt(second) * 1_000_000_000n, { cluster: 'd' }));
    const coverage = measureCoverage(named, HOUR, { lives });
    expect(measured(coverage).nodeMinutes).toEqual({ expected: 120, covered: 60 });
    expect(gapsOf(coverage)).toEqual(['c/node-1 10:00-11:00']);
  });

  test('tell nothing where nobody makes canaries', () => {
    const lives = [life('node-1', 0, 3600)];
    expect(measureCoverage(new Canaries(), HOUR, { lives })).toMatchObject({ kind: 'unknown' });
    expect(measureCoverage(heard([9000]), HOUR, { lives })).toMatchObject({ kind: 'unknown' });
  });
});

describe('nodes', () => {
  test('that come or go are expected while they were heard of, and told of', () => {
    const canaries = heard(everyMinute(0, 3600), 'node-1');
    heard(everyMinute(1800, 3600), 'node-2', canaries);
    heard(everyMinute(0, 900), 'node-3', canaries);
    const coverage = measureCoverage(canaries, HOUR);
    expect(measured(coverage)).toMatchObject({
      nodes: 3,
      nodeMinutes: { expected: 60 + 30 + 16, covered: 60 + 30 + 16 },
      gaps: [],
    });
    expect(coverageText(coverage)).toBe(
      'covered: 100.00 % of node-minutes; not known: node-2 before 2026-11-22 10:30 (gone, or not watched); node-3 after 2026-11-22 10:15 (gone, or not watched)',
    );
  });

  test('of which nothing was heard near the time are none of it', () => {
    const canaries = heard(everyMinute(0, 3600), 'node-1');
    heard(everyMinute(7200, 7300), 'later', canaries);
    heard(everyMinute(-7200, -7100), 'earlier', canaries);
    expect(measured(measureCoverage(canaries, HOUR)).nodes).toBe(1);
    expect(measureCoverage(heard([7200]), HOUR)).toEqual({ kind: 'unknown', why: 'no canary records' });
  });

  test('of several clusters are told apart by these', () => {
    const canaries = new Canaries();
    for (const cluster of ['prod', 'test'])
      for (const minute of cluster === 'prod' ? [0, 5] : [0, 1])
        canaries.note(alert(HOUR.from + BigInt(minute) * 4n * TICK, { cluster }));
    expect(gapsOf(measureCoverage(canaries, HOUR))).toEqual([
      'prod/node-1 10:01-10:05',
      'test/all nodes 10:02-11:00',
      'prod/all nodes 10:06-11:00',
    ]);
  });

  test('of several clusters are told of cluster by cluster, and of one that has no canary that nothing is known', () => {
    const canaries = new Canaries();
    for (const [cluster, minutes] of Object.entries({ prod: 60, test: 15 }))
      for (let minute = 0; minute < minutes; minute++)
        canaries.note(alert(HOUR.from + BigInt(minute) * 4n * TICK, { cluster }));
    const coverage = measureCoverage(canaries, HOUR, { clusters: ['prod', 'staging', 'staging'] });
    expect(coverageText(coverage)).toMatch(
      /^covered: 62\.50 % of node-minutes \(prod 100\.00 %, staging unknown: no canary records, test 25\.00 %\); not covered: test\//,
    );
    expect(coverageAsJson(coverage)).toMatchObject({
      clusters: [
        { cluster: 'prod', nodes: 1, nodeMinutes: { expected: 60, covered: 60 } },
        { cluster: 'staging', nodes: 0 },
        { cluster: 'test', nodes: 1, nodeMinutes: { expected: 60, covered: 15 } },
      ],
    });
  });

  test('of no cluster leave those unknown that were asked about, by their names', () => {
    const unknown = measureCoverage(new Canaries(), HOUR, { clusters: ['b', 'a'] });
    expect(coverageText(unknown)).toBe('coverage unknown of a, b: no canary records');
    expect(coverageText(measureCoverage(new Canaries(), HOUR, { clusters: ['a', 'a'] }))).toBe(
      'coverage unknown: no canary records',
    );
    const many = Array.from({ length: 52 }, (_, index) => `c${String(index).padStart(2, '0')}`);
    expect(coverageText(measureCoverage(new Canaries(), HOUR, { clusters: many }))).toContain(
      ', c49, and 2 clusters more: no canary records',
    );
  });

  test('of which none was heard of for some time are not covered then, whatever came and went', () => {
    const day = { from: HOUR.from, to: HOUR.from + 86_400_000_000_000n };
    const canaries = heard(everyMinute(3600, 2 * 3600 - 60), 'node-1');
    heard(everyMinute(5400, 2 * 3600 - 60), 'node-2', canaries);
    const coverage = measureCoverage(canaries, day);
    expect(measured(coverage)).toMatchObject({
      nodeMinutes: { expected: 60 + 30 + 2 * 23 * 60, covered: 60 + 30 },
      partly: [{ what: 'node-2', from: new Date('2026-11-22T11:30:00Z') }],
    });
    expect(coverageText(coverage)).toBe(
      'covered: 3.15 % of node-minutes; not covered: all nodes, 2026-11-22 10:00–11:00 (no node was heard of); all nodes, 2026-11-22 12:00–2026-11-23 10:00 (no node was heard of); not known: node-2 before 2026-11-22 11:30 (gone, or not watched)',
    );
    const once = measureCoverage(heard([60]), HOUR);
    expect(measured(once).nodeMinutes).toEqual({ expected: 60, covered: 1 });
  });

  test('whose end the inventory has not seen leave a silence behind, those that it saw go do not', () => {
    const lives = (isEndKnown: boolean): NodeLife[] => [life('node-1', -60, 1800, isEndKnown)];
    const canaries = (): Canaries => heard(everyMinute(-60, 1800), 'node-1');
    expect(gapsOf(measureCoverage(canaries(), HOUR, { lives: lives(false) }))).toEqual([
      'all nodes 10:31-11:00',
    ]);
    expect(gapsOf(measureCoverage(canaries(), HOUR, { lives: lives(true) }))).toEqual([]);
  });

  test('of more days than are kept make it unknown, never wrong', () => {
    const canaries = new Canaries(2);
    for (const node of ['a', 'b']) heard([0], node, canaries);
    expect(measureCoverage(canaries, HOUR).kind).toBe('measured');
    heard([0], 'c', canaries);
    expect(coverageText(measureCoverage(canaries, HOUR))).toMatch(
      /^coverage unknown: .* more canary records/,
    );
  });

  test('without a name are of no use', () => {
    const canaries = new Canaries();
    canaries.note(alert(HOUR.from, { hostname: undefined }));
    expect(canaries.isEmpty).toBe(true);
    canaries.note(
      alert(HOUR.from, {
        hostname: undefined,
        fields: (name) => (name === 'evt.hostname' ? 'n' : undefined),
      }),
    );
    expect(canaries.nodes().map(({ node }) => node)).toEqual(['n']);
  });
});

describe('the time that is asked for', () => {
  test('is told to its edges by a little more than it', () => {
    const { from, to } = spanOfCanaries(HOUR);
    expect([HOUR.from - from, to - HOUR.to]).toEqual([90_000_000_000n, 90_000_000_000n]);
    expect(spanOfCanaries({ from: 5n, to: 6n }).from).toBe(0n);
  });

  test('ends before what may still be on its way', () => {
    const now = time('10:30:00');
    expect(knowable(HOUR, now).to).toBe(time('10:28:00'));
    expect(knowable(HOUR, time('12:00:00'))).toEqual(HOUR);
    const tooNew = knowable({ from: time('10:29:00'), to: now }, now);
    expect(coverageText(measureCoverage(heard([0]), tooNew))).toMatch(/^coverage unknown: .* too new/);
  });

  test('begins and ends within a minute: each minute that it touches counts', () => {
    const odd = { from: time('10:00:40'), to: time('10:03:20') };
    expect(measured(measureCoverage(heard(everyMinute(30, 300)), odd)).nodeMinutes).toEqual({
      expected: 4,
      covered: 4,
    });
  });
});

describe('beside the share', () => {
  test('stands what Falco lost by its own account, each node’s alerts of ten minutes together, once', () => {
    const losses = new Losses();
    const dropped = (at: string, count: string, hostname = 'node-1'): AlertRecord =>
      alert(time(at), { hostname, fields: (name) => (name === 'n_drops' ? count : undefined) });
    for (const each of [
      ...[dropped('10:01:00', '10'), dropped('10:05:00', '5'), dropped('10:05:00', '5')],
      ...[dropped('10:40:00', 'x'), dropped('10:03:00', '7', 'node-2'), dropped('12:00:00', '1')],
    ])
      losses.note(each);
    const canaries = heard(everyMinute(0, 3600), 'node-1');
    const coverage = measureCoverage(canaries, HOUR, { losses: losses.get(), unwatched: ['http://other'] });
    expect(coverageText(coverage)).toBe(
      'covered: 100.00 % of node-minutes; not covered: http://other (no canary records); events lost by Falco: node-1, 2026-11-22 10:01–10:05 (15 or more); node-2, 2026-11-22 10:03–10:03 (7 or more); node-1, 2026-11-22 10:40–10:40 (1 or more)',
    );
    expect(coverageAsJson(coverage)).toMatchObject({
      losses: [
        { what: 'node-1', from: '2026-11-22T10:01:00.000Z', to: '2026-11-22T10:05:00.000Z', events: 15 },
        { what: 'node-2' },
        { from: '2026-11-22T10:40:00.000Z' },
      ],
    });
  });
});

test('exempt namespaces are told of, whether or not the rest is measured', () => {
  const from = new Date('2026-11-22T10:10:00Z');
  const exempt = [
    { what: 'demo', label: 'network=green', by: 'kubectl-label', from, to: new Date('2026-11-22T10:40:00Z') },
    { what: 'falco', label: 'network=green' },
  ];
  const words =
    'namespaces demo from 2026-11-22 10:10 by kubectl-label until 2026-11-22 10:40, falco (exempt)';
  const measured = measureCoverage(heard([0, 60, 120]), HOUR, { exempt });
  expect(coverageText(measured)).toContain(`; not covered: ${words}`);
  expect(coverageAsJson(measured)).toMatchObject({
    exempt: [{ what: 'demo', from: '2026-11-22T10:10:00.000Z', to: '2026-11-22T10:40:00.000Z' }, exempt[1]],
  });
  const unknown = measureCoverage(heard([]), HOUR, { exempt });
  expect(coverageText(unknown)).toBe(`coverage unknown: no canary records; not covered: ${words}`);
  expect(coverageAsJson(unknown)).toMatchObject({
    kind: 'unknown',
    exempt: [{ what: 'demo' }, { what: 'falco' }],
  });
});
