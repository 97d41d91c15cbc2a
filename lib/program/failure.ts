/** An error that a person can act on: its code is stable, its message one line, and no stack is shown. */
export abstract class Failure extends Error {
  abstract readonly code: string;
}

/** Wrong arguments or environment. */
export class UsageError extends Failure {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';
}

/** A file of ours that says something wrong: which field of which file, and what was expected. */
export class ConfigError extends Failure {
  override readonly name = 'ConfigError';
  readonly code = 'CONFIG_INVALID';

  constructor(
    readonly field: string,
    problem: string,
  ) {
    super(`${field}: ${problem}`);
  }
}

/** What is known of a failure, for a line of the log. */
export function describe(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof Failure) return { code: error.code, message: oneLine(error.message) };
  return { code: 'INTERNAL', message: oneLine(messageOf(error)) };
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
