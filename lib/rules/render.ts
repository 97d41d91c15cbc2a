import type { Finding } from './finding';

/** A rules file: the name that messages use, and its text. */
export interface RulesFile {
  readonly name: string;
  readonly text: string;
}

/** A frame wider than this is cut around the place it is about: conditions in one line can be very long. */
const FRAME_WIDTH = 100;

/**
 * Findings as people read them: place, severity, code and message, then the line with the place underlined.
 *
 * @param files where the lines of the code frames come from; a finding in any other file gets no frame
 */
export function renderFindings(findings: readonly Finding[], files: readonly RulesFile[] = []): string {
  const lines = new Map(files.map((file) => [file.name, file.text.split(/\r\n|\n|\r/)]));
  return findings
    .map((finding) => renderFinding(finding, lines.get(finding.file)?.[finding.line - 1]))
    .join('\n');
}

function renderFinding(finding: Finding, line: string | undefined): string {
  const { file, line: number, column, severity, code, message, hint } = finding;
  const head = printable(`${file}:${number}:${column} ${severity} ${code} ${message}`);
  if (line === undefined) return hint === undefined ? head : `${head}\n  ${printable(hint)}`;
  return [head, ...frame(finding, line)].join('\n');
}

function frame({ line: number, column, length, hint }: Finding, line: string): string[] {
  const from = line.length <= FRAME_WIDTH ? 0 : Math.max(0, column - 1 - Math.floor(FRAME_WIDTH / 2));
  const to = Math.min(line.length, from + FRAME_WIDTH);
  const shown = `${from > 0 ? '…' : ''}${line.slice(from, to)}${to < line.length ? '…' : ''}`;
  const indent = column - 1 - from + (from > 0 ? 1 : 0);
  const marks = '^'.repeat(Math.max(1, Math.min(length, to - (column - 1))));
  const gutter = String(number);
  return [
    `  ${gutter} | ${printable(shown)}`,
    `  ${' '.repeat(gutter.length)} | ${' '.repeat(indent)}${marks}${hint === undefined ? '' : ` ${printable(hint)}`}`,
  ];
}

/** A rules file may come from a stranger: control characters in it must not reach the terminal. */
function printable(text: string): string {
  return text.replace(/\t/g, ' ').replace(/\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
