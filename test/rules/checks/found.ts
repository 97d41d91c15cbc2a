import { loadRules, type LoadOptions } from '../../../lib/rules';
import { LINTS } from '../../../lib/rules/checks/lints';

const CODES = new Set([
  ...LINTS.map(({ code }) => code),
  ...['invalid-silencer', 'unknown-lint', 'unused-silencer'],
]);

/** What lints say of a file: `code [what they underline]`. */
export function lintsOf(text: string, options?: LoadOptions): string[] {
  const { findings } = loadRules([{ name: 'f.yaml', text }], options);
  const error = findings.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new Error(`${error.code} ${error.message}`);
  return findings
    .filter(({ code }) => CODES.has(code))
    .map(({ code, line, column, length }) => {
      const marked = (text.split('\n')[line - 1] ?? '').slice(column - 1, column - 1 + length);
      return `${code} [${marked}]`;
    });
}

/** A rules file with one rule. */
export function withRule(condition: string, ...more: readonly string[]): string {
  return [
    '- rule: A',
    '  desc: d',
    `  condition: >-\n    ${condition}`,
    '  output: x',
    '  priority: INFO',
    ...more,
    '',
  ].join('\n');
}

/** What a lint underlines in a rule's condition. */
export function found(code: string, condition: string, ...before: readonly string[]): string[] {
  const lints = lintsOf([...before, withRule(condition)].join('\n'));
  return lints.filter((lint) => lint.startsWith(`${code} `)).map((lint) => lint.slice(code.length + 2, -1));
}

/** What a lint proposes for a rule's condition. */
export function mendOf(code: string, condition: string): string | undefined {
  const { findings } = loadRules([{ name: 'f.yaml', text: withRule(condition) }]);
  return findings.find((finding) => finding.code === code)?.hint;
}
