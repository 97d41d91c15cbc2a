import { renderJunit } from '../../../lib/rules/testing/junit';
import type { RuleTestResult } from '../../../lib/rules/testing/results';

const passed: RuleTestResult = {
  name: 'a <b> "c" & \u0000\ud800',
  line: 3,
  column: 5,
  passed: true,
  alerts: [],
  differences: [],
};
const failed: RuleTestResult = {
  ...passed,
  name: 'f',
  passed: false,
  differences: [{ kind: 'missed', rule: 'R', expected: 1, found: 0, why: { reason: 'off' } }],
};

test('a suite a file, and what differs in a failure', () => {
  const file = 'a.test.yaml';
  expect(renderJunit([{ file, passed: false, tests: [passed, failed] }]).split('\n')).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="falco-egress rules test">',
    '  <testsuite name="a.test.yaml" tests="2" failures="1" errors="0">',
    '    <testcase classname="a.test.yaml" name="a &lt;b&gt; &quot;c&quot; &amp; \ufffd\ufffd" file="a.test.yaml" line="3"/>',
    '    <testcase classname="a.test.yaml" name="f" file="a.test.yaml" line="3">',
    '      <failure message="- R">- R',
    '    the rule is off (enabled: false)</failure>',
    '    </testcase>',
    '  </testsuite>',
    '</testsuites>',
    '',
  ]);
});

test('a file that could not be run is an error', () => {
  const text = renderJunit([{ file: 'b.test.yaml', message: 'no\nfile' }]);
  expect(text).toContain('errors="1"');
  expect(text).toContain('<error message="no">no\nfile</error>');
});
