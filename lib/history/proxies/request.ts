import { addressOf } from '../address';
import type { Connection, Destination, Outcome } from '../connection';

/** The kind of the workload of a connection that a proxy made for whoever had an address. */
export const CLIENT = 'Client';

/** A request of which a proxy's log tells. */
export interface ProxyRequest {
  readonly time: bigint;
  /** The address from which it came to the proxy; `undefined` where the log does not say. */
  readonly client: string | undefined;
  /** The host that was asked for, and its port. */
  readonly host: HostAndPort;
  /** Where the proxy connected for it, if the log says. */
  readonly peer: HostAndPort | undefined;
  /** A further name of it: that of the TLS handshake. */
  readonly serverName?: string | undefined;
  readonly outcome: Outcome;
  readonly error: string | undefined;
}

/** A host by name or address, without the brackets of IPv6. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number | undefined;
}

/** What a line is: a request; nothing to count; text of the program itself; or, as text, why it can't be read. */
export type LineContent =
  | { readonly kind: 'request'; readonly request: ProxyRequest }
  | { readonly kind: 'incoming' }
  | { readonly kind: 'text' }
  | { readonly kind: 'bad'; readonly reason: string };

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, ftp: 21, ws: 80, wss: 443 };
const URL_HOST = /^([a-z][a-z0-9+.-]{0,20}):\/\/(?:[^/?#]*@)?([^/?#]*)/i;
/** Whatever else a client wrote there may be part of what it meant for the path, a query or a login. */
const NAME = String.raw`[\p{L}\p{M}\p{N}._-]{1,255}`;
const ONLY_NAME = new RegExp(`^${NAME}$`, 'u');
const WITH_PORT = new RegExp(String.raw`^(?:\[([0-9a-f:.%]{2,64})\]|(${NAME}))(?::(\d{1,5}))?$`, 'iu');
const BARE_SIX = /^[0-9a-f:.]{2,45}$/i;

/** Whether a text can be the name of a host. */
export function isHostName(text: string): boolean {
  return ONLY_NAME.test(text);
}

/** `host:port`, `[::1]:443`, or a bare host or address. */
export function hostAndPort(text: string, otherwise?: number): HostAndPort | undefined {
  const [, six, host = six, digits] = WITH_PORT.exec(text) ?? [];
  if (host === undefined)
    return BARE_SIX.test(text) && addressOf(text) !== undefined ? { host: text, port: otherwise } : undefined;
  if (six !== undefined && addressOf(six) === undefined) return undefined;
  const port = digits === undefined ? otherwise : Number(digits);
  return port === undefined || (port > 0 && port < 65536) ? { host, port } : undefined;
}

/** Host and port of a URL; a login in it, its path and its query go no further. */
export function hostOfUrl(text: string): HostAndPort | undefined {
  const [, scheme = '', authority] = URL_HOST.exec(text) ?? [];
  return authority === undefined ? undefined : hostAndPort(authority, PORTS[scheme.toLowerCase()]);
}

/**
 * The connection that a proxy made for a client, who is the workload by the name of its address, until somebody knows whose that was: a
 * {@link CLIENT}.
 */
export function connectionOf(
  request: ProxyRequest,
  { proxy, log, line }: { readonly proxy: string; readonly log: string; readonly line: number },
): Connection {
  const { time, client, outcome, error } = request;
  return {
    ...{ cluster: undefined, node: undefined, namespace: undefined, pod: undefined, podUid: undefined },
    ...{ containerId: undefined, client: undefined },
    workload: { kind: CLIENT, name: client ?? '', derived: false },
    program: { name: `via ${proxy}`, path: undefined },
    destination: { ...destinationOf(request), via: proxy },
    ...{ outcome, error, rule: `access log ${log}`, priority: undefined },
    ...{ count: 1, run: undefined, first: time, last: time },
    line,
  };
}

/** The address that the proxy reached, else the host that it was asked for, which may be a name. */
function destinationOf({ host, peer, serverName }: ProxyRequest): Destination {
  const asked = addressOf(host.host);
  const reached = addressOf(peer?.host ?? '') ?? asked;
  const names = [
    ...(asked === undefined ? [host.host] : []),
    ...(serverName === undefined ? [] : [serverName]),
  ];
  return {
    address: reached?.text ?? host.host.toLowerCase(),
    mapped: reached?.mapped ?? false,
    port: peer?.port ?? host.port,
    protocol: 'tcp',
    names: [...new Set(names.map((name) => name.toLowerCase()))],
  };
}
