import type { Span } from './ast';

/** A condition that Falco would refuse: why, and where in its text. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';

  constructor(
    /** Falco's code, such as `LOAD_ERR_COMPILE_CONDITION`. */
    readonly code: string,
    message: string,
    readonly span: Span,
    /** Looked for only when somebody asks: to find what was meant takes longer than all else. */
    private readonly wayOut?: string | (() => string | undefined),
  ) {
    super(message);
  }

  /** The way out: `did you mean 'fd.sip' (server address)?`. */
  get hint(): string | undefined {
    return typeof this.wayOut === 'function' ? this.wayOut() : this.wayOut;
  }
}
