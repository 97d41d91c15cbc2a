import { RulesError } from './finding';

/** A condition with a name, for use in other conditions. */
export interface Macro {
  readonly kind: 'macro';
  readonly name: string;
  readonly condition: string;
}

/** The form of a macro's name; by any other name Falco only warns, but no condition can use it. */
export const MACRO_NAME = /^[a-zA-Z][a-zA-Z0-9_]*$/;

/** A macro. It may use macros that are defined before it, and any list. */
export function macro(name: string, condition: string): Macro {
  if (!MACRO_NAME.test(name)) {
    throw new RulesError(
      'invalid-name',
      `macro '${name}': a name is letters, digits and '_', a letter first`,
    );
  }
  if (condition.trim() === '') throw new RulesError('empty-text', `macro '${name}' has an empty condition`);
  return { kind: 'macro', name, condition };
}
