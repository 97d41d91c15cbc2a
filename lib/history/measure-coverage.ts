import { TICK, TICKS_OF_MINUTE, type Canaries, type CanaryNode, type NodeName } from './canaries';
import {
  NOT_MEASURED,
  type Coverage,
  type CoverageGap,
  type CoverageLoss,
  type ExemptSpan,
  type NodeSpan,
} from './coverage';

/** A time in nanoseconds since 1970: `from` is within, `to` is not. */
export interface Span {
  readonly from: bigint;
  readonly to: bigint;
}

/**
 * Between two canaries that are no further apart nothing is missing: they come every 60 seconds, a little early or late, so
 * a minute may fall between two of them.
 */
const NEAR = 90_000_000_000n;
/** The same in ticks. */
const NEAR_TICKS = Number(NEAR / TICK);
/** What is as new as this may still be on its way. */
const ON_ITS_WAY = 120_000_000_000n;
const MINUTE = 60_000_000_000n;
const MILLISECONDS_OF_MINUTE = 60_000;
/** Gaps that are named; the longest are. */
const MOST_GAPS = 1000;

/** What else is known of the time. */
export interface Beside {
  /** What Falco itself said that it lost. */
  readonly losses?: readonly CoverageLoss[];
  /** Sources without a canary, though others have one. */
  readonly unwatched?: readonly string[];
  /** Namespaces that were exempt at some time of it. */
  readonly exempt?: readonly ExemptSpan[];
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
 * Which share of the minutes of nodes is covered: of each node, the minutes that the time touches, from the first to the last
 * canary that is known of it. A minute is covered by a canary in it, or by one before and one after that are near each other.
 *
 * A node is not expected before its first canary and after its last: nodes come and go, and nothing here says when. Which
 * ones these are is told beside the share.
 */
export function measureCoverage(canaries: Canaries, span: Span, beside: Beside = {}): Coverage {
  const coverage = measured(canaries, span, beside);
  const { exempt = [] } = beside;
  return exempt.length === 0 ? coverage : { ...coverage, exempt };
}

function measured(canaries: Canaries, span: Span, beside: Beside): Coverage {
  if (canaries.isEmpty) return NOT_MEASURED;
  if (canaries.leftOut > 0)
    return { kind: 'unknown', why: 'there are more canary records than can be counted' };
  if (span.from >= span.to) return { kind: 'unknown', why: 'what was asked for is too new to be known' };
  const nodes = canaries.nodes();
  const several = new Set(nodes.map(({ cluster }) => cluster)).size > 1;
  const minutes = nodes.flatMap((node) => minutesOf(node, nameOf(node, several), span) ?? []);
  if (minutes.length === 0) return NOT_MEASURED;
  const gaps = minutes.flatMap((node) => node.gaps);
  const named = longest(gaps);
  return {
    kind: 'measured',
    nodeMinutes: {
      expected: sum(minutes.map(({ expected }) => expected)),
      covered: sum(minutes.map(({ covered }) => covered)),
    },
    nodes: minutes.length,
    gaps: named,
    moreGaps: gaps.length - named.length,
    partly: minutes.flatMap(({ partly }) => partly ?? []),
    losses: (beside.losses ?? []).filter(
      ({ from, to }) => from.getTime() < ms(span.to) && to.getTime() >= ms(span.from),
    ),
    unwatched: beside.unwatched ?? [],
    exempt: [],
  };
}

interface NodeCoverage {
  readonly expected: number;
  readonly covered: number;
  readonly gaps: readonly CoverageGap[];
  readonly partly: NodeSpan | undefined;
}

/** Of one node; `undefined` where all that is known of it lies on one side of the time. */
function minutesOf(node: CanaryNode, what: string, span: Span): NodeCoverage | undefined {
  const [firstMinute, lastMinute] = [Number(span.from / MINUTE), Number((span.to - 1n) / MINUTE)];
  let [first, last] = [-1, -1];
  let covered = 0;
  // The first minute of which nothing is known yet.
  let next = firstMinute;
  const gaps: CoverageGap[] = [];
  for (const tick of node.ticks()) {
    const minute = Math.floor(tick / TICKS_OF_MINUTE);
    if (first < 0) {
      first = tick;
      next = Math.max(firstMinute, minute);
    }
    const isNear = last >= 0 && tick - last <= NEAR_TICKS;
    last = tick;
    const until = Math.min(minute, lastMinute + 1);
    // Minutes between this one and the one before it.
    if (next < until) {
      if (isNear) covered += until - next;
      else gaps.push(gapOf(what, next, until));
      next = until;
    }
    if (minute >= next && minute <= lastMinute) {
      covered++;
      next = minute + 1;
    }
  }
  const [begin, end] = [Math.floor(first / TICKS_OF_MINUTE), Math.floor(last / TICKS_OF_MINUTE)];
  if (end < firstMinute || begin > lastMinute) return undefined;
  const expected = Math.min(end, lastMinute) - Math.max(begin, firstMinute) + 1;
  return { expected, covered, gaps, partly: partOf(what, first, last, span) };
}

/** Of a node that was heard of only for a part of the time. */
function partOf(what: string, first: number, last: number, { from, to }: Span): NodeSpan | undefined {
  const [began, ended] = [BigInt(first) * TICK, BigInt(last + 1) * TICK];
  const isLate = began > from + NEAR;
  const isEarly = ended < to - NEAR;
  if (!isLate && !isEarly) return undefined;
  return {
    what,
    ...(isLate && { from: new Date(ms(began)) }),
    ...(isEarly && { to: new Date(ms(ended)) }),
  };
}

function gapOf(what: string, from: number, to: number): CoverageGap {
  const at = (minute: number): Date => new Date(minute * MILLISECONDS_OF_MINUTE);
  return { what, from: at(from), to: at(to), why: 'no canary' };
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
  return several ? `${cluster ?? '(no cluster)'}/${node}` : node;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}

function ms(time: bigint): number {
  return Number(time / 1_000_000n);
}
