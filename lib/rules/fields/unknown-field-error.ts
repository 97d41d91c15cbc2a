import { ConditionError } from '../language/condition-error';

/** A field that there isn't: `skip-if-unknown-filter: true` makes Falco leave out the rule instead of refusing the file. */
export class UnknownFieldError extends ConditionError {}
