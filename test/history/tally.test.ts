import { readAlertLine } from '../../lib/history/alert-line';
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

test('ten thousand connections are told apart', () => {
  const tally = new Tally();
  const base = connection();
  for (let round = 0; round < 2; round++)
    for (let at = 0n; at < 10_000n; at++)
      tally.add({ ...base, first: base.first + at, last: base.first + at });
  expect([tally.duplicates, tally.rows()[0]?.times]).toEqual([10_000, 10_000]);
});
