import type { Canaries, CanaryNode, NodeName } from './canaries';
import {
  NOT_MEASURED,
  type ClusterCoverage,
  type Coverage,
  type CoverageGap,
  type CoverageLoss,
  type ExemptSpan,
  type NodeSpan,
} from './coverage';
import type { NodeLife } from './inventory/node-lives';
import { joined, lengthOf, minutesTouched, without } from './minutes';
import { gapOf, NEAR, nodeMinutes, type ExpectedNode, type NodeCoverage, type Span } from './node-minutes';

export type { Span } from './node-minutes';

/** What is as new as this may still be on its way. */
const ON_ITS_WAY = 120_000_000_000n;
/** In milliseconds: gaps are of whole minutes. */
const A_MINUTE = 60_000;
/** Gaps that are named; the longest are. */
const MOST_GAPS = 1000;

const NO_CLUSTER = '(no cluster)';

/** What else is known of the time. */
export interface Beside {
  /** What Falco itself said that it lost. */
  readonly losses?: readonly CoverageLoss[];
  /** Sources without a canary, though others have one. */
  readonly unwatched?: readonly string[];
  /** Namespaces that were exempt at some time of it. */
  readonly exempt?: readonly ExemptSpan[];
  /** Which nodes there were when, where the inventory tells. */
  readonly lives?: readonly NodeLife[];
  /** Clusters that were asked about, or heard of, whether or not they have a canary. */
  readonly clusters?: readonly string[];
}

/** For what time canaries are wanted: a little more than what is asked for, so that its edges can be told. */
export function spanOfCanaries({ from, to }: Span): Span {
  return { from: from > NEAR ? from - NEAR : 0n, to: to + NEAR };
}

/** What is asked for without what is so new that nobody can know of it yet. */
export function knowable({ from, to }: Span, now: bigint): Span {
  const latest = now - ON_ITS_WAY;
  return { from, to: to < latest ? to : latest };
}

/**
 * Which share of the minutes of nodes is covered: of each node, the minutes that the time touches while it was there.
 *
 * When that was, the inventory tells, of nodes too that never wrote a canary. A node of which it tells nothing is expected from
 * its first canary to its last: nodes come and go. Which ones these are is told beside the share.
 */
export function measureCoverage(canaries: Canaries, span: Span, beside: Beside = {}): Coverage {
  const coverage = measured(canaries, span, beside);
  const { exempt = [], clusters = [] } = beside;
  const several = coverage.clusters ?? withoutCanaries(clusters);
  return {
    ...coverage,
    ...(exempt.length > 0 && { exempt }),
    ...(several.length > 1 && { clusters: several }),
  };
}

/** What is known of clusters that have no canary. */
export function withoutCanaries(clusters: readonly string[]): readonly ClusterCoverage[] {
  return [...new Set(clusters)].sort().map((cluster) => ({ cluster, nodes: 0 }));
}

function measured(canaries: Canaries, span: Span, beside: Beside): Coverage {
  if (canaries.isEmpty) return NOT_MEASURED;
  if (canaries.leftOut > 0)
    return { kind: 'unknown', why: 'there are more canary records than can be counted' };
  if (span.from >= span.to) return { kind: 'unknown', why: 'what was asked for is too new to be known' };
  const heard = canaries.nodes();
  const nodes = expectedNodes(heard, beside.lives ?? []);
  const several = new Set(nodes.map(({ cluster }) => cluster)).size > 1;
  const minutes = nodes.flatMap((node) => {
    const found = nodeMinutes(node, nameOf(node, several), span);
    return found === undefined ? [] : [{ ...found, cluster: node.cluster }];
  });
  // Where nobody makes canaries, that there were nodes tells nothing of them.
  if (minutes.every(({ covered }) => covered === 0) && !heardNear(heard, span)) return NOT_MEASURED;
  const silent = silences(minutes, span, several);
  const gaps = [...minutes.flatMap((node) => node.gaps), ...silent.flatMap((each) => each.gaps)];
  const named = longest(gaps);
  return {
    kind: 'measured',
    nodeMinutes: {
      expected: sum([...minutes, ...silent].map(({ expected }) => expected)),
      covered: sum(minutes.map(({ covered }) => covered)),
    },
    nodes: minutes.length,
    gaps: named,
    moreGaps: gaps.length - named.length,
    partly: minutes.flatMap(({ partly, cluster }) => {
      const within = silent.filter((each) => each.cluster === cluster).flatMap((each) => each.gaps);
      return (partly && withoutSilence(partly, within, span)) ?? [];
    }),
    losses: (beside.losses ?? []).filter(
      ({ from, to }) => from.getTime() < ms(span.to) && to.getTime() >= ms(span.from),
    ),
    unwatched: beside.unwatched ?? [],
    exempt: [],
    ...clustersOf(minutes, silent, beside.clusters ?? []),
  };
}

/** Each cluster with its share; of one alone nothing. */
function clustersOf(
  nodes: readonly (NodeCoverage & { readonly cluster: string | undefined })[],
  silent: readonly Silence[],
  others: readonly string[],
): Pick<Coverage, 'clusters'> {
  const watched = [...new Set(nodes.map(({ cluster }) => cluster))];
  const clusters = watched.map((cluster) => {
    const own = nodes.filter((node) => node.cluster === cluster);
    const all = [...own, ...silent.filter((each) => each.cluster === cluster)];
    const [expected, covered] = [sum(all.map((each) => each.expected)), sum(own.map((each) => each.covered))];
    return { cluster: cluster ?? NO_CLUSTER, nodes: own.length, nodeMinutes: { expected, covered } };
  });
  const further = withoutCanaries(others.filter((cluster) => !watched.includes(cluster)));
  const all = [...clusters, ...further].sort((a, b) => (a.cluster < b.cluster ? -1 : 1));
  return all.length > 1 ? { clusters: all } : {};
}

/** Whether any node was heard of on both sides of the time, or in it. */
function heardNear(nodes: readonly CanaryNode[], span: Span): boolean {
  return nodes.some((node) => nodeMinutes({ ticks: node.ticks(), lives: [] }, '', span) !== undefined);
}

/** Those that were heard of, and those that only the inventory tells of. */
function expectedNodes(
  heard: readonly CanaryNode[],
  lives: readonly NodeLife[],
): readonly (ExpectedNode & NodeName)[] {
  const byNode = new Map<string, NodeLife[]>();
  for (const life of lives) {
    const others = byNode.get(life.node);
    if (others === undefined) byNode.set(life.node, [life]);
    else others.push(life);
  }
  const found = new Set<NodeLife>();
  const nodes = heard.map(({ cluster, node, ticks }) => {
    // Files may not say of which cluster they are.
    const own = (byNode.get(node) ?? []).filter((life) => cluster === undefined || life.cluster === cluster);
    for (const life of own) found.add(life);
    return { cluster: cluster ?? own[0]?.cluster, node, ticks: ticks(), lives: own };
  });
  const others = new Map<string, NodeLife[]>();
  for (const life of lives.filter((each) => !found.has(each))) {
    const key = `${life.cluster}\0${life.node}`;
    others.set(key, [...(others.get(key) ?? []), life]);
  }
  const silent = [...others.values()].flatMap((own) => {
    const [{ cluster, node } = { cluster: undefined, node: '' }] = own;
    return { cluster, node, ticks: [], lives: own };
  });
  return [...nodes, ...silent];
}

/** Time in which no node of a cluster is known to have been there. */
interface Silence {
  readonly cluster: string | undefined;
  /** In minutes of all nodes that are known of other times. */
  readonly expected: number;
  readonly gaps: readonly CoverageGap[];
}

/** Nodes come and go, but a cluster of which nothing is heard at all is not covered. */
function silences(
  nodes: readonly (NodeCoverage & { readonly cluster: string | undefined })[],
  span: Span,
  several: boolean,
): readonly Silence[] {
  return [...new Set(nodes.map(({ cluster }) => cluster))].map((cluster) => {
    const own = nodes.filter((node) => node.cluster === cluster);
    const silent = without([minutesTouched(span.from, span.to)], joined(own.flatMap(({ known }) => known)));
    const what = nameOf({ cluster, node: 'all nodes' }, several);
    const gaps = silent.map((minutes) => gapOf(what, minutes, 'no node was heard of'));
    return { cluster, expected: own.length * lengthOf(silent), gaps };
  });
}

/** What is not known of a node, beyond times in which no other was heard of either; `undefined` if that is nothing. */
function withoutSilence(
  { what, from, to }: NodeSpan,
  silent: readonly CoverageGap[],
  span: Span,
): NodeSpan | undefined {
  const isSilent = (begin: number, end: number): boolean =>
    silent.some((gap) => gap.from.getTime() < begin + A_MINUTE && gap.to.getTime() > end - A_MINUTE);
  const began = from === undefined || isSilent(ms(span.from), from.getTime()) ? undefined : from;
  const ended = to === undefined || isSilent(to.getTime(), ms(span.to)) ? undefined : to;
  if (began === undefined && ended === undefined) return undefined;
  return { what, ...(began && { from: began }), ...(ended && { to: ended }) };
}

/** The longest of them, in the order of time. */
function longest(gaps: readonly CoverageGap[]): readonly CoverageGap[] {
  const length = ({ from, to }: CoverageGap): number => to.getTime() - from.getTime();
  return [...gaps]
    .sort((a, b) => length(b) - length(a))
    .slice(0, MOST_GAPS)
    .sort((a, b) => a.from.getTime() - b.from.getTime() || (a.what < b.what ? -1 : Number(a.what > b.what)));
}

/** A node, with its cluster where there are several. */
function nameOf({ cluster, node }: NodeName, several: boolean): string {
  return several ? `${cluster ?? NO_CLUSTER}/${node}` : node;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}

function ms(time: bigint): number {
  return Number(time / 1_000_000n);
}
