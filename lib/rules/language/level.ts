import type { Condition, Span } from './ast';
import { ConditionError } from './condition-error';

/**
 * How deep a condition's tree may be, so that whoever walks it may recurse: by itself, and with its macros in place.
 * Parentheses that change nothing don't count.
 * Falco has no such limit.
 */
export const MAX_DEPTH = 1000;

/** Where an operand is to go: where it starts, and what stands before it. */
export interface Place {
  readonly start: number;
  /** Whether an odd number of `not` stands before it. */
  readonly negated: boolean;
  /** Whether it is an operand of `or` by itself: `a or(b)`. */
  readonly wholeAlternative: boolean;
}

/** Operands of `and` or of `or`, with what they span, parentheses included, and the depth of the deepest. */
class Operands {
  readonly #operands: Condition[] = [];
  #start = 0;
  #end = 0;
  #depth = 0;

  constructor(readonly kind: 'and' | 'or') {}

  get isEmpty(): boolean {
    return this.#operands.length === 0;
  }

  add(operand: Condition, depth: number, { start, end }: Span): void {
    if (this.isEmpty) this.#start = start;
    this.#end = end;
    this.#operands.push(operand);
    this.#depth = Math.max(this.#depth, depth);
  }

  /** The one operand, or the node that joins them. */
  join(): { readonly condition: Condition; readonly depth: number; readonly span: Span } {
    const span = { start: this.#start, end: this.#end };
    const [first, second] = this.#operands;
    if (first !== undefined && second === undefined) {
      return { condition: first, depth: this.#depth, span };
    }
    const depth = checkDepth(this.#depth + 1, span);
    return { condition: { kind: this.kind, operands: this.#operands, ...span }, depth, span };
  }
}

/** What has been read of a condition, or of what stands in parentheses. */
export class Level {
  readonly #alternatives = new Operands('or');
  #chain = new Operands('and');

  constructor(readonly outer?: { readonly level: Level; readonly place: Place }) {}

  /** Whether an `and` may come next. */
  get isInChain(): boolean {
    return !this.#chain.isEmpty;
  }

  /** The level within parentheses. */
  descend(place: Place): Level {
    return new Level({ level: this, place });
  }

  /** Adds a check, or what stood in parentheses. */
  add(operand: Condition, place: Place, end: number, depth = 1): void {
    const span = { start: place.start, end };
    const condition: Condition = place.negated ? { kind: 'not', operand, ...span } : operand;
    const depthHere = place.negated ? checkDepth(depth + 1, span) : depth;
    (place.wholeAlternative ? this.#alternatives : this.#chain).add(condition, depthHere, span);
  }

  /** Ends a chain of `and`: an `or` follows. */
  endChain(): void {
    if (this.#chain.isEmpty) return;
    const { condition, depth, span } = this.#chain.join();
    this.#alternatives.add(condition, depth, span);
    this.#chain = new Operands('and');
  }

  /** The condition of this level, which is at its end. */
  end(): { readonly condition: Condition; readonly depth: number } {
    this.endChain();
    return this.#alternatives.join();
  }
}

function checkDepth(depth: number, span: Span): number {
  if (depth <= MAX_DEPTH) return depth;
  throw new ConditionError(
    'LOAD_ERR_COMPILE_CONDITION',
    `the condition nests deeper than ${MAX_DEPTH} levels`,
    span,
    'move parts of it into macros',
  );
}
