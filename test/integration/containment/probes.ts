import type { Connection, End, Labels, LabelSelector, NetworkPolicy } from '../../../lib/containment';
import { parseCidr } from '../../../lib/containment/address';

/** Where somebody might connect to. */
export type Probe = Omit<Connection, 'source'>;

/**
 * Connections by which the rules of policies can be tried: for each peer of each rule somebody whom it means, if there can be
 * one, and the edges of blocks and their exceptions; on each port. They only have to hit what is open: whether it is, is asked
 * of somebody else.
 */
export function probesOf(policies: readonly NetworkPolicy[]): Probe[] {
  return policies.flatMap(({ metadata, spec }) =>
    (spec?.egress ?? []).flatMap(({ to = [], ports = [] }) => {
      const ends = to.length === 0 ? ANYBODY : to.flatMap((peer) => meant(peer, metadata?.namespace ?? ''));
      return ends.flatMap((end) => tried(end, ports));
    }),
  );
}

type Rule = NonNullable<NonNullable<NetworkPolicy['spec']>['egress']>[number];
type Peer = NonNullable<Rule['to']>[number];
type Ports = NonNullable<Rule['ports']>;

const ELSEWHERE = 'somewhere-else';
/** Names of ports mean something only where there is a Pod. */
const ANYBODY: readonly End[] = [
  { kind: 'outside', address: '198.51.100.7' },
  {
    ...{ kind: 'pod', namespace: ELSEWHERE, labels: {}, address: '10.9.9.8' },
    namespaceLabels: { 'kubernetes.io/metadata.name': ELSEWHERE },
  },
];
/** A name of a port means what a Pod calls so. */
const NAMED = 5432;

function meant({ ipBlock, podSelector, namespaceSelector }: Peer, own: string): End[] {
  if (ipBlock !== undefined)
    return edges(ipBlock.cidr, ipBlock.except ?? []).map((address) => ({ kind: 'outside', address }));
  const labels = satisfying(podSelector ?? {});
  const namespaceLabels = satisfying(namespaceSelector ?? {});
  if (labels === undefined || namespaceLabels === undefined) return [];
  const namespace = namespaceSelector === undefined ? own : (namespaceLabels[NAME] ?? ELSEWHERE);
  return [
    {
      ...{ kind: 'pod', namespace, labels, address: '10.9.9.9' },
      namespaceLabels: { [NAME]: namespace, ...namespaceLabels },
    },
  ];
}

const NAME = 'kubernetes.io/metadata.name';

/** Labels that a selector asks for; `undefined` where none can satisfy it. */
function satisfying({ matchLabels = {}, matchExpressions = [] }: LabelSelector): Labels | undefined {
  const labels: Record<string, string> = { ...matchLabels };
  for (const { key, operator, values = [] } of matchExpressions) {
    if (operator === 'In') labels[key] ??= values[0] ?? '';
    if (operator === 'Exists') labels[key] ??= 'any';
  }
  const holds = matchExpressions.every(({ key, operator, values = [] }) => {
    const value = labels[key];
    if (operator === 'In') return value !== undefined && values.includes(value);
    if (operator === 'NotIn') return value === undefined || !values.includes(value);
    return (value !== undefined) === (operator === 'Exists');
  });
  return holds ? labels : undefined;
}

function tried(destination: End, ports: Ports): Probe[] {
  if (ports.length === 0) return [{ destination, protocol: 'TCP', port: 443 }];
  return ports.flatMap(({ protocol = 'TCP', port = 443, endPort }) => {
    const by = protocol as Connection['protocol'];
    if (typeof port === 'string')
      return [{ destination: naming(destination, port, by), protocol: by, port: NAMED }];
    return [...new Set([port, endPort ?? port])].map((each) => ({ destination, protocol: by, port: each }));
  });
}

function naming(end: End, name: string, protocol: string): End {
  return end.kind === 'pod' ? { ...end, ports: [{ name, port: NAMED, protocol }] } : end;
}

/** The first and the last address of a block, and those beside what is excepted. */
function edges(cidr: string, except: readonly string[]): string[] {
  const block = parseCidr(cidr);
  if (block === undefined) return [];
  const beside = except.flatMap((each) => {
    const range = parseCidr(each);
    return range === undefined ? [] : [range.first - 1n, range.last + 1n];
  });
  return [block.first, block.last, ...beside]
    .filter((address) => block.first <= address && address <= block.last)
    .map((address) => printAddress(address, block.family));
}

function printAddress(address: bigint, family: 4 | 6): string {
  const [groups, bits] = family === 4 ? [4, 8n] : [8, 16n];
  const parts = Array.from(
    { length: groups },
    (_, place) => (address >> (BigInt(groups - 1 - place) * bits)) & ((1n << bits) - 1n),
  );
  return family === 4 ? parts.join('.') : parts.map((part) => part.toString(16)).join(':');
}
