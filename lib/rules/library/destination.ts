/**
 * The three places in which an event of {@link OUTBOUND} tells where it goes, as the beginnings of conditions.
 *
 * - A connect that succeeded or is under way: the socket's server, which the kernel knows.
 * - A connect that failed, or on a socket that Falco has lost track of: the address that was asked for.
 * - A send: the tuple of the event. The socket's ends aren't asked, since Falco swaps those of a socket that was bound
 *   before it sent.
 *
 * A send that failed tells none.
 */
export const CONNECTED =
  'evt.type = connect and fd.sip exists and (evt.rawres >= 0 or evt.res = EINPROGRESS)';

export const ASKED =
  'evt.type = connect and (not fd.sip exists or (evt.rawres < 0 and not evt.res = EINPROGRESS))';

export const SENT = 'evt.type in (sendto, sendmsg, sendmmsg) and evt.rawres >= 0';

/**
 * Conditions on a destination that the event tells by its text `address:port`: of connects that told no server, and of
 * sends.
 *
 * @param addresses expressions of RE2's POSIX syntax, without quotes, of which one fits all before the port; none means
 *   any. Falco takes no value of more than 255 bytes.
 * @param ports none means any
 */
export function destinationText(addresses: readonly string[], ports: readonly number[]): readonly string[] {
  const told = (field: string, before: string) => [
    ...oneOf(addresses.map((address) => `${field} regex "${before}${address}:[0-9]+"`)),
    ...oneOf(ports.map((port) => `${field} endswith ":${port}"`)),
  ];
  return [
    `(${[ASKED, ...told('evt.arg.addr', '')].join(' and ')})`,
    `(${[SENT, ...told('evt.arg.tuple', '.*->')].join(' and ')})`,
  ];
}

function oneOf(conditions: readonly string[]): string[] {
  return conditions.length > 0 ? [`(${conditions.join(' or ')})`] : [];
}
