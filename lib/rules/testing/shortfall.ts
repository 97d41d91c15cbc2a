import type { ExplainedCheck, Explanation } from '../evaluate/explain';

/** A comparison on which the outcome hangs, and the macros in which it stands, outermost first. */
export interface DecidingCheck {
  readonly check: ExplainedCheck;
  readonly macros: readonly string[];
}

/**
 * The least that would have to be otherwise for a condition to come out otherwise: of a false `and` what makes each false
 * part false, of a false `or` that part which comes closest.
 */
export function shortfallOf(explanation: Explanation): readonly DecidingCheck[] {
  return new Shortfalls().of(explanation).map(({ check, macros }) => ({ check, macros }));
}

class Shortfalls {
  /** A macro that is used often is one part, met again and again. */
  private readonly known = new Map<Explanation, readonly DecidingCheck[]>();

  of(part: Explanation): readonly DecidingCheck[] {
    const known = this.known.get(part);
    if (known !== undefined) return known;
    const found = this.find(part);
    this.known.set(part, found);
    return found;
  }

  private find(part: Explanation): readonly DecidingCheck[] {
    switch (part.kind) {
      case 'check':
        return [{ check: part, macros: [] }];
      case 'not':
        return this.of(part.operand);
      case 'macro':
        return this.of(part.definition).map(({ check, macros }) => ({
          check,
          macros: [part.name, ...macros],
        }));
      default: {
        const all = part.operands.filter(({ result }) => result === part.result).map((each) => this.of(each));
        // All parts that make a false `and` false, or a true `or` true, must change; of the others one is enough.
        if (part.kind === (part.result ? 'or' : 'and')) return unique(all.flat());
        return all.reduce((least, each) => (each.length < least.length ? each : least), all[0] ?? []);
      }
    }
  }
}

/** Two parts may ask the same. */
function unique(checks: readonly DecidingCheck[]): readonly DecidingCheck[] {
  return [...new Map(checks.map((each) => [each.check.text, each])).values()];
}
