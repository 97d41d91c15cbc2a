import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { printInventoryRecord } from '../../lib/inventory/record';
import { alertLine } from '../history/alert';
import { podAt } from '../history/inventory/records';
import { SECRET } from './planted';
import { formsWith, toldOf } from './told';

/*
 * A proxy's log tells whole URLs, with logins and queries, and what clients call themselves. Of these, hosts and ports go
 * further, and nothing else, wherever a secret stands.
 */

const TIME = '2026-11-22T07:41:15.744Z';
const SECONDS = `${Date.parse(TIME) / 1000}`;
const CLIENT = '10.244.1.7';

const squid = (method: string, target: string): string =>
  `${SECONDS} 159 ${CLIENT} TCP_MISS/200 212 ${method} ${target} ${SECRET} HIER_DIRECT/203.0.113.7 text/${SECRET}`;
const combined = (target: string): string =>
  `${CLIENT} ${SECRET} ${SECRET} [22/Nov/2026:07:41:15 +0000] "GET ${target} HTTP/1.1" 200 212 "http://a.example/?t=${SECRET}" "agent ${SECRET}" TCP_MISS:HIER_DIRECT`;

const URLS = [
  `http://admin:${SECRET}@shop.test/${SECRET}?token=${SECRET}#${SECRET}`,
  `http://shop.test?token=${SECRET}`,
  `http://admin:p@${SECRET}@shop.test/`,
  ...['\\', ';token=', '&token=', ',', '%3Ftoken=', '=', '"', '<', '!', '$'].map(
    (between) => `http://shop.test${between}${SECRET}/`,
  ),
];
const SQUID = [
  ...URLS.map((url) => squid('GET', url)),
  ...['admin:%@shop.test:443', 'shop.test:443/%', 'shop.test?%:443'].map((target) =>
    squid('CONNECT', target.replace('%', SECRET)),
  ),
  ...URLS.map(combined),
  `${SECONDS} 159 ${CLIENT} TCP_MISS/200 212 GET http://admin:${SECRET}@sh`,
];

const envoy = (authority: string, serverName: string): string =>
  `[${TIME}] "GET /${SECRET}?token=${SECRET} HTTP/2" 200 - via_upstream - "${SECRET}" 0 154 5 3 "${SECRET}, ${CLIENT}" "${SECRET}" "${SECRET}" "${authority}" "203.0.113.7:443" ${SECRET} ${CLIENT}:41234 203.0.113.7:443 ${CLIENT}:41230 ${serverName} ${SECRET}`;
const json = (fields: object): string =>
  JSON.stringify({
    ...{ start_time: TIME, authority: 'shop.test', upstream_host: '203.0.113.7:443' },
    ...{ downstream_remote_address: `${CLIENT}:41230`, response_code: 200, response_flags: '-' },
    ...{ path: `/?token=${SECRET}`, authorization: `Bearer ${SECRET}`, user_agent: SECRET },
    ...fields,
  });
const ENVOY = [
  envoy('shop.test', 'shop.test'),
  envoy(`admin:${SECRET}@shop.test`, '-'),
  envoy(`shop.test?token=${SECRET}`, `token=${SECRET}`),
  json({}),
  json({ authority: `shop.test;${SECRET}`, requested_server_name: `shop.test/?${SECRET}` }),
  json({ response_code: 503, response_flags: `UF,${SECRET}`, upstream_transport_failure_reason: SECRET }),
  json({ authority: `shop.test&${SECRET}`, upstream_host: `${SECRET}:443` }),
  `${json({}).slice(0, -9)}${SECRET}`,
  `[${TIME}] "GET /?token=${SECRET}`,
];

test('of URLs, logins, queries and headers nothing is told by who, report and advise; of hosts all', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'falco-egress-privacy-'));
  const file = (name: string, lines: readonly string[]): string => {
    const path = join(folder, name);
    writeFileSync(path, `${lines.join('\n')}\n`);
    return path;
  };
  const cart = podAt('cart-0', TIME, { since: '2026-11-22T07:00:00Z', ips: [CLIENT] });
  const toProxy = { 'fd.sip': '10.0.0.7', 'fd.sport': 3128, 'evt.arg.addr': '10.0.0.7:3128' };
  const history = [
    ...[file('inventory.jsonl', [printInventoryRecord(cart)]), file('alerts.jsonl', [alertLine(toProxy)])],
    ...['--proxy', '10.0.0.7:3128', '--proxy-log', `squid:${file('squid.log', SQUID)}`],
    ...['--proxy-log', `envoy:${file('envoy.log', ENVOY)}`],
  ];
  const told = await toldOf(join(folder, 'told'), 'shop.test', history);
  rmSync(folder, { recursive: true });
  expect(formsWith(told, SECRET)).toEqual([]);
  // Where it went is told in each form of all three.
  const all = [...told.keys()].filter((form) => !/SHA256SUMS|--diff$/.test(form));
  expect(formsWith(told, 'shop.test')).toEqual(expect.arrayContaining(all));
  expect(told.get('runWho shop.test')).toMatch(/ UF {2}/);
});
