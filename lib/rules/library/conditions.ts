import { macro, type Macro } from '../macro';

/** Every attempt to connect or send to another address that Falco can see. The name is that of the 2021 article. */
export const OUTBOUND = 'outbound_corp';

/** What a container does, as opposed to the node itself. */
export const BY_POD = 'egress_by_pod';

export const KNOWN_PEER = 'egress_known_peer';
const ASKED_PEER = 'egress_asked_peer';
const BOUND_PEER = 'egress_bound_peer';
const UNKNOWN_PEER = 'egress_unknown_peer';

/** All calls by which a program sends to an address without a connect before. */
export const SENDS = 'evt.type in (sendto, sendmsg, sendmmsg)';

const LOOPBACK = '("127.0.0.0/8", "::1/128")';

/** Names start with `egress_` so that none is ever a stock macro's. */
export function egressMacros(): Macro[] {
  return [
    macro(KNOWN_PEER, knownPeer()),
    macro(ASKED_PEER, askedPeer()),
    macro(BOUND_PEER, boundPeer()),
    macro(UNKNOWN_PEER, unknownPeer()),
    macro(OUTBOUND, `(${KNOWN_PEER} or ${ASKED_PEER} or ${BOUND_PEER} or ${UNKNOWN_PEER})`),
    // Not k8s.ns.name != "": the runtime tells Falco a Pod's name some time after its first connection, while the
    // container's id comes from the kernel with the event. Negated, so that what has no id yet counts as a Pod.
    macro(BY_POD, 'not container.id = host'),
  ];
}

/**
 * Falco knows both ends of the socket.
 *
 * - What leaves the socket's name as it was counts only once: a stream alerts for each peer, not for each packet, and a
 *   second connect that collects the result of the first isn't another attempt. Falco has an inode only of sockets
 *   that it found in /proc (one that another process handed over, for instance); those may carry their peer's name
 *   before the connect is seen, so their connects count always. So do those of sockets that Falco can't name.
 * - Neither fd.l4proto nor fd.connected is looked at: Falco doesn't know the protocol of a socket older than itself,
 *   and has marked the socket as connected by the time rules see a send that succeeded. Only a UDP connect to port 0
 *   is left out: nothing can be sent there, the C library asks the kernel for a route that way.
 * - Without `fd.sip exists` the negated comparisons would hold for a UDP server's replies over IPv6, whose ends
 *   Falco can't tell.
 * - `fd.snet`, not `fd.net`: that is true if either end fits, and of a list it reads the first item only.
 * - The client's side is looked at too since Falco swaps the ends of a socket that was bound before it sent.
 */
function knownPeer(): string {
  return lines(
    'evt.type in (connect, sendto, sendmsg, sendmmsg)',
    'and (evt.rawres >= 0 or evt.res = EINPROGRESS)',
    'and (fd.name_changed = true or (evt.type = connect and (not fd.ino = 0 or fd.name = "<unknown>")))',
    'and (fd.typechar = 4 or fd.typechar = 6)',
    'and fd.sip exists',
    'and not fd.sip in ("0.0.0.0", "::")',
    `and not fd.snet in ${LOOPBACK}`,
    `and not fd.cnet in ${LOOPBACK}`,
    'and not (evt.type = connect and fd.l4proto = udp and fd.sport = 0)',
  );
}

/**
 * A connect that failed, was interrupted, or was made on a socket that Falco has lost track of: fd.sip has no value
 * (or an old one), but the address that the program asked for is among the event's arguments.
 *
 * EALREADY and EISCONN only tell a program that its earlier connect, reported then, is under way or done; and a failure
 * to reach the very address that the socket is named after is the result of that earlier connect.
 */
function askedPeer(): string {
  return lines(
    'evt.type = connect',
    'and (not fd.sip exists',
    'or (evt.rawres < 0 and not evt.res in (EINPROGRESS, EALREADY, EISCONN)',
    'and not fd.name endswith val(evt.arg.addr)))',
    'and not fd.typechar = u',
    'and evt.arg.addr contains ":"',
    'and not evt.arg.addr startswith oneof ("127.", "0.0.0.0:", "::1:", ":::", "::ffff:127.", "::ffff:0.0.0.0:", "/", "@")',
  );
}

/**
 * A datagram from an IPv6 socket that was bound: Falco knows neither end of it, only the text of the event. A server's
 * reply looks just the same, so the peer's port decides: a reply goes to a port that the client's kernel chose, and
 * kernels choose high ones (Linux from 32768).
 */
function boundPeer(): string {
  return lines(
    SENDS,
    'and evt.rawres >= 0',
    'and fd.name_changed = true',
    'and fd.typechar = 6',
    'and not fd.sip exists',
    'and evt.arg.tuple regex ".*->.*:([1-9][0-9]{0,3}|[12][0-9]{4})"',
    'and not evt.arg.tuple contains "->::1:"',
    'and not evt.arg.tuple contains "->:::"',
  );
}

/**
 * A send that had nowhere to go or wasn't let through: the event holds no address, but it was an attempt.
 *
 * A socket that never had two ends was asked for an address with the call. Of one that is connected or bound to
 * loopback the kernel refuses (EINVAL) to send to anywhere else.
 */
function unknownPeer(): string {
  return lines(
    SENDS,
    'and (fd.typechar = 4 or fd.typechar = 6)',
    'and ((not fd.cip exists and evt.res in (ECONNREFUSED, EINPROGRESS, ETIMEDOUT, ENETUNREACH, EHOSTUNREACH,',
    'ENETDOWN, EHOSTDOWN, EADDRNOTAVAIL, EPERM, EACCES))',
    `or (fd.l4proto = udp and fd.snet in ${LOOPBACK} and evt.res = EINVAL))`,
  );
}

/** A condition of several lines; in YAML it becomes a block that reads as it does here. */
export function lines(...parts: readonly string[]): string {
  return parts.join('\n');
}
