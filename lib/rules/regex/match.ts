import { NEWLINE } from './characters';
import type { Program } from './program';

/** How many states are kept before all are forgotten and found anew: bounds the memory, not the answer. */
const MOST_STATES = 2_000;

/** Where a text may stand in the program after some of its characters. */
interface State {
  readonly seeds: readonly number[];
  /** Whether a line starts here. */
  readonly lineStart: boolean;
  /** Where each kind of character leads; filled as texts need it. */
  readonly after: (State | undefined)[];
  /** Whether a text that ends here matches. */
  accepts: boolean | undefined;
}

/** Decides whole texts, in time that grows with the text's length only: a deterministic automaton, built as needed. */
export function matcher(program: Program): (text: string) => boolean {
  const { steps } = program;
  const kinds = new CharacterKinds(program);
  let states = new Map<string, State>();
  const visited = new Int32Array(steps.length);
  let visit = 0;

  const stateOf = (seeds: readonly number[], lineStart: boolean): State => {
    const key = `${lineStart ? '^' : ''}${seeds.join()}`;
    const known = states.get(key);
    if (known !== undefined) return known;
    if (states.size >= MOST_STATES) {
      states = new Map();
      start = undefined;
    }
    const state: State = { seeds, lineStart, after: [], accepts: undefined };
    states.set(key, state);
    return state;
  };

  /** The steps that wait for a character, or the match, that can be reached without one. */
  const reach = (state: State, lineEnd: boolean): number[] => {
    visit++;
    const waiting: number[] = [];
    const open = [...state.seeds];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (visited[index] === visit) continue;
      visited[index] = visit;
      const step = steps[index];
      switch (step?.kind) {
        case undefined:
          break;
        case 'match':
        case 'class':
          waiting.push(index);
          break;
        case 'line start':
          if (state.lineStart) open.push(step.next);
          break;
        case 'line end':
          if (lineEnd) open.push(step.next);
          break;
        case 'jump':
          open.push(step.next);
          break;
        case 'split':
          open.push(step.next, step.other);
      }
    }
    return waiting;
  };

  const advance = (state: State, kind: number): State => {
    const sample = kinds.sampleOf(kind);
    const next = new Set<number>();
    for (const index of reach(state, sample === NEWLINE)) {
      const step = steps[index];
      if (step?.kind !== 'class') continue;
      if (step.ranges.some(([low, high]) => low <= sample && sample <= high)) next.add(step.next);
    }
    return (state.after[kind] = stateOf(
      [...next].sort((a, b) => a - b),
      sample === NEWLINE,
    ));
  };

  let start: State | undefined;
  return (text) => {
    let state = (start ??= stateOf([program.start], true));
    for (let at = 0; at < text.length; at++) {
      let code = text.charCodeAt(at);
      if (code >= 0xd800 && code < 0xdc00) {
        code = text.codePointAt(at) ?? code;
        if (code > 0xffff) at++;
      }
      const kind = kinds.kindOf(code);
      state = state.after[kind] ?? advance(state, kind);
      if (state.seeds.length === 0) return false;
    }
    return (state.accepts ??= reach(state, true).includes(0));
  };
}

/** Sorts characters into kinds that no class of the program tells apart. */
class CharacterKinds {
  /** Where each kind starts, ascending. */
  private readonly starts: readonly number[];
  private readonly ascii = new Uint16Array(0x80);

  constructor(program: Program) {
    const starts = new Set([0, NEWLINE, NEWLINE + 1]);
    for (const step of program.steps) {
      if (step.kind !== 'class') continue;
      for (const [low, high] of step.ranges) starts.add(low).add(high + 1);
    }
    this.starts = [...starts].sort((a, b) => a - b);
    for (let code = 0; code < 0x80; code++) this.ascii[code] = this.search(code);
  }

  kindOf(code: number): number {
    return code < 0x80 ? (this.ascii[code] ?? 0) : this.search(code);
  }

  /** A character of the kind. */
  sampleOf(kind: number): number {
    return this.starts[kind] ?? 0;
  }

  private search(code: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? Infinity) <= code) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
