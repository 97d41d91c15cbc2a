import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { readSquidLine } from '../../../lib/history/proxies/squid-line';
import { printTime } from '../../../lib/history/time';

const FIXTURES = resolve(__dirname, '../../fixtures/squid');

function recorded(name: string): string[] {
  return readFileSync(resolve(FIXTURES, name), 'utf8').trimEnd().split('\n');
}

/** A line in short: client, host, where Squid connected, what became of it. */
function short(line: string): string {
  const content = readSquidLine(line);
  if (content.kind !== 'request') return content.kind;
  const { client, host, peer, outcome, error } = content.request;
  return [
    client,
    `${host.host}:${String(host.port)}`,
    peer === undefined ? '-' : `${peer.host}:${String(peer.port)}`,
    error ?? outcome,
  ].join(' ');
}

const EXPECTED = [
  ['127.0.0.1 shop.test:18080', '127.0.0.1:18080', 'connected'],
  ['127.0.0.1 shop.test:18080', '127.0.0.1:18080', 'connected'],
  ['127.0.0.1 shop.test:18080', '127.0.0.1:18080', 'connected'],
  ['127.0.0.1 shop.test:18080', '127.0.0.1:18080', 'connected'],
  ['127.0.0.1 shop.test:18080', '127.0.0.1:18080', 'connected'],
  ['127.0.0.9 127.0.0.2:18081', '127.0.0.2:18081', 'connected'],
  ['127.0.0.1 shop.test:18080', '127.0.0.1:18080', 'connected'],
  ['127.0.0.1 api.test:18081', '127.0.0.2:18081', 'connected'],
  ['127.0.0.1 api.test:18081', '127.0.0.2:18081', 'connected'],
  ['127.0.0.1 refused.test:80', '-', 'HTTP 403'],
  ['127.0.0.1 nobody.invalid:80', '-', 'HTTP 502'],
  ['127.0.0.1 127.0.0.1:1', '127.0.0.1:1', 'HTTP 503'],
  ['::1 ::1:18080', '::1:18080', 'connected'],
  ['::1 six.test:18080', '::1:18080', 'connected'],
  ['127.0.0.1 shop.test:18080', '127.0.0.1:18080', 'connected'],
  ['127.0.0.1 shop.test:18080', '127.0.0.1:18080', 'connected'],
] as const;

test('what a real Squid wrote in its own format', () => {
  expect(recorded('native.log').map(short)).toEqual(EXPECTED.map((parts) => parts.join(' ')));
});

test('and in combined, which does not say where it connected', () => {
  expect(recorded('combined.log').map(short)).toEqual(
    EXPECTED.map(([request, , outcome]) => `${request} - ${outcome}`),
  );
});

test('times: to the millisecond, and to the second in a zone', () => {
  const [native = '', combined = ''] = ['native.log', 'combined.log'].map((name) => recorded(name)[0]);
  const time = (line: string): string => {
    const content = readSquidLine(line);
    return content.kind === 'request' ? printTime(content.request.time) : content.kind;
  };
  expect(time(native)).toBe('2026-11-30T20:53:08.115000000Z');
  expect(time(combined)).toBe('2026-11-30T20:53:08.000000000Z');
  expect(time(combined.replace('+0000', '-0230'))).toBe('2026-11-30T23:23:08.000000000Z');
});

const NATIVE =
  '1796071988.115    159 10.244.1.7 TCP_MISS/200 212 GET http://shop.test/a - HIER_DIRECT/203.0.113.7 text/plain';

test.each([
  [
    'from its store there may have been no connection',
    NATIVE.replace('HIER_DIRECT/203.0.113.7', 'HIER_NONE/-'),
    '10.244.1.7 shop.test:80 - unknown',
  ],
  [
    'another proxy is not where it went',
    NATIVE.replace('HIER_DIRECT/203.0.113.7', 'FIRSTUP_PARENT/10.0.0.9'),
    '10.244.1.7 shop.test:80 - connected',
  ],
  [
    'https',
    NATIVE.replace('http://shop.test/a', 'https://shop.test/a'),
    '10.244.1.7 shop.test:443 203.0.113.7:443 connected',
  ],
  [
    'a login',
    NATIVE.replace('http://shop.test', 'http://me:s3cret@shop.test'),
    '10.244.1.7 shop.test:80 203.0.113.7:80 connected',
  ],
  [
    'a request that Squid could not read',
    NATIVE.replace('GET http://shop.test/a', 'NONE error:invalid-request'),
    'text',
  ],
  ['half a line', NATIVE.slice(0, 60), 'bad'],
  ['no line of it', 'Squid Cache: Version 5.7', 'bad'],
  ['no host', NATIVE.replace('http://shop.test/a', 'http:///a'), 'bad'],
  ['no port', NATIVE.replace('GET http://shop.test/a', 'CONNECT shop.test:99999'), 'bad'],
])('%s', (_, line, expected) => {
  expect(short(line)).toBe(expected);
});

test.each(['common.log', 'combined-again.log'])(
  'what a real Squid wrote in %s: tunnels over IPv6 and from it, and a forged end of a line',
  (name) => {
    expect(recorded(name).map(short)).toEqual([
      ...['shop.test:18080', 'shop.test:18080', 'shop.test:18080', 'api.test:18081', '127.0.0.2:18081'].map(
        (host) => `127.0.0.1 ${host} - connected`,
      ),
      ...['::1:18080', 'six.test:18080', '::1:18080'].map((host) => `127.0.0.1 ${host} - connected`),
      ...['shop.test:18080', 'api.test:18081', '::1:18080'].map((host) => `::1 ${host} - connected`),
      '127.0.0.1 refused.test:443 - HTTP 403',
      '127.0.0.1 127.0.0.1:1 - HTTP 503',
      ...['shop.test:18080', 'shop.test:18080'].map((host) => `127.0.0.1 ${host} - connected`),
    ]);
  },
);
