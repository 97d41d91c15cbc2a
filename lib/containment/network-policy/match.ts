import { parseAddress, parseCidr, within } from '../address';
import type { NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicyRule } from '../objects';
import { selects } from '../selector';
import type { Connection, End } from './connection';
import { peersOf, type Direction } from './policy';

/** Whether a rule allows a connection. A rule is of its policy's namespace, which selectors without another mean. */
export function matches(
  rule: NetworkPolicyRule,
  connection: Connection,
  direction: Direction,
  namespace: string,
): boolean {
  const peers = peersOf(rule, direction);
  const other = direction === 'egress' ? connection.destination : connection.source;
  return (
    (peers === 'all' || peers.some((peer) => matchesPeer(peer, other, namespace))) &&
    matchesPorts(rule.ports, connection)
  );
}

function matchesPeer(peer: NetworkPolicyPeer, end: End, namespace: string): boolean {
  if (peer.ipBlock) return end.address !== undefined && inBlock(peer.ipBlock, end.address);
  // A peer of a later API that sets nothing we know: nobody, as implementations are told to read it.
  if (!peer.podSelector && !peer.namespaceSelector) return false;
  if (end.kind !== 'pod' || end.hostNetwork === true) return false;
  const namespaceFits = peer.namespaceSelector
    ? selects(peer.namespaceSelector, end.namespaceLabels)
    : end.namespace === namespace;
  return namespaceFits && selects(peer.podSelector ?? {}, end.labels);
}

function inBlock({ cidr, except }: NonNullable<NetworkPolicyPeer['ipBlock']>, text: string): boolean {
  const address = parseAddress(text);
  const inside = (block: string): boolean => {
    const range = parseCidr(block);
    return address !== undefined && range !== undefined && within(address, range);
  };
  return inside(cidr) && !(except ?? []).some(inside);
}

function matchesPorts(ports: readonly NetworkPolicyPort[] | undefined, connection: Connection): boolean {
  // An empty list is as good as none.
  const wanted = ports ?? [];
  return wanted.length === 0 || wanted.some((port) => matchesPort(port, connection));
}

function matchesPort(wanted: NetworkPolicyPort, { destination, protocol, port }: Connection): boolean {
  if ((wanted.protocol ?? 'TCP') !== protocol) return false;
  if (wanted.port === undefined) return true;
  if (typeof wanted.port === 'number') return wanted.port <= port && port <= (wanted.endPort ?? wanted.port);
  // A name means what the destination calls so; outside the cluster nothing has a name.
  const named = destination.kind === 'pod' ? (destination.ports ?? []) : [];
  return named.some(
    (each) => each.name === wanted.port && each.port === port && (each.protocol ?? 'TCP') === protocol,
  );
}
