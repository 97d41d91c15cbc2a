/** A body that is none of ours: the field that is wrong, and why. The sender is told, and has nothing to send again. */
export class MalformedBodyError extends Error {
  override readonly name = 'MalformedBodyError';
  readonly code = 'MALFORMED';

  constructor(
    /** Where it stands: `output_fields`, `resourceLogs[0].scopeLogs`; `(body)` for the whole. */
    readonly field: string,
    readonly problem: string,
  ) {
    super(`${field}: ${problem}`);
  }
}

/** What stands where something else was expected, in words. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
