import { compileRegex } from '../../regex';
import type { FieldValue } from '../event';
import { asciiLower } from './c-text';
import { compileGlob } from './glob';
import { compilePathMatch } from './pmatch';
import type { BaseOperator } from './operator';
import type { Test } from './test';

/** A value as Falco would hold it in a text field. */
export function textOf(value: FieldValue): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(' ') : String(value);
}

/** Compares with one text. */
export function textTest(operator: BaseOperator, wanted: string): Test {
  switch (operator) {
    case '=':
    case '==':
      return (value) => textOf(value) === wanted;
    case '!=':
      return (value) => textOf(value) !== wanted;
    case '<':
      return (value) => textOf(value) < wanted;
    case '<=':
      return (value) => textOf(value) <= wanted;
    case '>':
      return (value) => textOf(value) > wanted;
    case '>=':
      return (value) => textOf(value) >= wanted;
    case 'contains':
      return (value) => textOf(value).includes(wanted);
    case 'startswith':
      return (value) => textOf(value).startsWith(wanted);
    case 'endswith':
      return (value) => textOf(value).endsWith(wanted);
    case 'icontains': {
      const lower = asciiLower(wanted);
      return (value) => asciiLower(textOf(value)).includes(lower);
    }
    case 'glob':
    case 'iglob':
      return onText(compileGlob(wanted, operator === 'iglob'));
    case 'regex':
      return onText(compileRegex(wanted));
    default:
      return () => false;
  }
}

/** Whether a text is one of some (`in`), or is a path that is one of some or below one (`pmatch`). */
export function textListTest(operator: 'in' | 'pmatch', wanted: readonly string[]): Test {
  if (operator === 'pmatch') return onText(compilePathMatch(wanted));
  const [only] = wanted;
  if (only !== undefined && wanted.length === 1) return (value) => textOf(value) === only;
  const texts = new Set(wanted);
  return (value) => texts.has(textOf(value));
}

function onText(test: (text: string) => boolean): Test {
  return (value) => test(textOf(value));
}
