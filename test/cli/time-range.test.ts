import { printTime } from '../../lib/history/time';
import { timeRangeOf, type TimeOptions } from '../../lib/cli/history/time-range';

const NOW = new Date('2026-12-01T12:00:00Z');

function range(options: TimeOptions): (string | undefined)[] {
  const found = timeRangeOf(options, NOW);
  return [found?.from, found?.to].map((time) =>
    time === undefined ? undefined : printTime(time).replace('.000000000', ''),
  );
}

test.each<[TimeOptions, string, string]>([
  [{ from: '2026-11-21', to: '2026-11-21' }, '2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z'],
  [{ from: '2026-11-21T03:00', to: '2026-11-21T03:05' }, '2026-11-21T03:00:00Z', '2026-11-21T03:05:00Z'],
  [{ from: '2026-11-21 03:00', to: '2026-11-21T03:00:15' }, '2026-11-21T03:00:00Z', '2026-11-21T03:00:15Z'],
  [{ from: '2026-11-21T03:00+01:00' }, '2026-11-21T02:00:00Z', '2026-12-01T12:00:00Z'],
  [{ since: '1d', to: '2026-11-21' }, '2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z'],
])('%j is from %s to %s', (options, from, to) => {
  expect(range(options)).toEqual([from, to]);
});

test.each(['2026-02-30', '2026-11-21T25:00', '2026-11-21T', '2026-11-21Z', '21.11.2026', '2026-11-21T03'])(
  '%s is no time',
  (from) => {
    expect(() => timeRangeOf({ from }, NOW)).toThrow('--from must be a date such as 2026-11-22, or a time');
  },
);

test('a day ends after it begins, and not before', () => {
  expect(() => timeRangeOf({ from: '2026-11-22', to: '2026-11-21' }, NOW)).toThrow('ends before it begins');
  expect(() => timeRangeOf({ from: '2026-11-22T03:00', to: '2026-11-22T03:00' }, NOW)).toThrow('ends before');
});
