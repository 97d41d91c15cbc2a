import { resolveField } from '../fields/resolve-field';
import type { Comparison, Exists, FieldReference, RightSide } from '../language/ast';
import type { BinaryOperator } from '../language/operators';
import { endTest } from './compare/address-test';
import type { Address } from './compare/address';
import { itemsOf } from './compare/items';
import { numberListTest, orderTest } from './compare/number-test';
import { parseNumber } from './compare/number';
import { partsOf } from './compare/operator';
import { testOf, type Test } from './compare/test';
import type { Event } from './event';
import { ANCESTOR_FIELDS, ancestors } from './read/ancestors';
import type { Context } from './read/field';
import { sourceOf } from './read/operand';
import { socketAddresses, socketPorts } from './read/socket-ends';

/** Whether an event passes. */
export type Predicate = (event: Event) => boolean;

const NEVER: Predicate = () => false;

/** Makes ready a comparison of a field, or of a transformer's result, with what stands on its right. */
export function comparisonOf(comparison: Comparison, context: Context): Predicate {
  const { left, operator, right } = comparison;
  if (left.kind === 'field' && right.kind !== 'transformer') {
    const special = specialComparison(left, operator, textsOf(right), context);
    if (special !== undefined) return special;
  }
  const source = sourceOf(left, context);
  const { read } = source;
  if (right.kind !== 'transformer') return passing(read, testOf(source, operator, textsOf(right)));
  const other = sourceOf(right, context);
  return (event) => {
    const value = read(event);
    const wanted = other.read(event);
    if (value === undefined || value === null || wanted === undefined || wanted === null) return false;
    return testOf(source, operator, itemsOf(wanted).map(String))(value);
  };
}

/** Makes ready `exists`. */
export function existenceOf({ left }: Exists, context: Context): Predicate {
  if (left.kind === 'field') {
    if (left.name === 'fd.ip' || left.name === 'fd.net') return (event) => socketAddresses(event).length > 0;
    if (isEitherPort(left)) return (event) => socketPorts(event).length > 0;
    if (isAnyAncestor(left)) return (event) => ancestors(left.name, event).length > 0;
  }
  const { read } = sourceOf(left, context);
  return (event) => {
    const value = read(event);
    return value !== undefined && value !== null;
  };
}

function passing(read: (event: Event) => Parameters<Test>[0] | undefined, test: Test): Predicate {
  return (event) => {
    const value = read(event);
    return value !== undefined && value !== null && test(value);
  };
}

function textsOf(right: Exclude<RightSide, { kind: 'transformer' }>): string[] {
  return right.kind === 'value' ? [right.text] : right.items.map((item) => item.text);
}

/** Fields that stand for several values of the event, which Falco compares in ways of their own. */
function specialComparison(
  left: FieldReference,
  operator: BinaryOperator,
  texts: readonly string[],
  context: Context,
): Predicate | undefined {
  if (left.name === 'fd.ip' || left.name === 'fd.net') return addressComparison(left.name, operator, texts);
  if (isEitherPort(left)) return portComparison(operator, texts);
  if (isAnyAncestor(left)) return ancestorComparison(left, operator, texts, context);
  return undefined;
}

/** `fd.proto` is the older name of `fd.port`. */
function isEitherPort({ name }: FieldReference): boolean {
  return name === 'fd.port' || name === 'fd.proto';
}

function isAnyAncestor({ name, argument }: FieldReference): boolean {
  return argument === undefined && ANCESTOR_FIELDS.has(name);
}

/**
 * Either end of a socket: `=` if one fits, `!=` if none does. Of a list, `fd.net in` sees the first item only, and `fd.ip
 * in` is never true (libs' `compare_net`, and `compare_ip`, which forgets the address's length).
 */
function addressComparison(
  name: 'fd.ip' | 'fd.net',
  operator: BinaryOperator,
  texts: readonly string[],
): Predicate {
  const [first] = texts;
  const { base } = partsOf(operator);
  if (first === undefined) return NEVER;
  const type = name === 'fd.ip' ? 'IPADDR' : 'IPNET';
  if (base === '!=') {
    const differs = endTest(type, '!=', first);
    return (event) => all(socketAddresses(event), differs);
  }
  if (base !== '=' && base !== '==' && (base !== 'in' || name === 'fd.ip')) return NEVER;
  const fits = endTest(type, '=', first);
  return (event) => any(socketAddresses(event), fits);
}

function any<T>(ends: readonly T[], holds: (end: T) => boolean): boolean {
  for (const end of ends) if (holds(end)) return true;
  return false;
}

/** Not of what has no ends. */
function all(ends: readonly Address[], holds: (end: Address) => boolean): boolean {
  for (const end of ends) if (!holds(end)) return false;
  return ends.length > 0;
}

/** Either port: one that fits is enough, but for `!=`, which wants neither to be equal (libs' `compare_port`). */
function portComparison(operator: BinaryOperator, texts: readonly string[]): Predicate {
  const { base } = partsOf(operator);
  if (base === 'in') {
    const member = numberListTest('PORT', texts);
    return (event) => any(socketPorts(event), member);
  }
  const [first] = texts;
  const port = first === undefined ? undefined : parseNumber(first, 'PORT');
  if (port === undefined) return NEVER;
  if (base === '!=') {
    return (event) => {
      const ports = socketPorts(event);
      return ports.length > 0 && !ports.includes(port);
    };
  }
  const fits = orderTest(base, port);
  return (event) => any(socketPorts(event), fits);
}

/** Any ancestor: `!=` too holds if one differs. With a modifier the first value counts alone; a pid is in no list. */
function ancestorComparison(
  left: FieldReference,
  operator: BinaryOperator,
  texts: readonly string[],
  { catalogue }: Context,
): Predicate {
  const { base, modifier } = partsOf(operator);
  const shape = { type: resolveField(left, catalogue).type, isList: false, unsized: true };
  const test = testOf(shape, base, modifier === undefined ? texts : texts.slice(0, 1));
  return (event) => any(ancestors(left.name, event), test);
}
