import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { load } from 'js-yaml';
import type { Condition, MacroDefinition } from '../../../lib/rules/language/ast';
import { ConditionError } from '../../../lib/rules/language/condition-error';
import { parseCondition } from '../../../lib/rules/language/parse';

const DATA = resolve(__dirname, '../../../../shared/data/falco-0.44.1');

/** Where the recordings of Falco stand, if they are here. */
export const RECORDINGS = existsSync(DATA) ? DATA : undefined;

export interface RecordedCondition {
  readonly id: string;
  readonly condition: string;
  readonly yaml: string;
  readonly ok: boolean;
  readonly errors: readonly { readonly code: string; readonly message: string }[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly compiled?: readonly { readonly events: readonly string[] | number }[];
}

export function readRows<Row>(name: string): Row[] {
  if (RECORDINGS === undefined) return [];
  return readFileSync(resolve(RECORDINGS, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

/**
 * The condition of a recorded rules file's rule, with lists and macros put in. A stand-in, for tests only, for what
 * loading a rules file does.
 */
export function compileRecorded(yaml: string): Condition {
  const lists = new Map<string, string>();
  const macros = new Map<string, MacroDefinition>();
  for (const entry of load(yaml) as readonly Record<string, unknown>[]) {
    if (typeof entry['list'] === 'string') {
      const items = (entry['items'] as readonly unknown[]).map(
        (item) =>
          lists.get(String(item)) ??
          (/^[^"'].*[\s,()"'=]/s.test(String(item)) ? JSON.stringify(String(item)) : String(item)),
      );
      lists.set(entry['list'], items.filter((item) => item !== '').join(', '));
      continue;
    }
    const condition = resolveMacros(parseCondition(expand(String(entry['condition']), lists)), macros);
    const name = entry['macro'];
    if (typeof name === 'string') macros.set(name, { name, condition });
    else return condition;
  }
  throw new Error('The recording has no rule.');
}

function expand(condition: string, lists: ReadonlyMap<string, string>): string {
  let text = condition;
  for (const [name, items] of lists) {
    text = text.replace(new RegExp(`(?<=[\\s(,=])${name}(?=[\\s),=]|$)`, 'g'), () => items);
  }
  return text;
}

function resolveMacros(condition: Condition, macros: ReadonlyMap<string, MacroDefinition>): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { ...condition, operands: condition.operands.map((operand) => resolveMacros(operand, macros)) };
    case 'not':
      return { ...condition, operand: resolveMacros(condition.operand, macros) };
    case 'macro': {
      const definition = macros.get(condition.name);
      if (definition === undefined)
        throw new ConditionError('LOAD_ERR_VALIDATE', `there is no macro ${condition.name}`, condition);
      return { ...condition, definition };
    }
    default:
      return condition;
  }
}
