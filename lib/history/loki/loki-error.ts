/** Why a Loki can't be asked, in a line that says what to do. */
export type LokiCode =
  | 'LOKI_UNAUTHORIZED'
  | 'LOKI_NOT_FOUND'
  | 'LOKI_REFUSED'
  | 'LOKI_UNREACHABLE'
  /** It began, and came to no end: less may be had. */
  | 'LOKI_SLOW'
  | 'LOKI_NO_LOKI';

/** A Loki that can't be asked, or not any further. */
export class LokiError extends Error {
  override readonly name = 'LokiError';

  constructor(
    readonly code: LokiCode,
    message: string,
    /** Whether asking again, or for less, may help. */
    readonly passing = false,
  ) {
    super(message);
  }
}
