import type { Range } from './characters';
import { RegexError } from './error';
import type { Regex } from './parse';

/** One step of a program; `next` and `other` are indexes of steps. */
type Step =
  | { readonly kind: 'match' }
  | { readonly kind: 'class'; readonly ranges: readonly Range[]; next: number }
  | { readonly kind: 'line start' | 'line end' | 'jump'; next: number }
  | { readonly kind: 'split'; next: number; other: number };

/** Steps that decide a whole text, tried side by side; the first one is where it starts. */
export interface Program {
  readonly steps: readonly Step[];
  readonly start: number;
}

/** About where RE2 refuses a pattern, with its default of 8 MB; a count of bytes there, an estimate here. */
const MOST_STEPS = 170_000;

/** @throws {@link RegexError} where it would be too large for RE2 */
export function compileProgram(regex: Regex): Program {
  const steps: Step[] = [{ kind: 'match' }];
  let size = 0;
  const add = (step: Step, cost = 1): number => {
    size += cost;
    if (size > MOST_STEPS) throw new RegexError('is too large for RE2', 'repeat fewer times');
    return steps.push(step) - 1;
  };

  /** Adds the steps of a part that go on to `next`; answers where they start. */
  const emit = (part: Regex, next: number): number => {
    switch (part.kind) {
      case 'empty':
        return next;
      case 'line start':
      case 'line end':
        return add({ kind: part.kind, next });
      case 'class':
        return add({ kind: 'class', ranges: part.ranges, next }, byteSteps(part.ranges));
      case 'sequence':
        return part.parts.reduceRight((after, inner) => emit(inner, after), next);
      case 'choice':
        return part.parts
          .map((inner) => emit(inner, next))
          .reduceRight((other, start) => add({ kind: 'split', next: start, other }));
      case 'repeat':
        return repeat(part, next);
    }
  };

  const repeat = ({ part, least, most }: Extract<Regex, { kind: 'repeat' }>, next: number): number => {
    let start = next;
    if (most === Infinity) {
      const loop: Extract<Step, { kind: 'split' }> = { kind: 'split', next, other: next };
      start = add(loop);
      loop.next = emit(part, start);
    } else {
      for (let optional = least; optional < most; optional++) {
        start = add({ kind: 'split', next: emit(part, start), other: next });
      }
    }
    for (let required = 0; required < least; required++) start = emit(part, start);
    return start;
  };

  return { start: emit(regex, 0), steps };
}

/** How many steps RE2 would need for a class, byte by byte of UTF-8; an estimate. */
function byteSteps(ranges: readonly Range[]): number {
  const beyondAscii = ranges.some(([, high]) => high > 0x7f);
  return Math.max(1, 2 * ranges.length - 1) + (beyondAscii ? 8 : 0);
}
