import { renderDifferences } from './render-results';
import type { RuleTestResults } from './results';

/** A test file that couldn't be run, and why. */
export interface BrokenTestFile {
  readonly file: string;
  readonly message: string;
}

/** Results as JUnit XML: a suite a file; a file that couldn't be run is a suite with one error. */
export function renderJunit(files: readonly (RuleTestResults | BrokenTestFile)[]): string {
  const suites = files.map((file) => ('tests' in file ? suiteOf(file) : brokenSuite(file)));
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="falco-egress rules test">'];
  return [...lines, ...suites, '</testsuites>', ''].join('\n');
}

function suiteOf({ file, tests }: RuleTestResults): string {
  const failures = tests.filter(({ passed }) => !passed).length;
  const cases = tests.map((test) => {
    const head = `    <testcase classname="${escape(file)}" name="${escape(test.name)}" file="${escape(file)}" line="${test.line}"`;
    if (test.passed) return `${head}/>`;
    const lines = renderDifferences(test);
    const failure = `<failure message="${escape(lines[0] ?? '')}">${escape(lines.join('\n'))}</failure>`;
    return `${head}>\n      ${failure}\n    </testcase>`;
  });
  const counts = `tests="${tests.length}" failures="${failures}" errors="0"`;
  return [`  <testsuite name="${escape(file)}" ${counts}>`, ...cases, '  </testsuite>'].join('\n');
}

function brokenSuite({ file, message }: BrokenTestFile): string {
  const [first = ''] = message.split('\n', 1);
  return [
    `  <testsuite name="${escape(file)}" tests="1" failures="0" errors="1">`,
    `    <testcase classname="${escape(file)}" name="${escape(file)}" file="${escape(file)}">`,
    `      <error message="${escape(first)}">${escape(message)}</error>`,
    '    </testcase>',
    '  </testsuite>',
  ].join('\n');
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML has no room for most control characters, nor for halves of surrogate pairs. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"]/g, (found) => ESCAPES[found] ?? found);
}
