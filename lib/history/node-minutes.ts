import { TICK, TICKS_OF_MINUTE } from './canaries';
import type { CoverageGap, NodeSpan } from './coverage';
import type { NodeLife } from './inventory/node-lives';
import { joined, lengthOf, minutesTouched, within, without, type Minutes } from './minutes';

/** A time in nanoseconds since 1970: `from` is within, `to` is not. */
export interface Span {
  readonly from: bigint;
  readonly to: bigint;
}

/**
 * Between two canaries that are no further apart nothing is missing: they come every 60 seconds, a little early or late, so
 * a minute may fall between two of them.
 */
export const NEAR = 90_000_000_000n;
/** The same in ticks. */
const NEAR_TICKS = Number(NEAR / TICK);
const MINUTE = 60_000_000_000n;
const MILLISECONDS_OF_MINUTE = 60_000;

/** A node: when it was heard of, and, where the inventory tells, when it was there. */
export interface ExpectedNode {
  readonly ticks: Iterable<number>;
  readonly lives: readonly NodeLife[];
}

/** How much is known of the minutes of a node. */
export interface NodeCoverage {
  /** Of when it is known whether it was there. */
  readonly known: readonly Minutes[];
  readonly expected: number;
  readonly covered: number;
  readonly gaps: readonly CoverageGap[];
  readonly partly: NodeSpan | undefined;
}

/**
 * Of one node; `undefined` where it was not there, as far as is known. It is expected while the inventory tells that it was
 * there, or else from its first to its last canary.
 */
export function nodeMinutes(
  { ticks, lives }: ExpectedNode,
  what: string,
  span: Span,
): NodeCoverage | undefined {
  const all = minutesTouched(span.from, span.to);
  const heard = heardIn(ticks);
  const expected = joined(within(all, [...thereBy(lives), ...thereByCanaries(heard, lives)]));
  if (expected.length === 0) return undefined;
  const missing = without(expected, heard?.runs ?? []);
  const count = lengthOf(expected);
  return {
    known: [...expected, ...knownBy(lives, all)],
    ...{ expected: count, covered: count - lengthOf(missing) },
    gaps: missing.map((minutes) => gapOf(what, minutes, 'no canary')),
    partly: partOf(what, heard, lives, span),
  };
}

function thereBy(lives: readonly NodeLife[]): readonly Minutes[] {
  return lives.map(({ from, to }) => minutesTouched(from, to));
}

/** Before it was made a node was not there, nor after its end, where somebody saw that. */
function knownBy(lives: readonly NodeLife[], [from, to]: Minutes): readonly Minutes[] {
  const last = lastOf(lives);
  if (last === undefined) return [];
  return within([from, to], [[from, last.isEndKnown ? to : minutesTouched(last.from, last.to)[1]]]);
}

/** A node of which the inventory tells nothing was there from first to last; so was one after it was told of, if not of its end. */
function thereByCanaries(heard: Heard | undefined, lives: readonly NodeLife[]): readonly Minutes[] {
  if (heard === undefined) return [];
  const [begin, end] = minutesOf(heard.first, heard.last);
  const last = lastOf(lives);
  if (last === undefined) return [[begin, end]];
  return last.isEndKnown ? heard.runs : [...heard.runs, [Number(last.to / MINUTE), end]];
}

function lastOf(lives: readonly NodeLife[]): NodeLife | undefined {
  return lives.reduce<NodeLife | undefined>(
    (last, life) => (last === undefined || life.to > last.to ? life : last),
    undefined,
  );
}

interface Heard {
  /** The first and the last tick. */
  readonly first: number;
  readonly last: number;
  /** Minutes that are covered, in order. */
  readonly runs: readonly Minutes[];
}

/** A minute is covered by a canary in it, or by one before and one after that are near each other. */
function heardIn(ticks: Iterable<number>): Heard | undefined {
  let [first, last, begin] = [-1, -1, -1];
  const runs: Minutes[] = [];
  for (const tick of ticks) {
    if (first < 0) first = begin = tick;
    else if (tick - last > NEAR_TICKS) {
      runs.push(minutesOf(begin, last));
      begin = tick;
    }
    last = tick;
  }
  if (first < 0) return undefined;
  runs.push(minutesOf(begin, last));
  return { first, last, runs };
}

function minutesOf(first: number, last: number): Minutes {
  return [Math.floor(first / TICKS_OF_MINUTE), Math.floor(last / TICKS_OF_MINUTE) + 1];
}

/** Of a node of which it is not known whether it was there all the time. */
function partOf(
  what: string,
  heard: Heard | undefined,
  lives: readonly NodeLife[],
  { from, to }: Span,
): NodeSpan | undefined {
  const last = lastOf(lives);
  const began = heard && BigInt(heard.first) * TICK;
  const heardUntil = heard === undefined ? 0n : BigInt(heard.last + 1) * TICK;
  const ended = last !== undefined && last.to > heardUntil ? last.to : heardUntil;
  const isLate = last === undefined && began !== undefined && began > from + NEAR;
  const isEarly = last?.isEndKnown !== true && ended < to - NEAR;
  if (!isLate && !isEarly) return undefined;
  return { what, ...(isLate && { from: dateAt(began) }), ...(isEarly && { to: dateAt(ended) }) };
}

/** Minutes in which something was not watched. */
export function gapOf(what: string, [from, to]: Minutes, why: string): CoverageGap {
  const at = (minute: number): Date => new Date(minute * MILLISECONDS_OF_MINUTE);
  return { what, from: at(from), to: at(to), why };
}

function dateAt(time: bigint): Date {
  return new Date(Number(time / 1_000_000n));
}
