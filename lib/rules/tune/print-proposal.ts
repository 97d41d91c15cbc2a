import { printFlow } from '../print';
import type { RuleException } from '../rule';

/** An item of a rules file that appends an exception to a rule, one row of values a line. */
export function printException({
  rule,
  exception: { name, fields, comps, values = [] },
}: {
  readonly rule: string;
  readonly exception: RuleException;
}): string {
  return [
    `- rule: ${printFlow(rule)}`,
    '  exceptions:',
    `    - name: ${printFlow(name)}`,
    `      fields: ${printFlow(fields)}`,
    `      comps: ${printFlow(comps)}`,
    '      values:',
    ...values.map((row) => `        - ${printFlow(row)}`),
    '  override:',
    '    exceptions: append',
    '',
  ].join('\n');
}
