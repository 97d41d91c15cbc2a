import { ConditionError } from '../language/condition-error';
import type { Value } from '../language/ast';

/** A value that isn't of its field's type. Without quotes, its author may have meant a list of that name. */
export class UnfitValueError extends ConditionError {
  constructor(
    code: string,
    message: string,
    readonly value: Value,
    hint?: string,
  ) {
    super(code, message, value, hint);
  }
}
