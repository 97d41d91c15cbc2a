import type { FieldCatalogue } from '../fields/field';
import type { Comparison, Condition, Exists, FieldReference, MacroDefinition } from '../language/ast';
import { ConditionError } from '../language/condition-error';
import { printCondition } from '../language/print';
import { comparisonOf, existenceOf } from './comparison';
import type { Event, FieldValue } from './event';
import { ancestors, ANCESTOR_FIELDS } from './read/ancestors';
import { argumentsReader } from './read/event-arguments';
import { fieldKey, fieldReader, type Context } from './read/field';
import { heldFields } from './read/held-fields';

/** Why a condition is true or false of an event: a tree as the condition is one. */
export type Explanation = ExplainedConnective | ExplainedNegation | ExplainedMacro | ExplainedCheck;

interface Explained {
  readonly result: boolean;
  /**
   * Whether the result of the whole is owed to this part: of a false `and` those parts that are false, of a true one all
   * of them. What doesn't decide could be otherwise without a change of the whole.
   */
  readonly decides: boolean;
}

interface ExplainedConnective extends Explained {
  readonly kind: 'and' | 'or';
  readonly operands: readonly Explanation[];
}

interface ExplainedNegation extends Explained {
  readonly kind: 'not';
  readonly operand: Explanation;
}

interface ExplainedMacro extends Explained {
  readonly kind: 'macro';
  readonly name: string;
  readonly definition: Explanation;
}

/** A comparison, or `exists`. */
export interface ExplainedCheck extends Explained {
  readonly kind: 'check';
  /** As {@link printCondition} prints it. */
  readonly text: string;
  /** What the event holds in the fields that it looks at; `null` where there is no value. */
  readonly values: readonly { readonly field: string; readonly value: FieldValue }[];
}

/**
 * Explains what a condition says of an event.
 *
 * @param condition checked before, its macros resolved
 * @throws {@link ConditionError} if a macro isn't resolved or there is no such field
 */
export function explain(condition: Condition, event: Event, catalogue: FieldCatalogue): Explanation {
  return new Explainer(event, catalogue).explain(condition, true);
}

/** A part with its result, before it is known whether it decides. */
type Evaluated = (decides: boolean) => Explanation;

class Explainer {
  private readonly context: Context;
  private readonly macros = new Map<MacroDefinition, { result: boolean; explained: Evaluated }>();

  constructor(
    private readonly event: Event,
    catalogue: FieldCatalogue,
  ) {
    this.context = { catalogue, arguments: argumentsReader(catalogue) };
  }

  explain(condition: Condition, decides: boolean): Explanation {
    return this.evaluate(condition).explained(decides);
  }

  private evaluate(condition: Condition): { result: boolean; explained: Evaluated } {
    switch (condition.kind) {
      case 'and':
      case 'or': {
        const { kind } = condition;
        const parts = condition.operands.map((operand) => this.evaluate(operand));
        const result =
          kind === 'and' ? parts.every((part) => part.result) : parts.some((part) => part.result);
        const explained: Evaluated = (decides) => ({
          kind,
          result,
          decides,
          operands: parts.map((part) => part.explained(decides && part.result === result)),
        });
        return { result, explained };
      }
      case 'not': {
        const part = this.evaluate(condition.operand);
        const result = !part.result;
        return {
          result,
          explained: (decides) => ({ kind: 'not', result, decides, operand: part.explained(decides) }),
        };
      }
      case 'macro':
        return this.macro(condition.name, condition.definition, condition);
      default:
        return this.check(condition);
    }
  }

  private macro(
    name: string,
    definition: MacroDefinition | undefined,
    span: { start: number; end: number },
  ): { result: boolean; explained: Evaluated } {
    if (definition === undefined) {
      throw new ConditionError('LOAD_ERR_VALIDATE', `Undefined macro '${name}' used in filter.`, span);
    }
    const known = this.macros.get(definition);
    if (known !== undefined) return known;
    const { result, explained } = this.evaluate(definition.condition);
    const both = new Map<boolean, Explanation>();
    const named = {
      result,
      explained: (decides: boolean): Explanation => {
        const before = both.get(decides);
        if (before !== undefined) return before;
        const now: Explanation = { kind: 'macro', name, result, decides, definition: explained(decides) };
        both.set(decides, now);
        return now;
      },
    };
    this.macros.set(definition, named);
    return named;
  }

  private check(check: Comparison | Exists): { result: boolean; explained: Evaluated } {
    const passes =
      check.kind === 'exists' ? existenceOf(check, this.context) : comparisonOf(check, this.context);
    const result = passes(this.event);
    return {
      result,
      explained: (decides) => ({
        kind: 'check',
        result,
        decides,
        text: printCondition(check),
        values: heldFields(check).map((field) => ({ field: fieldKey(field), value: this.valueOf(field) })),
      }),
    };
  }

  private valueOf(field: FieldReference): FieldValue {
    if (field.argument === undefined && ANCESTOR_FIELDS.has(field.name)) {
      const all = ancestors(field.name, this.event);
      return all.length === 0 ? null : all;
    }
    return fieldReader(field, this.context)(this.event) ?? null;
  }
}
