import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readEnvoyLine } from '../../../lib/history/proxies/envoy-line';
import { printTime } from '../../../lib/history/time';

const DEFAULT =
  '[2026-11-22T07:41:15.744Z] "GET /orders?id=7 HTTP/1.1" 200 - 0 154 5 3 "10.244.1.7" "curl/8.5" "c4f2" "shop.example:8443" "203.0.113.7:443"';
const ISTIO =
  '[2026-11-22T07:41:15.744Z] "GET / HTTP/2" 200 - via_upstream - "-" 0 154 5 3 "-" "curl/8.5" "c4f2" "shop.example" "203.0.113.7:443" outbound|443||shop.example 10.244.1.7:41234 203.0.113.7:443 10.244.1.7:41230 sni.shop.example default';
const ISTIO_JSON = JSON.stringify({
  start_time: '2026-11-22T07:41:15.744Z',
  authority: 'shop.example',
  upstream_host: '203.0.113.7:443',
  upstream_cluster: 'outbound|443||shop.example',
  downstream_remote_address: '10.244.1.7:41230',
  requested_server_name: 'sni.shop.example',
  response_code: 200,
  response_flags: '-',
  path: '/?token=s3cret',
});

function short(line: string): string {
  const content = readEnvoyLine(line);
  if (content.kind !== 'request') return content.kind === 'bad' ? `bad: ${content.reason}` : content.kind;
  const { time, client, host, peer, serverName, outcome, error } = content.request;
  expect(printTime(time)).toBe('2026-11-22T07:41:15.744000000Z');
  return [
    client ?? '?',
    `${host.host}:${String(host.port)}`,
    peer === undefined ? '-' : `${peer.host}:${String(peer.port)}`,
    serverName ?? '-',
    error ?? outcome,
  ].join(' ');
}

test.each([
  ['the default format', DEFAULT, '10.244.1.7 shop.example:8443 203.0.113.7:443 - connected'],
  ["Istio's", ISTIO, '10.244.1.7 shop.example:undefined 203.0.113.7:443 sni.shop.example connected'],
  ['JSON', ISTIO_JSON, '10.244.1.7 shop.example:undefined 203.0.113.7:443 sni.shop.example connected'],
  [
    'the last of those whom the request is said to come from: clients write what stands before',
    DEFAULT.replace('"10.244.1.7"', '"8.8.8.8, 10.244.1.7"'),
    '10.244.1.7 shop.example:8443 203.0.113.7:443 - connected',
  ],
  [
    'nobody is named',
    DEFAULT.replace('"10.244.1.7"', '"-"'),
    '? shop.example:8443 203.0.113.7:443 - connected',
  ],
  [
    'IPv6',
    DEFAULT.replace('203.0.113.7:443', '[2001:db8::7]:443'),
    '10.244.1.7 shop.example:8443 2001:db8::7:443 - connected',
  ],
  [
    'a host that could not be reached',
    DEFAULT.replace('200 -', '503 UF,URX'),
    '10.244.1.7 shop.example:8443 203.0.113.7:443 - UF,URX',
  ],
  [
    'no route',
    DEFAULT.replace('200 -', '404 NR').replace('203.0.113.7:443', '-'),
    '10.244.1.7 shop.example:8443 - - NR',
  ],
  [
    'a tunnel of TCP, without a host',
    ISTIO.replace('"shop.example"', '"-"'),
    '10.244.1.7 203.0.113.7:443 203.0.113.7:443 sni.shop.example connected',
  ],
  ['who comes to the sidecar', ISTIO.replace('outbound|443||shop.example', 'inbound|8080||'), 'incoming'],
  ["Envoy's own messages", '[2026-11-22 07:41:15.744][1][info][main] starting main dispatch loop', 'text'],
  ['and those of JSON', '{"level":"info","msg":"ready"}', 'text'],
  ['half a line', DEFAULT.slice(0, 90), "bad: it is no line of Envoy's default format, nor of Istio's"],
  ['half of JSON', ISTIO_JSON.slice(0, 90), 'bad: it is no JSON'],
  ['no time', ISTIO_JSON.replace('2026-11-22T', '2026-13-22T'), 'bad: its time is none'],
  [
    'no host',
    DEFAULT.replace('shop.example:8443', '-').replace('203.0.113.7:443', '-'),
    'bad: it names no host',
  ],
])('%s', (_, line, expected) => {
  expect(short(line)).toBe(expected);
});

test.each([DEFAULT, ISTIO, ISTIO_JSON])('what else stands in a line goes no further: %#', (line) => {
  const text = JSON.stringify(readEnvoyLine(line), (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  for (const other of ['orders', 'curl', 'c4f2', 's3cret']) expect(text).not.toContain(other);
});

function recorded(name: string): string[] {
  const lines = readFileSync(resolve(__dirname, `../../fixtures/envoy/${name}`), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => {
    const content = readEnvoyLine(line);
    if (content.kind !== 'request') return content.kind;
    const { client, host, peer, outcome, error } = content.request;
    return [client ?? '?', `${host.host}:${host.port ?? '-'}`, peer?.host ?? '-', error ?? outcome].join(' ');
  });
}

const SHOP = 'shop.test:18080 127.0.0.1 connected';
const RECORDED = [
  ...[SHOP, SHOP, SHOP, SHOP, 'api.test:18081 127.0.0.2 connected', '127.0.0.2:18081 127.0.0.2 connected'],
  ...['::1:18080 ::1 connected', '::1:18080 ::1 connected', 'six.test:18080 ::1 connected', SHOP],
  ...['down.test:- 127.0.0.1 UF', 'down.test:443 127.0.0.1 UF', 'refused.test:- - HTTP 403'],
  ...['nobody.test:- - NR', 'nobody.test:443 - NR', SHOP, SHOP, SHOP, '127.0.0.2:18081 127.0.0.2 connected'],
];

test('what a real Envoy wrote by default: nobody is named where a client wrote what looks like other parts', () => {
  const clients = RECORDED.map((_, at) => (at === 16 || at === 18 ? '?' : '192.0.2.2'));
  expect(recorded('text.log')).toEqual(RECORDED.map((line, at) => `${clients[at] ?? ''} ${line}`));
});

test.each(['istio.log', 'json.log'])('and in %s, which tells who connected', (name) => {
  const expected = RECORDED.map((line, at) => `${at === 9 ? '::1' : '127.0.0.1'} ${line}`);
  expect(recorded(name)).toEqual(expected);
});
