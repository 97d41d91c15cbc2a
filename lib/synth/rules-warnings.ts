import type { Finding } from '../rules/finding';
import { renderFindings, type RulesFile } from '../rules/render';

/** Warnings of the rules of an environment, and the files that they are about. */
export interface RulesWarnings {
  readonly findings: readonly Finding[];
  readonly files: readonly RulesFile[];
}

/** Those of several environments: what several of them say, such as of a file that they share, is said once. */
export function distinctWarnings(all: readonly RulesWarnings[]): RulesWarnings {
  const findings = new Map(
    all.flatMap((each) => each.findings.map((finding) => [JSON.stringify(finding), finding])),
  );
  return { findings: [...findings.values()], files: all.flatMap(({ files }) => files) };
}

/** As people read them, with a line break at the end; empty without any. */
export function renderWarnings({ findings, files }: RulesWarnings): string {
  return findings.length === 0 ? '' : `${renderFindings(findings, files)}\n`;
}
