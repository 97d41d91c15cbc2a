import { printMinute } from './time';

/** A time in which a node, or all of one thing, was not watched. */
export interface CoverageGap {
  /** What was not watched: a node's name. */
  readonly what: string;
  readonly from: Date;
  readonly to: Date;
  readonly why: string;
}

/** A time in which Falco itself said that it lost events: what it saw of the node then is not all. */
export interface CoverageLoss {
  /** The node. */
  readonly what: string;
  readonly from: Date;
  readonly to: Date;
  /** How many, as far as it said: it speaks up twice a minute at most. */
  readonly events: number;
}

/** A node that was heard of for the first time, or for the last, within the time that was asked for. */
export interface NodeSpan {
  readonly what: string;
  readonly from?: Date;
  readonly to?: Date;
}

/** A namespace whose label exempted it from our rules: nothing is seen of what its Pods did then. */
export interface ExemptSpan {
  /** Its name; with the cluster's where there are several. */
  readonly what: string;
  /** The label with its value. */
  readonly label: string;
  /** The program that set the label. */
  readonly by?: string;
  /** If it began, or ended, within the time that was asked for. */
  readonly from?: Date;
  readonly to?: Date;
}

interface NodeMinutes {
  readonly expected: number;
  readonly covered: number;
}

/** How much of one cluster is covered, where there are several. */
export interface ClusterCoverage {
  readonly cluster: string;
  /** How many of its nodes were heard of, or told of. */
  readonly nodes: number;
  /** `undefined` where it has no canary, so that nothing is known. */
  readonly nodeMinutes?: NodeMinutes;
}

/**
 * How much of what was asked for could have been seen: "no rows" is "nobody" only as far as this goes. It is measured in
 * minutes of nodes, by records that each node must have written every minute.
 */
export type Coverage =
  | {
      readonly kind: 'unknown';
      readonly why: string;
      readonly exempt?: readonly ExemptSpan[];
      readonly clusters?: readonly ClusterCoverage[];
    }
  | {
      readonly kind: 'measured';
      readonly nodeMinutes: NodeMinutes;
      /** How many nodes were heard of. */
      readonly nodes: number;
      /** In the order of time; the longest, where there are very many. */
      readonly gaps: readonly CoverageGap[];
      /** How many more there are. */
      readonly moreGaps: number;
      /** Nodes that may have been there, unwatched, before or after. */
      readonly partly: readonly NodeSpan[];
      readonly losses: readonly CoverageLoss[];
      /** Sources of alerts in which there is no such record, so that nothing is known of theirs. */
      readonly unwatched: readonly string[];
      readonly exempt: readonly ExemptSpan[];
      /** By their names, where there are several. */
      readonly clusters?: readonly ClusterCoverage[];
    };

/** There are no records of canaries: `collector.canary.enabled` makes them. */
export const NOT_MEASURED = { kind: 'unknown', why: 'no canary records' } as const satisfies Coverage;

/** Of each kind so many are named in a line; all stand in JSON, and on pages. */
const MOST_NAMED = 5;

/** Of clusters more are: which of them was watched is what was asked. */
const MOST_CLUSTERS = 50;

/** In one line, for people. */
export function coverageText(coverage: Coverage): string {
  const exempt = exemptText(exemptIn(coverage));
  const clusters = clustersIn(coverage);
  if (coverage.kind === 'unknown') {
    const of =
      clusters.length === 0
        ? ''
        : ` of ${some(clusters.map(nameOf), 'cluster', 0, MOST_CLUSTERS).join(', ')}`;
    return [`coverage unknown${of}: ${coverage.why}`, ...exempt.map((text) => `not covered: ${text}`)].join(
      '; ',
    );
  }
  const { nodeMinutes, unwatched } = coverage;
  const not = [
    ...exempt,
    ...unwatched.map((source) => `${source} (no canary records)`),
    ...some(longestFirst(coverage.gaps).map(gapText), 'gap', coverage.moreGaps),
  ];
  const tail = not.length === 0 ? '' : `; not covered: ${not.join('; ')}`;
  const each = some(clusters.map(clusterText), 'cluster', 0, MOST_CLUSTERS).join(', ');
  const of = each === '' ? '' : ` (${each})`;
  return `covered: ${coveredShare(nodeMinutes)} of node-minutes${of}${tail}${besideText(coverage)}`;
}

/** The clusters that were asked about, each with its coverage; none where there is one alone. */
function clustersIn({ clusters = [] }: Coverage): readonly ClusterCoverage[] {
  return clusters;
}

/** A cluster with its share. */
function clusterText({ cluster, nodeMinutes }: ClusterCoverage): string {
  return nodeMinutes === undefined
    ? `${cluster} unknown: ${NOT_MEASURED.why}`
    : `${cluster} ${coveredShare(nodeMinutes)}`;
}

function nameOf({ cluster }: ClusterCoverage): string {
  return cluster;
}

/** For programs: times as RFC 3339. */
export function coverageAsJson(coverage: Coverage): object {
  const told = ({ from, to, ...rest }: Pick<NodeSpan, 'from' | 'to'>): object => ({
    ...rest,
    ...(from !== undefined && { from: from.toISOString() }),
    ...(to !== undefined && { to: to.toISOString() }),
  });
  const exempt = exemptIn(coverage).map(told);
  if (coverage.kind === 'unknown') return exempt.length === 0 ? coverage : { ...coverage, exempt };
  const { gaps, partly, losses } = coverage;
  return { ...coverage, gaps: gaps.map(told), partly: partly.map(told), losses: losses.map(told), exempt };
}

/** The namespaces of which nothing is seen, whether or not the rest is measured. */
export function exemptIn({ exempt = [] }: Coverage): readonly ExemptSpan[] {
  return exempt;
}

type Measured = Extract<Coverage, { readonly kind: 'measured' }>;

/** What the share doesn't say. */
function besideText({ partly, losses }: Measured): string {
  return [
    ...list('not known', partly.map(partText), 'node'),
    ...list('events lost by Falco', losses.map(lossText), 'time'),
  ].join('');
}

function list(head: string, items: readonly string[], what: string): readonly string[] {
  return items.length === 0 ? [] : [`; ${head}: ${some(items, what).join('; ')}`];
}

function some(items: readonly string[], what: string, further = 0, most = MOST_NAMED): readonly string[] {
  const more = items.length - most + further;
  if (items.length <= most && further === 0) return items;
  return [...items.slice(0, most), `and ${more} ${more === 1 ? what : `${what}s`} more`];
}

function longestFirst(gaps: readonly CoverageGap[]): readonly CoverageGap[] {
  if (gaps.length <= MOST_NAMED) return gaps;
  const length = ({ from, to }: CoverageGap): number => to.getTime() - from.getTime();
  return [...gaps].sort((a, b) => length(b) - length(a));
}

/** Those that were exempt all the time by their names alone. */
function exemptText(exempt: readonly ExemptSpan[]): readonly string[] {
  if (exempt.length === 0) return [];
  return [`namespaces ${some(exempt.map(exemptSpanText), 'namespace').join(', ')} (exempt)`];
}

/** A namespace, and what is known of its exemption where it began or ended meanwhile. */
export function exemptSpanText({ what, by, from, to }: ExemptSpan): string {
  return [
    what,
    ...(from === undefined ? [] : [`from ${printMinute(from)}${by === undefined ? '' : ` by ${by}`}`]),
    ...(to === undefined ? [] : [`until ${printMinute(to)}`]),
  ].join(' ');
}

function gapText({ what, from, to, why }: CoverageGap): string {
  return `${what}, ${printMinute(from)}–${untilText(from, to)} (${why})`;
}

/** A node is only known to have been there while it was heard of. */
export function partText({ what, from, to }: NodeSpan): string {
  const times = [
    ...(from === undefined ? [] : [`before ${printMinute(from)}`]),
    ...(to === undefined ? [] : [`after ${printMinute(to)}`]),
  ];
  return `${what} ${times.join(' and ')} (gone, or not watched)`;
}

/** What Falco lost of one node. */
export function lossText({ what, from, to, events }: CoverageLoss): string {
  return `${what}, ${printMinute(from)}–${untilText(from, to)} (${events} or more)`;
}

/** Rounded down: what isn't covered is never rounded away. */
export function coveredShare({ expected, covered }: NodeMinutes): string {
  if (expected <= 0) return '0 %';
  const hundredths = Math.floor((10_000 * covered) / expected);
  return `${(hundredths / 100).toFixed(2)} %`;
}

function untilText(from: Date, to: Date): string {
  const [day, other] = [printMinute(from), printMinute(to)];
  return day.slice(0, 10) === other.slice(0, 10) ? other.slice(11) : other;
}
