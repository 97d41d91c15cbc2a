import { nearest } from '../../schema/nearest';
import type { Comparison, Value } from '../language/ast';
import { ConditionError } from '../language/condition-error';
import { parsePriority, PRIORITIES, printedPriority, type Priority } from '../priority';

const CODE = 'LOAD_ERR_COMPILE_CONDITION';

/**
 * A comparison of `priority` or `tags` in terms that Falco's own fields know; any other as it is. Priorities have an order
 * (`priority >= Warning`: that urgent or more), and may be written as in rules files. Tags are several at once: an alert is
 * meant that has one of those that are named, whichever operator says so.
 *
 * @throws ConditionError for what can't be asked of them
 */
export function ownComparison(comparison: Comparison): Comparison {
  const { left } = comparison;
  if (left.kind !== 'field' || left.argument !== undefined) return comparison;
  if (left.name === 'priority') return priorityComparison(comparison);
  if (left.name === 'tags') return tagsComparison(comparison);
  return comparison;
}

/** Which priorities an order lets through, from where they stand: the most urgent is the first. */
const ORDER: ReadonlyMap<string, (at: number, wanted: number) => boolean> = new Map([
  ['<', (at: number, wanted: number) => at > wanted],
  ['<=', (at: number, wanted: number) => at >= wanted],
  ['>', (at: number, wanted: number) => at < wanted],
  ['>=', (at: number, wanted: number) => at <= wanted],
]);

function priorityComparison(comparison: Comparison): Comparison {
  const { operator, operatorSpan, right } = comparison;
  const order = ORDER.get(operator);
  if (order === undefined && !['=', '==', '!=', 'in', 'intersects'].includes(operator))
    throw new ConditionError(
      CODE,
      `${operator} can't be asked of a priority`,
      operatorSpan,
      'use =, !=, <, <=, >, >= or in',
    );
  if (right.kind === 'transformer')
    throw new ConditionError(CODE, "a priority can't be compared with a field", right);
  const items = (right.kind === 'value' ? [right] : right.items).map(priorityOf);
  const [first] = items;
  if (order === undefined || first === undefined)
    return {
      ...comparison,
      right:
        right.kind === 'value' && first !== undefined
          ? first.value
          : { ...right, kind: 'values', items: items.map(({ value }) => value) },
    };
  const wanted = PRIORITIES.indexOf(first.priority);
  const fitting = PRIORITIES.filter((_, at) => order(at, wanted));
  if (fitting.length === 0)
    throw new ConditionError(CODE, `no priority is ${operator} ${printedPriority(first.priority)}`, right);
  return {
    ...comparison,
    operator: 'in',
    right: {
      ...{ kind: 'values', start: right.start, end: right.end },
      items: fitting.map((priority) => ({ ...first.value, text: printedPriority(priority) })),
    },
  };
}

function priorityOf(value: Value): { readonly priority: Priority; readonly value: Value } {
  const priority = parsePriority(value.text);
  if (priority !== undefined) return { priority, value: { ...value, text: printedPriority(priority) } };
  const known = PRIORITIES.map(printedPriority);
  const begun = known.find((name) => name.toLowerCase().startsWith(value.text.toLowerCase()));
  const meant = value.text === '' ? undefined : (begun ?? nearest(value.text, known));
  throw new ConditionError(
    CODE,
    `there is no priority '${value.text}'`,
    value,
    meant === undefined ? `use one of ${known.join(', ')}` : `did you mean ${meant}?`,
  );
}

function tagsComparison(comparison: Comparison): Comparison {
  const { operator, operatorSpan, right } = comparison;
  const [base, modifier] = operator.split(' ');
  const known = base === 'in' || base === 'intersects' || base === 'contains';
  if (!known || right.kind === 'transformer' || (modifier !== undefined && modifier !== 'anyof'))
    throw new ConditionError(
      CODE,
      `${operator} can't be asked of tags`,
      operatorSpan,
      'write tags intersects (network): an alert with one of these tags',
    );
  const items = right.kind === 'value' ? [right] : right.items;
  return {
    ...comparison,
    operator: 'intersects',
    right: { kind: 'values', items, start: right.start, end: right.end },
  };
}
