import type { FieldCatalogue } from '../fields/field';
import type { Comparison, Condition, MacroDefinition } from '../language/ast';
import { ConditionError } from '../language/condition-error';
import { comparisonOf, existenceOf, type Predicate } from './comparison';
import type { Event } from './event';
import { argumentsReader } from './read/event-arguments';
import type { Context } from './read/field';

/** A part of a condition, ready to run. */
interface Compiled {
  readonly passes: Predicate;
  /** How much work it is, roughly: cheap parts run first. No part has an effect, so the order doesn't show. */
  readonly cost: number;
  /** The event types without which it can't be true; `undefined` if any may do. */
  readonly types: ReadonlySet<string> | undefined;
}

/**
 * Makes a condition ready to be asked of many events, with Falco's semantics: a comparison with a field that has no value
 * is false, and so `not` before it is true.
 *
 * @param condition checked before, its macros resolved
 * @throws {@link ConditionError} if a macro isn't resolved or there is no such field
 */
export function compileCondition(condition: Condition, catalogue: FieldCatalogue): (event: Event) => boolean {
  const { passes, types } = new Compiler(catalogue).compile(condition);
  if (types === undefined) return passes;
  // Nearly all events are of types that the condition isn't about.
  return (event) => {
    const type = event['evt.type'];
    return typeof type === 'string' && types.has(type) && passes(event);
  };
}

class Compiler {
  private readonly context: Context;
  /** A macro that is used by many is compiled once. */
  private readonly macros = new Map<MacroDefinition, Compiled>();

  constructor(catalogue: FieldCatalogue) {
    this.context = { catalogue, arguments: argumentsReader(catalogue) };
  }

  compile(condition: Condition): Compiled {
    switch (condition.kind) {
      case 'and':
        return conjunction(condition.operands.map((operand) => this.compile(operand)));
      case 'or':
        return disjunction(condition.operands.map((operand) => this.compile(operand)));
      case 'not': {
        const { passes, cost } = this.compile(condition.operand);
        return { passes: (event) => !passes(event), cost, types: undefined };
      }
      case 'macro':
        return this.macro(condition.name, condition.definition, condition);
      case 'exists':
        return { passes: existenceOf(condition, this.context), cost: 1, types: undefined };
      case 'comparison':
        return {
          passes: comparisonOf(condition, this.context),
          cost: costOf(condition),
          types: typesOf(condition),
        };
    }
  }

  private macro(
    name: string,
    definition: MacroDefinition | undefined,
    span: { start: number; end: number },
  ): Compiled {
    if (definition === undefined) {
      throw new ConditionError('LOAD_ERR_VALIDATE', `Undefined macro '${name}' used in filter.`, span);
    }
    const known = this.macros.get(definition) ?? this.compile(definition.condition);
    this.macros.set(definition, known);
    return known;
  }
}

function conjunction(operands: readonly Compiled[]): Compiled {
  const sorted = operands.toSorted((a, b) => a.cost - b.cost);
  const known = sorted.flatMap(({ types }) => (types === undefined ? [] : [types]));
  const [first, ...others] = known;
  const types = first && new Set([...first].filter((type) => others.every((other) => other.has(type))));
  return { passes: allOf(sorted.map(({ passes }) => passes)), cost: sum(sorted), types };
}

function disjunction(operands: readonly Compiled[]): Compiled {
  const sorted = operands.toSorted((a, b) => a.cost - b.cost);
  const known = sorted.flatMap(({ types }) => (types === undefined ? [] : [...types]));
  const types = sorted.every((operand) => operand.types !== undefined) ? new Set(known) : undefined;
  return { passes: anyOf(sorted.map(({ passes }) => passes)), cost: sum(sorted), types };
}

function sum(parts: readonly Compiled[]): number {
  return parts.reduce((total, { cost }) => total + cost, 0);
}

function allOf(predicates: readonly Predicate[]): Predicate {
  const [first, second] = predicates;
  if (first !== undefined && second !== undefined && predicates.length === 2) {
    return (event) => first(event) && second(event);
  }
  return (event) => {
    for (const passes of predicates) if (!passes(event)) return false;
    return true;
  };
}

function anyOf(predicates: readonly Predicate[]): Predicate {
  const [first, second] = predicates;
  if (first !== undefined && second !== undefined && predicates.length === 2) {
    return (event) => first(event) || second(event);
  }
  return (event) => {
    for (const passes of predicates) if (passes(event)) return true;
    return false;
  };
}

/** The event types that a comparison names, where it is one of `evt.type`. */
function typesOf({ left, operator, right }: Comparison): ReadonlySet<string> | undefined {
  if (left.kind !== 'field' || left.name !== 'evt.type' || left.argument !== undefined) return undefined;
  if (right.kind === 'value' && (operator === '=' || operator === '==')) return new Set([right.text]);
  if (right.kind === 'values' && operator === 'in') return new Set(right.items.map((item) => item.text));
  return undefined;
}

function costOf({ left, operator, right }: Comparison): number {
  const ofLeft = left.kind === 'transformer' ? 20 : costOfField(left.name);
  const ofRight = right.kind === 'transformer' ? 20 : 0;
  return ofLeft + ofRight + costOfOperator(operator);
}

function costOfField(name: string): number {
  if (name === 'evt.type') return 0;
  if (/^evt\.(?:raw)?arg/.test(name)) return 15;
  return /^fd\.(?:[cslr]?(?:ip|net))$|^proc\.a/.test(name) ? 5 : 1;
}

function costOfOperator(operator: string): number {
  if (operator.startsWith('regex')) return 50;
  return /^(?:i?glob|pmatch|icontains)/.test(operator) ? 10 : 1;
}
