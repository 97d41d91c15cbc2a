import { readAlertLine } from '../../lib/history/alert-line';
import type { Connection } from '../../lib/history/connection';
import { printTime } from '../../lib/history/time';
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { alertLine } from './alert';

function connectionOf(line: string): Connection {
  const content = readAlertLine(line);
  if (content.kind !== 'connection') throw new Error(JSON.stringify(content));
  return content.connection;
}

describe('where a process reached to', () => {
  const SEND = { 'evt.type': 'sendto', 'evt.arg.addr': null };
  test.each<[what: string, fields: object, address: string, port: number | undefined, outcome: string]>([
    ['a connect that succeeded', {}, '203.0.113.7', 443, 'connected'],
    ['one under way', { 'evt.res': 'EINPROGRESS' }, '203.0.113.7', 443, 'begun'],
    [
      'one that was refused: the socket has no server',
      { 'evt.res': 'ECONNREFUSED', 'fd.sip': null, 'fd.sport': null, 'evt.arg.addr': '10.77.0.2:81' },
      '10.77.0.2',
      81,
      'failed',
    ],
    [
      'one that was refused on a socket with an older server',
      { 'evt.res': 'ECONNREFUSED', 'evt.arg.addr': '10.77.0.2:81' },
      '10.77.0.2',
      81,
      'failed',
    ],
    [
      'IPv6 without brackets',
      { 'evt.res': 'ECONNREFUSED', 'fd.sip': null, 'evt.arg.addr': 'fd77::2:81' },
      'fd77::2',
      81,
      'failed',
    ],
    ['IPv4 in the clothes of IPv6', { 'fd.sip': '::ffff:203.0.113.7' }, '203.0.113.7', 443, 'connected'],
    [
      'a send on a socket that was bound: Falco swaps its ends',
      { ...SEND, 'fd.sip': '10.244.1.7', 'evt.arg.tuple': '10.244.1.7:5353->198.51.100.9:53' },
      '198.51.100.9',
      53,
      'connected',
    ],
    ['a send without its tuple', SEND, '203.0.113.7', 443, 'connected'],
    [
      'a name of the socket alone',
      { 'fd.sip': null, 'evt.arg.addr': null, 'fd.name': '10.0.0.1:5->[2001:db8::1]:443' },
      '2001:db8::1',
      443,
      'connected',
    ],
    ['a port as text', { 'fd.sport': '443' }, '203.0.113.7', 443, 'connected'],
    ['a port that is none', { 'fd.sport': 70_000 }, '203.0.113.7', undefined, 'connected'],
    ['a result as a number alone', { 'evt.res': null, 'evt.rawres': -111 }, '203.0.113.7', 443, 'failed'],
  ])('%s', (_, fields, address, port, outcome) => {
    const { destination, outcome: found } = connectionOf(alertLine(fields));
    expect([destination.address, destination.port, found]).toEqual([address, port, outcome]);
  });

  test.each<[what: string, fields: object, why: string]>([
    ['somebody who came', { 'evt.type': 'accept4' }, 'incoming'],
    ['a file', { 'fd.sip': null, 'evt.arg.addr': null, 'fd.name': '/etc/passwd' }, 'no destination'],
    ['a Unix socket', { 'fd.sip': '<NA>', 'evt.arg.addr': '/run/a.sock' }, 'no destination'],
  ])('%s is no connection', (_, fields, why) => {
    expect(readAlertLine(alertLine(fields))).toMatchObject({ kind: 'other', why });
  });
});

test('an alert of no field is no connection; one without the fields at all, and half a line, can not be read', () => {
  expect(readAlertLine(alertLine({}, { output_fields: {} }))).toMatchObject({ kind: 'other' });
  expect(readAlertLine(alertLine({}, { output_fields: undefined }))).toMatchObject({
    kind: 'bad',
    reason: expect.stringMatching(/no 'output_fields'.* json_include_output_fields_property/) as string,
  });
  expect(readAlertLine(alertLine().slice(0, 100))).toMatchObject({ kind: 'bad', reason: 'it is no JSON' });
  expect(readAlertLine(alertLine({}, { time: '2026-02-30T00:00:00Z' }))).toMatchObject({ kind: 'bad' });
  expect(readAlertLine('{"rule":1}')).toMatchObject({ kind: 'bad', reason: "it has no 'rule'" });
});

test('a line that stands for several tells how many, and from when to when', () => {
  const counted = {
    log_count: 17,
    first_observed_timestamp: '2026-11-22T07:41:00Z',
    last_observed_timestamp: '2026-11-22T07:41:59.5Z',
  };
  const { count, first, last } = connectionOf(alertLine({}, counted));
  expect([count, printTime(first), printTime(last)]).toEqual([
    17,
    '2026-11-22T07:41:00.000000000Z',
    '2026-11-22T07:41:59.500000000Z',
  ]);
});

test.each<[pod: string, fields: object, kind: string | undefined, name: string, derived: boolean]>([
  ['nginx-6799fc88d8-996gz', { 'k8smeta.deployment.name': 'web' }, 'Deployment', 'web', false],
  ['nginx-6799fc88d8-996gz', { 'k8smeta.rs.name': 'nginx-6799fc88d8' }, 'Deployment', 'nginx', true],
  ['nginx-6799fc88d8-996gz', {}, 'Deployment', 'nginx', true],
  ['cart-0', {}, 'StatefulSet', 'cart', true],
  ['backup-29012345-x7k2p', {}, 'CronJob', 'backup', true],
  ['render-12-x7k2p', {}, 'Job', 'render', true],
  ['fluentd-x7k2p', {}, undefined, 'fluentd', true],
  ['kube-proxy-node-1', {}, 'Node', 'kube-proxy', true],
  ['debug', {}, 'Pod', 'debug', false],
])('the workload of %s %j', (pod, fields, kind, name, derived) => {
  const { workload } = connectionOf(alertLine({ 'k8s.pod.name': pod, ...fields }));
  expect(workload).toEqual({ kind, name, derived });
});

test("a process of the node itself is the node's, and what an alert tells of neither Pod nor container is not", () => {
  const fields = { 'container.id': 'host', 'k8s.pod.name': null, 'k8s.ns.name': null };
  const { workload, containerId, namespace } = connectionOf(alertLine(fields));
  const untold = connectionOf(alertLine({ ...fields, 'container.id': null }));
  expect(untold.workload).toEqual({ kind: 'Unknown', name: 'node-1', derived: false });
  expect([workload, containerId, namespace]).toEqual([
    { kind: 'Node', name: 'node-1', derived: false },
    undefined,
    undefined,
  ]);
});

test('a container of which no Pod is known is named by its id', () => {
  const { workload } = connectionOf(alertLine({ 'k8s.pod.name': null, 'k8s.ns.name': null }));
  expect(workload).toEqual({ kind: 'Container', name: '3db00b476ee2', derived: false });
});

test('what falcosidekick sent on tells the same connection as what it was sent', () => {
  const lines = gunzipSync(
    readFileSync(resolve(__dirname, '../fixtures/falcosidekick/webhooks.jsonl.gz')),
  ).toString();
  let connections = 0;
  for (const line of lines.trim().split('\n')) {
    const { sent, request } = JSON.parse(line) as Record<'sent' | 'request', { body: string }>;
    const [before, after] = [readAlertLine(sent.body), readAlertLine(request.body)];
    if (before.kind !== 'connection' || after.kind !== 'connection') continue;
    connections++;
    const { cluster: _, ...same } = after.connection;
    expect(same).toEqual({
      ...same,
      ...before.connection,
      cluster: undefined,
      priority: same.priority,
      node: same.node,
    });
  }
  expect(connections).toBeGreaterThan(50);
});
