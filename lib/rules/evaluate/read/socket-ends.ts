import { addressOf, type Address } from '../compare/address';
import { numberOf, type Numeric } from '../compare/number';
import type { Event, FieldValue } from '../event';

const NOWHERE_4: readonly Address[] = [{ family: 4, value: 0 }];
const NOWHERE_6: readonly Address[] = [{ family: 6, words: [0, 0, 0, 0] }];
const NO_ENDS: readonly Address[] = [];
const NO_PORTS: readonly Numeric[] = [];
const PORT_0: readonly Numeric[] = [0];

/**
 * The addresses of a socket's ends, to which `fd.ip` and `fd.net` are compared: client and server; the server alone of a
 * socket that listens; all zeros of one that isn't connected, of which `fd.sip` has no value. None of what is no IP
 * socket.
 */
export function socketAddresses(event: Event): readonly Address[] {
  const client = toAddress(event['fd.cip']);
  const server = toAddress(event['fd.sip']);
  if (client !== undefined && server !== undefined) return [client, server];
  const one = client ?? server;
  if (one !== undefined) return [one];
  switch (ipFamily(event)) {
    case 4:
      return NOWHERE_4;
    case 6:
      return NOWHERE_6;
    default:
      return NO_ENDS;
  }
}

/** The ports of a socket's ends, to which `fd.port` is compared, in the same way. */
export function socketPorts(event: Event): readonly Numeric[] {
  const client = toNumber(event['fd.cport']);
  const server = toNumber(event['fd.sport']);
  if (client !== undefined && server !== undefined) return [client, server];
  const one = client ?? server;
  if (one !== undefined) return [one];
  return ipFamily(event) === undefined ? NO_PORTS : PORT_0;
}

function ipFamily(event: Event): 4 | 6 | undefined {
  const type = event['fd.typechar'] ?? event['fd.type'];
  if (type === '4' || type === 'ipv4') return 4;
  return type === '6' || type === 'ipv6' ? 6 : undefined;
}

function toAddress(value: FieldValue | undefined): Address | undefined {
  return typeof value === 'string' ? addressOf(value) : undefined;
}

function toNumber(value: FieldValue | undefined): Numeric | undefined {
  return value === undefined || value === null ? undefined : numberOf(value);
}
