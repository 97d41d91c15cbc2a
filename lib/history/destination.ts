import { addressOf, type SeenAddress } from './address';
import type { Destination, Outcome } from './connection';
import { numberOf, textOf, type Fields } from './fields';

/** An address, and its port where one is told. */
interface End {
  readonly address: SeenAddress;
  readonly port: number | undefined;
}

/** By these the other side came to the process: who connected is not the one of whom the alert tells. */
const INCOMING = new Set(['accept', 'accept4', 'listen', 'recvfrom', 'recvmsg', 'recvmmsg']);
const SENDING = new Set(['sendto', 'sendmsg', 'sendmmsg']);

/** Whether the alert is about somebody who came to the process. */
export function isIncoming(fields: Fields): boolean {
  return INCOMING.has(textOf(fields, 'evt.type') ?? '');
}

/**
 * Where a process reached to. Which field tells it depends on what happened:
 *
 * - a connect that failed: the address asked for (`evt.arg.addr`), since the socket has no server;
 * - a send: the tuple of the event where the rule prints it, since Falco swaps the ends of a socket that was bound before;
 * - else the socket's server (`fd.sip`), and only without one what else there is.
 */
export function destinationOf(fields: Fields, outcome: Outcome): Destination | undefined {
  const end = endOf(fields, outcome);
  if (end === undefined) return undefined;
  const { address, port } = end;
  const names = ['fd.sip.name', 'fd.rip.name']
    .map((name) => textOf(fields, name))
    .filter((name): name is string => name !== undefined && addressOf(name) === undefined);
  return {
    address: address.text,
    mapped: address.mapped,
    port,
    protocol: textOf(fields, 'fd.l4proto'),
    names: [...new Set(names)],
  };
}

function endOf(fields: Fields, outcome: Outcome): End | undefined {
  const type = textOf(fields, 'evt.type') ?? '';
  const asked = (): End | undefined => endOfText(textOf(fields, 'evt.arg.addr'));
  const server = (): End | undefined => endOfFields(fields, 'fd.sip', 'fd.sport');
  const sent = (): End | undefined => lastEnd(textOf(fields, 'evt.arg.tuple'));
  const first = SENDING.has(type)
    ? (sent() ?? server())
    : outcome === 'failed'
      ? (asked() ?? server())
      : (server() ?? asked());
  return first ?? sent() ?? lastEnd(textOf(fields, 'fd.name')) ?? endOfFields(fields, 'fd.rip', 'fd.rport');
}

function endOfFields(fields: Fields, ip: string, port: string): End | undefined {
  const text = textOf(fields, ip);
  const address = text === undefined ? undefined : addressOf(text);
  return address && { address, port: portOf(numberOf(fields, port)) };
}

/** The end of `10.0.0.1:51006->10.0.0.2:443`. */
function lastEnd(tuple: string | undefined): End | undefined {
  const at = tuple?.lastIndexOf('->') ?? -1;
  return at < 0 ? undefined : endOfText(tuple?.slice(at + 2));
}

/** `10.0.0.2:443`, and `fd77::2:443`: Falco sets no brackets, and always the port. */
function endOfText(text: string | undefined): End | undefined {
  const [, open, plain, digits = ''] = /^(?:\[([^\]]+)\]|(.+)):(\d{1,5})$/.exec(text ?? '') ?? [];
  const address = addressOf(open ?? plain ?? '');
  return address && { address, port: portOf(Number(digits)) };
}

function portOf(value: number | undefined): number | undefined {
  return value !== undefined && value >= 0 && value <= 65_535 ? value : undefined;
}
