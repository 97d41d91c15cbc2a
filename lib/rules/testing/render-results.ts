import { inert, printableValue } from '../evaluate/printable';
import type { Difference, MissedAlert, MissedCheck, RuleTestResult, RuleTestResults } from './results';

/** Results as people read them: a line a test, and below those that failed what differs. */
export function renderResults({ file, tests }: RuleTestResults): string {
  return [inert(file), ...tests.flatMap((test) => linesOf(test, file))].join('\n');
}

/** What differs, line by line: `-` was expected, `+` was there. */
export function renderDifferences({ differences }: RuleTestResult): readonly string[] {
  return differences.flatMap(differenceLines);
}

function linesOf(test: RuleTestResult, file: string): string[] {
  if (test.passed) return [`  ✓ ${inert(test.name)}`];
  const head = `  ✗ ${inert(test.name)} (${inert(file)}:${test.line}:${test.column})`;
  return [head, ...renderDifferences(test).map((line) => `      ${line}`)];
}

function differenceLines(difference: Difference): readonly string[] {
  switch (difference.kind) {
    case 'missed':
      return missedLines(difference);
    case 'unexpected': {
      const { rule, event, output } = difference.alert;
      return [`+ ${inert(rule)} (event ${event}): ${inert(output)}`];
    }
    case 'different': {
      const { rule, event, parts } = difference;
      return [
        `! ${inert(rule)} (event ${event}) tells something else`,
        ...parts.flatMap(({ part, expected, actual }) => [
          `    - ${inert(part)}: ${printableValue(expected)}`,
          `    + ${inert(part)}: ${actual === undefined ? 'the output does not tell it' : printableValue(actual)}`,
        ]),
      ];
    }
  }
}

function missedLines({ rule, expected, found, why }: MissedAlert): string[] {
  const times = expected === 1 && found === 0 ? '' : `: expected ${expected}, found ${found}`;
  const head = `- ${inert(rule)}${times}`;
  switch (why.reason) {
    case 'no event':
      return [head, '    there is no further event'];
    case 'off':
      return [head, '    the rule is off (enabled: false)'];
    case 'hidden':
      return [
        head,
        `    event ${why.event} raised '${inert(why.by)}' first, and with matching: first no more`,
      ];
    case 'condition':
      return [
        head,
        `    event ${why.event} doesn't fit:`,
        ...why.checks.slice(0, MOST_CHECKS).map((check) => `      ${checkText(check)}`),
        ...(why.checks.length > MOST_CHECKS ? [`      and ${why.checks.length - MOST_CHECKS} more`] : []),
      ];
  }
}

const MOST_CHECKS = 12;

function checkText({ text, result, values, macros }: MissedCheck): string {
  const held = values.map(({ field, value }) =>
    value === null ? `${field} has no value` : `${field} is ${printableValue(value)}`,
  );
  const within = macros.length === 0 ? '' : ` [${macros.join(' > ')}]`;
  return `${inert(text)} is ${result}: ${held.map(inert).join(', ')}${inert(within)}`;
}
