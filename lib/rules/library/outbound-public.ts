import { list } from '../list';
import { macro } from '../macro';
import type { RulesObject } from '../object';
import { KNOWN_PEER, lines, OUTBOUND } from './conditions';
import { NETWORKS } from './egress-to';

/** {@link OUTBOUND} without destinations that no route of the internet leads to. */
export const OUTBOUND_PUBLIC = 'outbound_public';

/** The list of networks that {@link OUTBOUND_PUBLIC} leaves out; append your own public ranges to it. */
export const PRIVATE_NETWORKS = 'egress_private';

/** RFC 1918, shared (RFC 6598), link-local, multicast and broadcast, and their like in IPv6. */
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
];

/**
 * The list `egress_private` and the macro `outbound_public`: every attempt to reach another address, but private ones. What
 * stock Falco's `outbound` is meant to say, with all that {@link OUTBOUND} finds more. Needs the macros of
 * `egressRules`, loaded before; Falco warns of it where no rule uses it.
 *
 * An attempt whose address isn't known (`egress_unknown_peer`) is kept: it may have been public. Both the socket's ends
 * and the text of the event are asked, since Falco swaps the ends of UDP sockets that were bound.
 */
export function outboundPublic(): RulesObject[] {
  const networks = `(${PRIVATE_NETWORKS})`;
  return [
    list(PRIVATE_NETWORKS, PRIVATE),
    macro(
      OUTBOUND_PUBLIC,
      lines(
        OUTBOUND,
        `and not (${KNOWN_PEER} and fd.snet in ${networks} and (evt.type = connect or fd.cnet in ${networks}))`,
        `and not ${NETWORKS.prefix}${PRIVATE_NETWORKS}`,
      ),
    ),
  ];
}
