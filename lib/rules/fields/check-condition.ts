import type { Comparison, Condition, Exists } from '../language/ast';
import { ConditionError } from '../language/condition-error';
import { checkValue } from './check-value';
import type { FieldCatalogue } from './field';
import { describe, typeOf, type OperandType } from './operand-type';

const CODE = 'LOAD_ERR_COMPILE_CONDITION';

/**
 * Falco's verdict on a condition that is parsed: fields and their arguments, operators,
 * values and transformers, in macros too where they are resolved. Within a macro, spans are offsets in the macro's own text.
 *
 * @throws ConditionError at the first mistake
 */
export function checkCondition(condition: Condition, catalogue: FieldCatalogue): void {
  // A stack of our own: conditions may nest deeper than functions can. The first mistake in the text is the one to tell.
  const open: Condition[] = [condition];
  // A macro that was used once needs no second look: it would give the same answer, exponentially often.
  const seen = new Set<Condition>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    switch (next.kind) {
      case 'and':
      case 'or':
        for (let i = next.operands.length - 1; i >= 0; i--) {
          const operand = next.operands[i];
          if (operand !== undefined) open.push(operand);
        }
        break;
      case 'not':
        open.push(next.operand);
        break;
      case 'macro':
        // A macro that isn't resolved is one of which only the name is known.
        if (next.definition !== undefined && !seen.has(next.definition.condition)) {
          seen.add(next.definition.condition);
          open.push(next.definition.condition);
        }
        break;
      case 'exists':
        checkExists(next, catalogue);
        break;
      case 'comparison':
        checkComparison(next, catalogue);
    }
  }
}

function checkExists({ left }: Exists, catalogue: FieldCatalogue): void {
  refuseTransformedEvent(left);
  typeOf(left, catalogue);
}

function checkComparison(comparison: Comparison, catalogue: FieldCatalogue): void {
  const { left, operator, right } = comparison;
  const [base = operator, modifier] = operator.split(' ');
  const type = typeOf(left, catalogue);
  checkOperator(comparison, base, type);
  if (right.kind !== 'transformer') {
    const values = right.kind === 'value' ? [right] : right.items;
    for (const value of values) checkValue(value, type, base, catalogue);
    if (modifier === undefined && BINDING.includes(base)) refuseTransformedEvent(left);
    return;
  }
  const other = typeOf(right, catalogue);
  if (base === 'pmatch' || base === 'regex') {
    throw new ConditionError(CODE, `${base} takes no field on the right`, right);
  }
  if (type.type === 'IPNET' || !type.comparesWithFields) {
    throw new ConditionError(CODE, `${type.field ?? 'this'} can't be compared with a field`, right);
  }
  if (!other.comparesWithFields) {
    throw new ConditionError(CODE, `${other.field ?? 'this'} can't stand on the right`, right);
  }
  if (type.type !== other.type || type.isList !== other.isList) {
    throw new ConditionError(CODE, `${describe(type)} can't be compared with ${describe(other)}`, right);
  }
  if (BINDING.includes(base)) {
    if (isEventType(left)) throw new ConditionError(CODE, `${left.name} takes names of events only`, right);
    refuseTransformedEvent(left);
  }
}

/** The operators by which Falco finds the events that a condition is about. */
const BINDING = ['=', '==', '!=', 'in'];

function isEventType(left: Comparison['left']): left is Extract<Comparison['left'], { kind: 'field' }> {
  return left.kind === 'field' && (left.name === 'evt.type' || left.name === 'syscall.type');
}

/** Falco finds no events for a condition that changes their names before it compares. */
function refuseTransformedEvent(left: Comparison['left']): void {
  if (left.kind !== 'transformer') return;
  for (const argument of left.arguments) {
    if (argument.kind === 'field' && isEventType(argument)) {
      throw new ConditionError(CODE, `${argument.name} can't be transformed`, argument, 'name each event');
    }
    if (argument.kind === 'transformer') refuseTransformedEvent(argument);
  }
}

const ORDER = ['<', '<=', '>', '>='];
const EQUALITY = ['=', '==', '!=', 'in', 'intersects'];
const LISTS = ['in', 'intersects'];
const TEXT = ['contains', 'icontains', 'startswith', 'endswith', 'glob', 'iglob', 'regex', 'pmatch'];
const BUFFER = ['contains', 'startswith', 'endswith', 'bcontains', 'bstartswith'];

function checkOperator({ operator, operatorSpan }: Comparison, base: string, type: OperandType): void {
  const allowed = operatorsFor(type);
  if (allowed.includes(base)) return;
  throw new ConditionError(
    CODE,
    `${operator} can't be asked of ${describe(type)}`,
    operatorSpan,
    allowed.length === 0
      ? 'only exists can'
      : `use ${allowed.filter((known) => known !== '==').join(', ')} or exists`,
  );
}

/** What may be asked of a type (libs, `flt_is_comparable`). */
function operatorsFor({ type, isList }: OperandType): readonly string[] {
  if (type === 'DYNAMIC') return [];
  if (isList) {
    return ['CHARBUF', 'UINT64', 'RELTIME', 'ABSTIME', 'BOOL', 'IPADDR', 'IPNET'].includes(type) ? LISTS : [];
  }
  switch (type) {
    case 'CHARBUF':
      return [...EQUALITY, ...TEXT, ...ORDER];
    case 'BYTEBUF':
      return [...EQUALITY, ...BUFFER];
    case 'BOOL':
    case 'IPADDR':
    case 'IPNET':
      return EQUALITY;
    default:
      return [...EQUALITY, ...ORDER];
  }
}
