import type { Finding } from '../rules/finding';
import { renderFindings, type RulesFile } from '../rules/render';

/** Settings or rules that can't be synthesized: every reason, with its place. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly code = 'INVALID_ENVIRONMENT';

  constructor(
    readonly findings: readonly Finding[],
    private readonly files: readonly RulesFile[] = [],
  ) {
    super(renderFindings(findings, files));
  }

  /** Several as one. What two of them say, such as of a file that both environments extend, is said once. */
  static all(errors: readonly EnvironmentError[]): EnvironmentError {
    const findings = new Map(
      errors.flatMap((error) => error.findings.map((finding) => [JSON.stringify(finding), finding])),
    );
    return new EnvironmentError(
      [...findings.values()],
      errors.flatMap(({ files }) => files),
    );
  }
}

/** What is wrong with a file or folder as a whole. */
export function wholeFile(file: string, code: string, message: string): Finding {
  return { file, line: 1, column: 1, length: 1, severity: 'error', code, message };
}
