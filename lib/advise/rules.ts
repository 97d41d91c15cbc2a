import type { AddressRange } from '../containment/address';
import type { NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicyRule } from '../containment/objects';
import { namespaceSelector } from '../containment/ways-out';
import { blocksOf, type Block, type BlockRule } from './blocks';
import type { SeenPort, SeenTarget } from './observed';
import { portsOf } from './port-ranges';
import { isPublic, NOT_PUBLIC } from './public-addresses';
import { spanText, timesText } from './words';

/** A rule of egress, and why it is there. */
export interface AdvisedRule {
  readonly to: readonly { readonly peer: NetworkPolicyPeer; readonly why: string }[];
  readonly ports: readonly NetworkPolicyPort[];
  /** What is to be said of the rule as a whole. */
  readonly why: string | undefined;
  /** Whether it lets more through than was seen. */
  readonly isWider: boolean;
}

/** A target, with those of its ports that a policy has to let open. */
export interface Needed {
  readonly seen: SeenTarget;
  readonly ports: readonly SeenPort[];
}

/** Targets with the same ports share a rule. */
interface Group {
  readonly ports: readonly NetworkPolicyPort[];
  isWider: boolean;
  readonly needed: Needed[];
}

/** The rule as Kubernetes has it. */
export function plainRule({ to, ports }: AdvisedRule): NetworkPolicyRule {
  return { to: to.map(({ peer }) => peer), ports };
}

/** What has to be let open, as few rules: Pods first, then addresses, then all of the Internet. */
export function rulesOf(
  needed: readonly Needed[],
  everywhere: readonly SeenPort[],
  namespace: string,
  rule: BlockRule,
): AdvisedRule[] {
  const pods = needed.filter(({ seen }) => seen.target.kind === 'pods');
  const addresses = needed.filter(({ seen }) => seen.target.kind === 'address');
  return [
    ...grouped(pods).map((group) => podsRule(group, namespace)),
    ...grouped(addresses).flatMap((group) => addressRules(group, rule)),
    ...grouped(everywhere.map((port) => ({ seen: NOBODY, ports: [port] }))).map(internetRule),
  ];
}

const NOBODY: SeenTarget = {
  target: {
    ...{ kind: 'address', key: '', address: '', range: { family: 4, first: 0n, last: 0n } },
    ...{ name: undefined, warning: undefined, isNode: false },
  },
  ...{ names: new Set(), ports: new Map(), isProxy: false },
};

function grouped(needed: readonly Needed[]): Group[] {
  const groups = new Map<string, Group>();
  for (const each of needed) {
    const { ports, isWider } = portsOf(each.ports);
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, isWider, needed: [] };
    group.isWider ||= isWider;
    group.needed.push(each);
    groups.set(key, group);
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

const IS_PROXY = 'a proxy, in whose log it goes on';
const PORTS_ARE_WIDER = 'more ports than were seen: there were too many to list';

function podsRule({ ports, isWider, needed }: Group, namespace: string): AdvisedRule {
  const to = needed
    .flatMap((each) => {
      const { target } = each.seen;
      if (target.kind !== 'pods') return [];
      const isOwn = target.namespace === namespace;
      const peer: NetworkPolicyPeer = {
        ...(!isOwn && { namespaceSelector: namespaceSelector(target.namespace) }),
        podSelector: target.selector,
      };
      const where = isOwn ? target.name : `${target.name} of ${target.namespace}`;
      const what = each.seen.isProxy ? `${where}, ${IS_PROXY}` : where;
      return [{ peer, why: `${what}: ${tried(each)}` }];
    })
    .sort(byWhy);
  return { to: sameOnce(to), ports, why: isWider ? PORTS_ARE_WIDER : undefined, isWider };
}

function addressRules({ ports, isWider, needed }: Group, rule: BlockRule): AdvisedRule[] {
  const rules: AdvisedRule[] = [];
  const to: AdvisedRule['to'][number][] = [];
  let isJoined = false;
  let toInternet = 0;
  for (const family of [4, 6] as const) {
    for (const ofInternet of [false, true]) {
      const own = needed.filter(({ seen }) => {
        const range = rangeOf(seen);
        return range?.family === family && isPublic(range) === ofInternet;
      });
      const blocks = blocksOf(
        own.map(({ seen }) => rangeOf(seen)).filter((each) => each !== undefined),
        rule,
      );
      if (ofInternet && blocks.length > rule.most) {
        toInternet += own.length;
        continue;
      }
      isJoined ||= blocks.some(({ size }) => size > 1n);
      to.push(...peersOf(blocks, own));
    }
  }
  const why = [
    ...(isWider ? [PORTS_ARE_WIDER] : []),
    ...(isJoined
      ? [
          `more than ${rule.exact} addresses, joined to networks no larger than /${rule.shortest[4]} (IPv6: /${rule.shortest[6]}): not all of their addresses were seen`,
        ]
      : []),
  ];
  if (to.length > 0)
    rules.push({
      ...{ to, ports, why: why.length === 0 ? undefined : why.join('; ') },
      isWider: isWider || isJoined,
    });
  if (toInternet > 0)
    rules.push(
      everywhereRule(
        ports,
        `${toInternet} addresses in more than ${rule.most} networks: all of the Internet`,
      ),
    );
  return rules;
}

function peersOf(blocks: readonly Block[], needed: readonly Needed[]): AdvisedRule['to'] {
  const byAddress = new Map(needed.map((each) => [each.seen.target, each]));
  const sorted = [...byAddress.values()].sort((a, b) => {
    const [left, right] = [rangeOf(a.seen)?.first ?? 0n, rangeOf(b.seen)?.first ?? 0n];
    return left < right ? -1 : 1;
  });
  let at = 0;
  return blocks.map(({ cidr, seen, size }) => {
    // Both are in the order of addresses.
    const own = sorted.slice(at, at + seen);
    at += seen;
    const [only] = own;
    const why =
      size === 1n && only !== undefined
        ? called(only)
        : `${seen} of ${size > 1_000_000n ? 'very many' : String(size)} addresses seen; ${triedAll(own)}`;
    return { peer: { ipBlock: { cidr } }, why };
  });
}

function internetRule({ ports, needed }: Group): AdvisedRule {
  return everywhereRule(ports, `${triedAll(needed)}, to more addresses than are kept: all of the Internet`);
}

function everywhereRule(ports: readonly NetworkPolicyPort[], why: string): AdvisedRule {
  const to = ([4, 6] as const).map((family) => ({
    peer: { ipBlock: { cidr: family === 4 ? '0.0.0.0/0' : '::/0', except: [...NOT_PUBLIC[family]] } },
    why: 'all of the Internet, and nothing private',
  }));
  return { to, ports, why, isWider: true };
}

function rangeOf({ target }: SeenTarget): AddressRange | undefined {
  return target.kind === 'address' ? target.range : undefined;
}

function called(needed: Needed): string {
  const { target, names, isProxy } = needed.seen;
  const known = target.kind === 'address' && target.name !== undefined ? [target.name] : [];
  const warning = target.kind === 'address' ? target.warning : undefined;
  const who = [...(isProxy ? [IS_PROXY] : []), ...known, ...names].join(', ');
  const text = `${who === '' ? '' : `${who}: `}${tried(needed)}`;
  return warning === undefined ? text : `${text}; LOOK: ${warning}`;
}

function tried({ ports }: Needed): string {
  return triedPorts(ports);
}

function triedAll(needed: readonly Needed[]): string {
  return triedPorts(needed.flatMap(({ ports }) => ports));
}

function triedPorts(ports: readonly SeenPort[]): string {
  let [times, first, last] = [0, Infinity, -Infinity];
  const processes = new Set<string>();
  for (const port of ports) {
    times += port.went + port.failed;
    first = Math.min(first, port.first);
    last = Math.max(last, port.last);
    for (const name of port.processes) if (processes.size < 3) processes.add(name);
  }
  const by = processes.size === 0 ? '' : ` by ${[...processes].sort().join(', ')}`;
  const failed = ports.every(({ went }) => went === 0) ? ', all of which failed' : '';
  return `${timesText(times)}${by}, ${spanText(first, last)}${failed}`;
}

function byWhy(a: { readonly why: string }, b: { readonly why: string }): number {
  return a.why < b.why ? -1 : 1;
}

/** A Service and the workload behind it may select the same. */
function sameOnce(to: AdvisedRule['to']): AdvisedRule['to'] {
  return [...new Map(to.map((each) => [JSON.stringify(each.peer), each])).values()];
}
