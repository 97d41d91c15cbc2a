import { comparisonOf, existenceOf, type Predicate } from '../evaluate/comparison';
import type { Event } from '../evaluate/event';
import { argumentsReader } from '../evaluate/read/event-arguments';
import { fieldKey, fieldReader, type Context } from '../evaluate/read/field';
import { heldFields } from '../evaluate/read/held-fields';
import type { FieldCatalogue } from '../fields/field';
import type { Comparison, Condition, Exists, FieldReference } from '../language/ast';
import type { Facts } from './facts';

/**
 * What an alert says of a condition: `true`, `false`, or the fields that would be needed to tell. An alert holds what its
 * rule's output asks for, so a field that isn't there may have had any value; one that is null had none.
 */
type Verdict = true | false | ReadonlySet<string>;

/** Asks an alert about a condition. */
export type Ask = (event: Event) => Verdict;

/** What a macro of which nothing is known counts as lacking. */
const YES: Ask = () => true;
const NO: Ask = () => false;

/** Makes ready a condition to be asked of alerts, of which some facts hold. */
export function askOf(condition: Condition, facts: Facts | undefined, catalogue: FieldCatalogue): Ask {
  return new Asker(facts, catalogue).compile(condition);
}

class Asker {
  private readonly context: Context;

  constructor(
    private readonly facts: Facts | undefined,
    catalogue: FieldCatalogue,
  ) {
    this.context = { catalogue, arguments: argumentsReader(catalogue) };
  }

  compile(condition: Condition): Ask {
    const fact = this.facts?.of(condition);
    if (fact !== undefined) return fact ? YES : NO;
    switch (condition.kind) {
      case 'and':
      case 'or':
        return joined(
          condition.operands.map((operand) => this.compile(operand)),
          condition.kind === 'or',
        );
      case 'not': {
        const ask = this.compile(condition.operand);
        if (ask === YES) return NO;
        if (ask === NO) return YES;
        return (event) => {
          const verdict = ask(event);
          return typeof verdict === 'boolean' ? !verdict : verdict;
        };
      }
      case 'macro': {
        const { definition, name } = condition;
        if (definition !== undefined) return this.compile(definition.condition);
        const lacking = new Set([`macro ${name}`]);
        return () => lacking;
      }
      default:
        return this.check(condition);
    }
  }

  private check(check: Comparison | Exists): Ask {
    const passes: Predicate =
      check.kind === 'exists' ? existenceOf(check, this.context) : comparisonOf(check, this.context);
    const needs = heldFields(check).map((field) => this.need(field));
    return (event) => {
      let lacking: Set<string> | undefined;
      for (const { isKnown, name } of needs) {
        if (!isKnown(event)) (lacking ??= new Set()).add(name);
      }
      return lacking ?? passes(event);
    };
  }

  private need(field: FieldReference): { readonly isKnown: Predicate; readonly name: string } {
    const key = fieldKey(field);
    const read = fieldReader(field, this.context);
    const from = DERIVED_FROM[key] ?? (/^evt\.(?:raw)?arg[.[]/.test(key) ? 'evt.args' : undefined);
    return {
      name: key,
      isKnown: (event) => key in event || (from !== undefined && from in event) || isValue(read(event)),
    };
  }
}

function isValue(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Fields whose value follows from another's, even if that is none. */
const DERIVED_FROM: Readonly<Record<string, string | undefined>> = {
  'fd.snet': 'fd.sip',
  'fd.cnet': 'fd.cip',
  'fd.lnet': 'fd.lip',
  'fd.rnet': 'fd.rip',
  'fd.typechar': 'fd.type',
  'fd.type': 'fd.typechar',
  'evt.failed': 'evt.rawres',
  'proc.aname[0]': 'proc.name',
};

/** One operand with the deciding result decides; else what is lacking for any of them is lacking for all. */
function joined(asks: readonly Ask[], deciding: boolean): Ask {
  const constant = deciding ? YES : NO;
  if (asks.includes(constant)) return constant;
  const open = asks.filter((ask) => ask !== YES && ask !== NO);
  if (open.length === 0) return deciding ? NO : YES;
  return (event) => {
    let lacking: Set<string> | undefined;
    for (const ask of open) {
      const verdict = ask(event);
      if (verdict === deciding) return deciding;
      if (typeof verdict === 'boolean') continue;
      lacking ??= new Set();
      for (const name of verdict) lacking.add(name);
    }
    return lacking ?? !deciding;
  };
}
