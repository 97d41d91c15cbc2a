import type { Condition } from '../language/ast';
import { printCondition } from '../language/print';

/**
 * What an alert proves: its rule's condition was true, and with it some of its parts; of rules that Falco tried before,
 * the conditions were false. Parts are known by what they say, wherever they stand.
 */
export class Facts {
  private readonly known = new Map<string, boolean>();

  constructor(private readonly names: PartNames) {}

  /** Takes note that a condition was true, or false, and of what follows for its parts. */
  add(condition: Condition, result: boolean): void {
    this.known.set(this.names.of(condition), result);
    switch (condition.kind) {
      case 'and':
        if (result) for (const operand of condition.operands) this.add(operand, true);
        return;
      case 'or':
        if (!result) for (const operand of condition.operands) this.add(operand, false);
        return;
      case 'not':
        this.add(condition.operand, !result);
        return;
      case 'macro':
        if (condition.definition !== undefined) this.add(condition.definition.condition, result);
        return;
      default:
        return;
    }
  }

  of(condition: Condition): boolean | undefined {
    return this.known.get(this.names.of(condition));
  }
}

/** Names parts of conditions so that only parts that say the same have the same name. */
export class PartNames {
  private readonly texts = new WeakMap<Condition, string>();
  private readonly short = new Map<string, string>();

  of(condition: Condition): string {
    const known = this.texts.get(condition);
    if (known !== undefined) return known;
    const text = this.make(condition);
    // Short names keep those of large conditions from growing with each level.
    const name = this.short.get(text) ?? `#${this.short.size}`;
    this.short.set(text, name);
    this.texts.set(condition, name);
    return name;
  }

  private make(condition: Condition): string {
    switch (condition.kind) {
      case 'and':
      case 'or':
        return `${condition.kind} ${condition.operands.map((operand) => this.of(operand)).join(' ')}`;
      case 'not':
        return `not ${this.of(condition.operand)}`;
      case 'macro':
        return condition.definition === undefined
          ? `unknown ${condition.name}`
          : this.of(condition.definition.condition);
      default:
        return `check ${printCondition(condition)}`;
    }
  }
}
