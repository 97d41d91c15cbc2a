import type { Span } from './ast';

/** A condition that Falco would refuse: why, and where in its text. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';

  constructor(
    /** Falco's code, such as `LOAD_ERR_COMPILE_CONDITION`. */
    readonly code: string,
    message: string,
    readonly span: Span,
    /** The way out: `did you mean 'fd.sip' (server address)?`. */
    readonly hint?: string,
  ) {
    super(message);
  }
}
