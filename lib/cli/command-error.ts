/** A command that can't do what it was asked for. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
