import { compileCondition } from '../evaluate/compile';
import type { Event } from '../evaluate/event';
import { checkCondition } from '../fields/check-condition';
import type { Condition } from '../language/ast';
import { ConditionError } from '../language/condition-error';
import { parseCondition } from '../language/parse';
import { alertFields } from './fields';
import { ownComparison } from './own-comparison';

/** A condition so long is no one's work, and what runs over its parts recurses. */
const LONGEST = 10_000;
const DEEPEST = 200;

/**
 * A condition over alerts, parsed and checked, `priority` and `tags` in terms of Falco's own fields.
 *
 * @throws ConditionError at the first mistake
 */
export function parseMatch(text: string): Condition {
  if (text.length > LONGEST)
    throw new ConditionError('LOAD_ERR_VALIDATE', `the condition is longer than ${LONGEST} characters`, {
      start: LONGEST,
      end: text.length,
    });
  const condition = ofAlerts(parseCondition(text, 'alerts'), 0);
  checkCondition(condition, alertFields());
  return condition;
}

/** What is wrong with a condition over alerts, in a line with its place; `undefined` where nothing is. */
export function checkMatch(text: string): string | undefined {
  try {
    parseMatch(text);
    return undefined;
  } catch (error) {
    if (error instanceof ConditionError)
      return printProblem(text, error.span.start, error.message, error.hint);
    throw error;
  }
}

/** What is wrong at a place of a condition, in a line. */
export function printProblem(text: string, start: number, message: string, hint?: string): string {
  const lines = text.slice(0, start).split('\n');
  const line = text.trimEnd().includes('\n') ? `line ${lines.length}, ` : '';
  return `${line}column ${(lines.at(-1)?.length ?? 0) + 1}: ${message}${hint === undefined ? '' : `; ${hint}`}`;
}

/**
 * What decides whether an alert is meant. An alert has the fields of its output only; a comparison with another is false,
 * and so `not` before it is true, as everywhere with Falco.
 *
 * @param condition of {@link parseMatch}
 */
export function compileMatch(condition: Condition): (alert: Event) => boolean {
  return compileCondition(condition, alertFields());
}

function ofAlerts(condition: Condition, depth: number): Condition {
  if (depth > DEEPEST)
    throw new ConditionError('LOAD_ERR_VALIDATE', `nests deeper than ${DEEPEST} levels`, condition);
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { ...condition, operands: condition.operands.map((operand) => ofAlerts(operand, depth + 1)) };
    case 'not':
      return { ...condition, operand: ofAlerts(condition.operand, depth + 1) };
    case 'macro':
      throw new ConditionError(
        'LOAD_ERR_VALIDATE',
        `'${condition.name}' is compared with nothing`,
        condition,
        'there are no macros of alerts; write rule = "…"',
      );
    case 'comparison':
      return ownComparison(condition);
    case 'exists':
      return condition;
  }
}
