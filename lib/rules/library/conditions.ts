import { macro, type Macro } from '../macro';

/** Every attempt to connect or send to another address that Falco can see. The name is that of the 2021 article. */
export const OUTBOUND = 'outbound_corp';

/** What a container does, as opposed to the node itself. */
export const BY_POD = 'egress_by_pod';

const KNOWN_PEER = 'egress_known_peer';
const ASKED_PEER = 'egress_asked_peer';
const UNKNOWN_PEER = 'egress_unknown_peer';

/** Names start with `egress_` so that none is ever a stock macro's. */
export function egressMacros(): Macro[] {
  return [
    macro(KNOWN_PEER, knownPeer()),
    macro(ASKED_PEER, askedPeer()),
    macro(UNKNOWN_PEER, unknownPeer()),
    macro(OUTBOUND, `(${KNOWN_PEER} or ${ASKED_PEER} or ${UNKNOWN_PEER})`),
    // Not k8s.ns.name != "": the runtime tells Falco a Pod's name some time after its first connection, while the
    // container's id comes from the kernel with the event.
    macro(BY_POD, 'container.id != host'),
  ];
}

/**
 * Falco knows both ends of the socket.
 *
 * - Sends count only if they change the socket's name, so a stream alerts once for each peer. Connects always count:
 *   a socket received from another process may carry its peer's name already.
 * - Neither fd.l4proto nor fd.connected is looked at: Falco doesn't know the protocol of a socket older than itself,
 *   and has marked the socket as connected by the time rules see a send that succeeded.
 * - Without `fd.sip exists` the negated comparisons would hold for a UDP server's replies over IPv6, whose ends
 *   Falco can't tell.
 * - `fd.snet`, not `fd.net`: that is true if either end fits, and of a list it reads the first item only.
 * - The client's side is looked at too since Falco swaps the ends of a socket that was bound before it sent.
 */
function knownPeer(): string {
  return lines(
    'evt.type in (connect, sendto, sendmsg, sendmmsg)',
    'and (evt.rawres >= 0 or evt.res = EINPROGRESS)',
    'and (evt.type = connect or fd.name_changed = true)',
    'and (fd.typechar = 4 or fd.typechar = 6)',
    'and fd.sip exists',
    'and not fd.sip in ("0.0.0.0", "::")',
    'and not fd.snet in ("127.0.0.0/8", "::1/128")',
    'and not fd.cnet in ("127.0.0.0/8", "::1/128")',
  );
}

/**
 * A connect that failed, was interrupted, or was made on a socket that Falco has lost track of: fd.sip has no value
 * (or an old one), but the address that the program asked for is among the event's arguments.
 *
 * EALREADY and EISCONN only tell a program that its earlier connect, reported then, is under way or done.
 */
function askedPeer(): string {
  return lines(
    'evt.type = connect',
    'and (not fd.sip exists or (evt.rawres < 0 and not evt.res in (EINPROGRESS, EALREADY, EISCONN)))',
    'and not fd.typechar = u',
    'and evt.arg.addr contains ":"',
    'and not evt.arg.addr startswith oneof ("127.", "0.0.0.0:", "::1:", ":::", "::ffff:127.", "::ffff:0.0.0.0:", "/", "@")',
  );
}

/** A datagram that had nowhere to go or wasn't let through: the event holds no address, but it was an attempt. */
function unknownPeer(): string {
  return lines(
    'evt.type in (sendto, sendmsg, sendmmsg)',
    'and evt.res in (ENETUNREACH, EHOSTUNREACH, EPERM, EACCES)',
    'and (fd.typechar = 4 or fd.typechar = 6)',
    'and not fd.sip exists',
  );
}

/** A condition of several lines; in YAML it becomes a block that reads as it does here. */
export function lines(...parts: readonly string[]): string {
  return parts.join('\n');
}
