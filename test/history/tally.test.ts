import { readAlertLine } from '../../lib/history/alert-line';
import { Attempts } from '../../lib/history/attempts';
import type { Connection } from '../../lib/history/connection';
import { Tally } from '../../lib/history/tally';
import { printTime } from '../../lib/history/time';
import { alertLine } from './alert';

function connection(fields: object = {}, body: object = {}): Connection {
  const content = readAlertLine(alertLine(fields, body));
  if (content.kind !== 'connection') throw new Error('no connection');
  return content.connection;
}

test('attempts are counted by who reached what, in any order of time', () => {
  const tally = new Tally();
  const at = (second: number): object => ({ time: `2026-11-22T07:00:${String(second).padStart(2, '0')}Z` });
  for (const second of [30, 10, 20]) tally.add(connection({}, at(second)));
  tally.add(connection({ 'k8s.pod.name': 'cart-1', 'evt.res': 'EINPROGRESS' }, { ...at(40), log_count: 5 }));
  tally.add(connection({ 'evt.res': 'ECONNREFUSED', 'fd.sip': null }, at(50)));
  tally.add(connection({ 'k8s.ns.name': 'demo', 'proc.name': 'curl' }, at(55)));
  const rows = tally.rows().map(({ namespace, process, error, first, last, times, pods, outcomes }) => ({
    ...{ namespace, process, error, times, pods: [...pods], outcomes },
    span: [first, last].map((time) => printTime(time).slice(17, 19)),
  }));
  expect(rows).toEqual([
    expect.objectContaining({ namespace: 'demo', process: 'curl', times: 1 }),
    {
      ...{ namespace: 'shop', process: 'java', error: undefined, times: 8, pods: ['cart-0', 'cart-1'] },
      ...{ span: ['10', '40'], outcomes: { connected: 3, begun: 5, failed: 0, unknown: 0 } },
    },
    expect.objectContaining({ error: 'ECONNREFUSED', times: 1, span: ['50', '50'] }),
  ]);
});

test('the same connection counts once, whatever way it came; another of the same instant counts', () => {
  const tally = new Tally();
  tally.add(connection());
  tally.add(
    connection({ cluster: 'demo' }, { uuid: '1', priority: 'warning', source: 'syscalls', tags: ['a'] }),
  );
  tally.add(connection({}, { rule: 'Another rule of the same event' }));
  tally.add(connection({}, { time: '2026-11-22T08:41:15.744381641+01:00' }));
  expect([tally.duplicates, tally.rows()[0]?.times]).toEqual([3, 1]);
  for (const fields of [{ 'container.id': 'ffffffffffff' }, { 'fd.sport': 80 }])
    tally.add(connection(fields));
  tally.add(connection({}, { hostname: 'node-2' }));
  tally.add(connection({}, { time: '2026-11-22T07:41:15.744381642Z' }));
  expect(tally.duplicates).toBe(3);
});

test('two hundred thousand connections are told apart, and known again', () => {
  const attempts = new Attempts();
  const base = connection();
  for (const counts of [1, 0])
    for (let at = 0; at < 200_000; at++) {
      const { destination, first } = base;
      const time = first + BigInt((at >> 3) * 3_600_000);
      const address = `198.51.100.${at & 7}`;
      const more = attempts.add({
        ...base,
        destination: { ...destination, address },
        first: time,
        last: time,
      });
      if (more !== counts) throw new Error(`${more} more of the one at ${at}`);
    }
});

describe('connections that the collector counted', () => {
  const BESIDE = { run: 'a', minute: '2026-11-22T07:41', last_observed_timestamp: '2026-11-22T07:41:30Z' };

  function times(...lines: readonly object[]): readonly number[] {
    const tally = new Tally();
    for (const line of lines) tally.add(connection({}, line));
    return [...tally.rows().map((row) => row.times), tally.duplicates];
  }

  const counted = (log_count: number, second: number, run = 'a'): object => ({
    ...{ ...BESIDE, log_count, run },
    time: `2026-11-22T07:41:${second}.000000001Z`,
  });
  const single = (second: number): object => ({ time: `2026-11-22T07:41:${second}.000000001Z` });

  test('what one process counted of a minute adds up, and a line that is stored twice counts once', () => {
    expect(times(counted(3, 10), counted(4, 20), counted(4, 20))).toEqual([7, 1]);
  });

  test('what another process counted again does not, whichever had counted more', () => {
    expect(times(counted(3, 10), counted(4, 20), counted(9, 10, 'b'))).toEqual([9, 0]);
    expect(times(counted(9, 10, 'b'), counted(3, 10), counted(4, 20))).toEqual([9, 2]);
  });

  test('alerts that tell of some of them do not either, before or after', () => {
    expect(times(single(10), single(20), counted(5, 10))).toEqual([5, 0]);
    expect(times(counted(5, 10), single(10), single(20))).toEqual([5, 2]);
    expect(times(single(10), single(20), single(30), counted(2, 10))).toEqual([3, 1]);
  });

  test('another minute counts on its own', () => {
    const next = { ...counted(2, 10), time: '2026-11-22T07:42:01Z', minute: '2026-11-22T07:42' };
    expect(times(counted(3, 10), next)).toEqual([5, 0]);
  });

  test('they were within their minute, however late they came to the collector', () => {
    const span = (line: object): string[] => {
      const { first, last } = connection({}, line);
      return [printTime(first), printTime(last)].map((time) => time.slice(17, 29));
    };
    const late = { ...counted(3, 10), last_observed_timestamp: '2026-11-22T09:00:00Z' };
    expect(span(counted(3, 10))).toEqual(['10.000000001', '30.000000000']);
    expect(span(late)).toEqual(['10.000000001', '59.999999999']);
    expect(span({ ...late, log_count: 1 })).toEqual(['10.000000001', '10.000000001']);
    expect(span({ ...counted(3, 40) })).toEqual(['40.000000001', '40.000000001']);
  });
});
