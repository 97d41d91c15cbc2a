import type { Finding } from '../rules/finding';
import { renderFindings, type RulesFile } from '../rules/render';

/** Settings that can't be synthesized: every reason, with its place. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly code = 'INVALID_ENVIRONMENT';

  constructor(
    readonly findings: readonly Finding[],
    files: readonly RulesFile[] = [],
  ) {
    super(renderFindings(findings, files));
  }

  /** For machines: `--json`. */
  toJSON(): object {
    return { code: this.code, findings: this.findings };
  }
}
