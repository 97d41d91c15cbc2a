import { addressOf } from '../address';
import { parseTime } from '../time';
import { hostAndPort, isHostName, type LineContent } from './request';

const QUOTED = '"([^"]*)"';
/** Envoy escapes nothing: whoever asks may write quotation marks, and what looks like other parts. */
const OF_CLIENT = '"(.*)"';

/**
 * Envoy's default text, and Istio's, which has the reason of an answer in the middle, and the addresses of the client at the end.
 * Facts: what a real Envoy 1.40 wrote, in its own format and in that of Istio's documentation.
 */
const TEXT = new RegExp(
  [
    String.raw`^\[([^\]]{10,40})\] "[^"]*" (\d{1,3}) (\S+)`,
    String.raw`(?: \S+ \S+ ${QUOTED})?`,
    String.raw` \d+ \d+ \S+ \S+ ${QUOTED} ${OF_CLIENT} ${QUOTED} ${QUOTED} ${QUOTED}`,
    String.raw`(?: (\S+) \S+ \S+ (\S+) (\S+) \S+)?$`,
  ].join(''),
);

/** What each of Envoy's own lines begins with is not: those have a blank in the time. */
const BEGINS_AS_ACCESS = /^\[\d{4}-\d\d-\d\dT/;

/** Flags of an answer that was none of the host: it could not be reached, or was not tried. */
const FAILED = /^(?:UH|UF|UC|UT|UO|LR|NR|NC|URX|UMSDR|RL|UAEX|RLSE|DPE|UPE|DF|DR|OM|LH)(?:,[A-Z]+)*(?=,|$)/;

/** Keys of JSON, as Istio names them, and as most who choose their own: the operators in small letters. */
const KEYS = {
  time: ['start_time', 'timestamp', 'time'],
  authority: ['authority', ':authority', 'host'],
  upstream: ['upstream_host', 'upstream_remote_address'],
  client: [
    'downstream_remote_address',
    'downstream_direct_remote_address',
    'downstream_remote_address_without_port',
  ],
  forwarded: ['x_forwarded_for', 'x-forwarded-for'],
  status: ['response_code', 'status'],
  flags: ['response_flags'],
  cluster: ['upstream_cluster', 'upstream_cluster_raw'],
  serverName: ['requested_server_name'],
} as const;

type Parts = Readonly<Record<keyof typeof KEYS, string>>;

/** A line of an access log of Envoy: its default text, Istio's, or JSON. */
export function readEnvoyLine(text: string): LineContent {
  if (text.startsWith('{')) return json(text);
  if (!BEGINS_AS_ACCESS.test(text)) return { kind: 'text' };
  const match = TEXT.exec(text);
  if (match === null)
    return { kind: 'bad', reason: "it is no line of Envoy's default format, nor of Istio's" };
  const [, time = '', status = '', flags = '', , told = '', agent = '', , authority = '', upstream = ''] =
    match;
  // Then nobody knows where the one ends and the other begins.
  const forwarded = agent.includes('" "') ? '' : told;
  const [cluster = '', client = '', serverName = ''] = match.slice(10);
  return request({ time, status, flags, forwarded, authority, upstream, cluster, client, serverName });
}

function json(text: string): LineContent {
  let object: unknown;
  try {
    object = JSON.parse(text);
  } catch {
    return { kind: 'bad', reason: 'it is no JSON' };
  }
  const fields = object as Readonly<Record<string, unknown>>;
  const parts = Object.fromEntries(
    Object.entries(KEYS).map(([part, keys]) => {
      const value = keys
        .map((key) => fields[key])
        .find((each) => typeof each === 'string' || typeof each === 'number');
      return [part, value === undefined ? '' : String(value)];
    }),
  ) as Record<keyof typeof KEYS, string>;
  // Envoy's own messages may be JSON too.
  return parts.authority === '' && parts.upstream === '' ? { kind: 'text' } : request(parts);
}

function request(parts: Parts): LineContent {
  const time = parseTime(parts.time);
  if (time === undefined) return { kind: 'bad', reason: 'its time is none' };
  if (parts.cluster.startsWith('inbound|')) return { kind: 'incoming' };
  const peer = given(parts.upstream) ? hostAndPort(parts.upstream) : undefined;
  const host = given(parts.authority) ? hostAndPort(parts.authority) : peer;
  if (host === undefined) return { kind: 'bad', reason: 'it names no host' };
  return {
    kind: 'request',
    request: {
      ...{ time, host, client: clientOf(parts) },
      peer: peer !== undefined && addressOf(peer.host) !== undefined ? peer : undefined,
      serverName: given(parts.serverName) && isHostName(parts.serverName) ? parts.serverName : undefined,
      ...outcomeOf(parts),
    },
  };
}

/** Who connected to it; else whom it was told of last: what stands before that, clients write as they like. */
function clientOf({ client, forwarded }: Parts): string | undefined {
  const text = given(client) ? hostAndPort(client)?.host : forwarded.split(',').at(-1)?.trim();
  return text === undefined ? undefined : addressOf(text)?.text;
}

function outcomeOf({ flags, status, upstream }: Parts) {
  // Each tunnel that the client ends has a flag, DC, as well: who answered was reached.
  if (given(upstream) && /^[12]\d\d$/.test(status))
    return { outcome: 'connected', error: undefined } as const;
  if (/^DC(?:,|$)/.test(flags)) return { outcome: 'unknown', error: undefined } as const;
  const [failure] = FAILED.exec(flags) ?? [];
  if (failure !== undefined) return { outcome: 'failed', error: failure } as const;
  // It answered by itself.
  if (!given(upstream) && Number(status) >= 400)
    return { outcome: 'failed', error: `HTTP ${status}` } as const;
  if (!given(upstream)) return { outcome: 'unknown', error: undefined } as const;
  // Of a tunnel, and of what was cut off, there is no status.
  return { outcome: status === '' ? 'unknown' : 'connected', error: undefined } as const;
}

function given(text: string): boolean {
  return text !== '' && text !== '-';
}
