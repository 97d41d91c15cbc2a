import { addressOf } from '../address';
import { hostAndPort, hostOfUrl, type HostAndPort, type LineContent } from './request';

/** `logformat squid`: time, duration, client, result/status, bytes, method, URL, user, hierarchy/peer, type. */
const NATIVE =
  /^(\d{9,11})\.(\d{3}) +-?\d+ (\S+) ([A-Z_]+)\/(\d{3}) \d+ (\S+) (\S+) \S+ ([A-Z0-9_]+)\/(\S+) \S/;

/** `logformat combined` and `common`: client, ident, user, time, request, status, bytes, …, result:hierarchy. */
const COMBINED =
  /^(\S+) \S+ \S+ \[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\] "(\S+) (\S+) [^" ]*" (\d{3}) \d+ (?:.* )?([A-Z_]+):([A-Z0-9_]+)$/;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MILLION = 1_000_000n;

/** Ways by which Squid reaches the host itself, and no other proxy. */
const DIRECT = /^(?:HIER_)?(?:DIRECT|ORIGINAL_DST|PINNED)$/;
/** It could not reach the host, or whoever it asked could not. */
const UNREACHED = new Set(['000', '502', '503', '504']);

/** A line of Squid's access log, in its own format or in `combined` or `common`. Facts: what a real Squid 5.7 wrote. */
export function readSquidLine(text: string): LineContent {
  const native = NATIVE.exec(text);
  if (native !== null) {
    const [, seconds = '', milliseconds = '', client = '', result = '', status = '', ...rest] = native;
    const [method = '', target = '', way = '', peer = ''] = rest;
    const time = (BigInt(seconds) * 1000n + BigInt(milliseconds)) * MILLION;
    return request({ time, client, result, status, method, target, way, peer });
  }
  const combined = COMBINED.exec(text);
  if (combined === null)
    return { kind: 'bad', reason: 'it is no line of Squid, neither of its own format nor of combined' };
  const [, client = '', day = '', month = '', year = '', clock = '', zone = '', ...rest] = combined;
  const [method = '', target = '', status = '', result = '', way = ''] = rest;
  const number = String(MONTHS.indexOf(month) + 1).padStart(2, '0');
  const milliseconds = Date.parse(`${year}-${number}-${day}T${clock}${zone.slice(0, 3)}:${zone.slice(3)}`);
  if (!(milliseconds >= 0)) return { kind: 'bad', reason: 'its time is none' };
  return request({
    time: BigInt(milliseconds) * MILLION,
    client,
    result,
    status,
    method,
    target,
    way,
    peer: '-',
  });
}

interface Parts {
  readonly time: bigint;
  readonly client: string;
  readonly result: string;
  readonly status: string;
  readonly method: string;
  readonly target: string;
  readonly way: string;
  readonly peer: string;
}

function request({ time, client, result, status, method, target, way, peer }: Parts): LineContent {
  const host = method === 'CONNECT' ? hostAndPort(target) : hostOfUrl(target);
  if (host === undefined)
    // What Squid could not read it calls error:… instead of a URL.
    return target.startsWith('error:') ? { kind: 'text' } : { kind: 'bad', reason: 'it names no host' };
  const reached = DIRECT.test(way) ? peerOf(peer, host) : undefined;
  return {
    kind: 'request',
    request: {
      ...{ time, host, peer: reached, client: addressOf(client)?.text ?? client },
      ...outcomeOf(result, status, way),
    },
  };
}

function peerOf(text: string, { port }: HostAndPort): HostAndPort | undefined {
  return addressOf(text) === undefined ? undefined : { host: text, port };
}

/** What came out of Squid's own store needed no connection: nobody knows of it whether there was one. */
function outcomeOf(result: string, status: string, way: string) {
  if (result.includes('DENIED') || UNREACHED.has(status))
    return { outcome: 'failed', error: `HTTP ${status}` } as const;
  return { outcome: /^(?:HIER_)?NONE$/.test(way) ? 'unknown' : 'connected', error: undefined } as const;
}
