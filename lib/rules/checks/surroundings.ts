import type { Comparison, Condition, Conjunction, Disjunction, Exists } from '../language/ast';
import { fieldsOfOperand } from '../language/walk';
import { factsOf, type Fact } from './facts';

/** Conditions may nest without end; what stands further out isn't looked at. */
const FAREST = 50;
/** Nor are more facts about one field. */
const MOST_FACTS = 50;

/** The chains of `and` around a part of a condition: what they say holds wherever the part counts. */
export class Surroundings {
  private index: Map<string, Fact[]> | undefined;

  private constructor(
    private readonly group: Conjunction | undefined,
    private readonly outer: Surroundings | undefined,
  ) {}

  /** Around a whole condition there is nothing. */
  static readonly NONE = new Surroundings(undefined, undefined);

  within(group: Conjunction): Surroundings {
    return new Surroundings(group, this);
  }

  /** What else must hold of a field, whatever its argument; but for what `check` itself says. */
  about(name: string, check: Comparison | Exists): Fact[] {
    const found: Fact[] = [];
    let around: Surroundings | undefined = this; // eslint-disable-line @typescript-eslint/no-this-alias
    for (let i = 0; around !== undefined && i < FAREST; i++, around = around.outer) {
      found.push(...(around.facts().get(name) ?? []).filter(({ checks }) => !checks.includes(check)));
    }
    return found;
  }

  private facts(): ReadonlyMap<string, readonly Fact[]> {
    if (this.index !== undefined) return this.index;
    const index = new Map<string, Fact[]>();
    for (const fact of this.group === undefined ? [] : factsOf(this.group)) {
      const names = new Set(fact.checks.flatMap(({ left }) => fieldsOfOperand(left)).map(({ name }) => name));
      for (const name of names) {
        const known = index.get(name) ?? [];
        if (known.length < MOST_FACTS) index.set(name, [...known, fact]);
      }
    }
    return (this.index = index);
  }
}

/** A part of a condition, as it is written. */
export interface Part {
  readonly node: Condition;
  readonly negated: boolean;
  readonly beside: Surroundings;
  /** The chain that it, or its `not`, is an operand of. */
  readonly chain: Conjunction | Disjunction | undefined;
}

/** The parts of a condition's own text, in its order. What macros stand for is not among them. */
export function* partsOf(condition: Condition): Generator<Part, undefined> {
  const open: Part[] = [{ node: condition, negated: false, beside: Surroundings.NONE, chain: undefined }];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    yield part;
    const { node, negated, beside, chain } = part;
    if (node.kind === 'not') open.push({ node: node.operand, negated: !negated, beside, chain });
    if (node.kind !== 'and' && node.kind !== 'or') continue;
    const around = node.kind === 'and' && !negated ? beside.within(node) : beside;
    for (const operand of node.operands.toReversed())
      open.push({ node: operand, negated, beside: around, chain: node });
  }
  return undefined;
}
