/** A regular expression that Falco would refuse: why, and which part of it. */
export class RegexError extends Error {
  override readonly name = 'RegexError';
  readonly code = 'INVALID_REGEX';

  constructor(
    message: string,
    /** What to write instead, where that is plain. */
    readonly hint?: string,
  ) {
    super(message);
  }
}
