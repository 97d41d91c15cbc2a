import { bytesOf } from './c-text';
import type { Test } from './test';
import type { BaseOperator } from './operator';
import { textOf, textListTest, textTest } from './text-test';

/**
 * Compares a buffer. An event holds it as the text that Falco prints, with dots for bytes that can't be printed: a
 * comparison with those is beyond a recorded event.
 */
export function bytesTest(operator: BaseOperator, wanted: string): Test {
  switch (operator) {
    case 'bcontains':
    case 'bstartswith': {
      const bytes = Buffer.from(wanted, 'hex').toString('latin1');
      return operator === 'bcontains'
        ? (value) => bytesOf(textOf(value)).includes(bytes)
        : (value) => bytesOf(textOf(value)).startsWith(bytes);
    }
    case '=':
    case '==':
    case '!=':
    case 'contains':
    case 'startswith':
    case 'endswith':
      return textTest(operator, wanted);
    default:
      return () => false;
  }
}

/** Whether a buffer is one of some texts. */
export function bytesListTest(wanted: readonly string[]): Test {
  return textListTest('in', wanted);
}
