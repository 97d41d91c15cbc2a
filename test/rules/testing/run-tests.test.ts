import { RulesError } from '../../../lib/rules';
import { renderResults } from '../../../lib/rules/testing/render-results';
import type { RuleTestResult, RuleTestResults } from '../../../lib/rules/testing/results';
import { runTests } from '../../../lib/rules/testing/run-tests';

const RULES = `- list: sites
  items: [213.215.222.58]
- macro: reaches_out
  condition: evt.type = connect and fd.typechar in (4, 6)
- rule: Site
  desc: d
  condition: reaches_out and fd.sip in (sites) and not k8s.ns.name = kube-system
  output: "%proc.name to %fd.sip:%fd.sport"
  priority: WARNING
- rule: Any
  desc: d
  condition: reaches_out
  output: "any %container.id"
  priority: INFO
- rule: Off
  desc: d
  condition: reaches_out
  output: off
  priority: INFO
  enabled: false
`;

const FILES: Record<string, string> = { 'r.yaml': RULES };

function run(text: string, files: Record<string, string> = {}, stock?: string): RuleTestResults {
  const all = { ...FILES, ...files };
  const read = (path: string) => (path in all ? { name: path, text: all[path] ?? '' } : undefined);
  return runTests(
    { name: 't.test.yaml', text },
    read,
    stock === undefined ? [] : [{ name: 's.yaml', text: stock }],
  );
}

/** A file of one test. */
function test1(given: string, expect: string, more = ''): string {
  return `rules: [r.yaml]\n${more}tests:\n  - name: t\n    given: ${given}\n    expect: ${expect}\n`;
}

function one(given: string, expect: string, more = ''): RuleTestResult {
  const [result] = run(test1(given, expect, more)).tests;
  if (result === undefined) throw new Error('no test was run');
  return result;
}

function findings(text: string, files: Record<string, string> = {}): string[] {
  try {
    run(text, files);
    return [];
  } catch (error) {
    if (!(error instanceof RulesError)) throw error;
    return error.findings.map(({ file, line, column, code, message, hint }) =>
      [`${file}:${line}:${column}`, code, message, ...(hint === undefined ? [] : [`(${hint})`])].join(' '),
    );
  }
}

const TO_SITE = '{evt.type: connect, proc.name: curl, fd.sip: 213.215.222.58, fd.sport: 443}';
const ELSEWHERE = '{evt.type: connect, proc.name: curl, fd.sip: 1.1.1.1, fd.sport: 443}';
const ANY = '{rule: Any}';

describe('a rule test passes', () => {
  test.each([
    [TO_SITE, `{alerts: [{rule: Site}, ${ANY}]}`],
    [
      TO_SITE,
      `{alerts: [${ANY}, {rule: Site, count: 1, priority: warning, output: 'curl to 213.215.222.58:443'}]}`,
    ],
    [TO_SITE, `{alerts: [${ANY}, {rule: Site, output: '/to 213[.]215/', fields: {fd.sport: https}}]}`],
    [`[${TO_SITE}, ${TO_SITE}]`, '{alerts: [{rule: Site, count: 2}, {rule: Any, count: 2}]}'],
    [ELSEWHERE, `{alerts: [${ANY}]}`],
    [
      TO_SITE.replace('213.', '::ffff:213.'),
      `{alerts: [{rule: Site, output: 'curl to 213.215.222.58:443'}, ${ANY}]}`,
    ],
    ['{evt.type: open}', 'none'],
    ['{evt.type: open}', '{alerts: none}'],
    ['[]', 'none'],
  ])('%s: %s', (given, expected) => {
    expect(one(given, expected)).toMatchObject({ passed: true, differences: [] });
  });

  test('an alert goes where it is needed most', () => {
    const two = `[${TO_SITE}, {evt.type: connect, proc.name: nc, fd.sip: 213.215.222.58, fd.sport: 80}]`;
    const expected = `{alerts: [{rule: Any, count: 2}, {rule: Site, fields: {fd.sip: 213.215.222.58}}, {rule: Site, fields: {proc.name: curl}}]}`;
    expect(one(two, expected).differences).toEqual([]);
  });
});

describe('what differs', () => {
  test('a missed alert names the comparison that decided, and the macro it stands in', () => {
    const { differences } = one(ELSEWHERE, `{alerts: [{rule: Site}, ${ANY}]}`);
    const values = [{ field: 'fd.sip', value: '1.1.1.1' }];
    const check = { text: 'fd.sip in (213.215.222.58)', result: false, macros: [], values };
    const why = { reason: 'condition', event: 1, checks: [check] };
    expect(differences).toEqual([{ kind: 'missed', rule: 'Site', expected: 1, found: 0, why }]);
    const other = one('{evt.type: sendto, fd.sip: 1.1.1.1}', `{alerts: [${ANY}]}`).differences[0];
    expect(other).toMatchObject({
      why: { checks: [{ text: 'evt.type = connect', macros: ['reaches_out'] }] },
    });
  });

  test('of several events that which came closest explains', () => {
    const far = '{evt.type: open}';
    const near = `{evt.type: connect, fd.sip: 213.215.222.58, k8s.ns.name: kube-system}`;
    const { differences } = one(`[${far}, ${near}]`, `{alerts: [${ANY}, {rule: Site}]}`);
    expect(differences).toMatchObject([
      { why: { event: 2, checks: [{ text: 'k8s.ns.name = kube-system', result: true }] } },
    ]);
  });

  test('an alert that nobody expected', () => {
    const { differences, alerts } = one(TO_SITE, `{alerts: [${ANY}]}`);
    expect(differences).toEqual([{ kind: 'unexpected', alert: alerts[0] }]);
    expect(alerts[0]).toMatchObject({ rule: 'Site', event: 1 });
    expect(one(TO_SITE, 'none').differences).toHaveLength(2);
  });

  test('an alert that tells something else', () => {
    const wanted = `{rule: Site, priority: ERROR, output: x, fields: {fd.sport: 80, proc.pid: 1}}`;
    expect(one(TO_SITE, `{alerts: [${ANY}, ${wanted}]}`).differences).toEqual([
      {
        kind: 'different',
        rule: 'Site',
        event: 1,
        parts: [
          { part: 'priority', expected: 'ERROR', actual: 'WARNING' },
          { part: 'output', expected: 'x', actual: 'curl to 213.215.222.58:443' },
          { part: 'fd.sport', expected: 80, actual: 443 },
          { part: 'proc.pid', expected: 1, actual: undefined },
        ],
      },
    ]);
  });

  test.each([
    ['a rule that is off', '{rule: Off}', { reason: 'off' }],
    ['no event is left', '{rule: Any, count: 3}', { reason: 'no event' }],
  ])('%s', (_, expected, why) => {
    expect(one(TO_SITE, `{alerts: [{rule: Site}, ${expected}, ${ANY}]}`).differences[0]).toMatchObject({
      why,
    });
  });

  test('a rule that another hides, when the first that fits ends it', () => {
    const { differences } = one(TO_SITE, `{alerts: [{rule: Site}, ${ANY}]}`, 'matching: first\n');
    expect(differences).toMatchObject([{ rule: 'Any', why: { reason: 'hidden', event: 1, by: 'Site' } }]);
  });

  test('people read it, and no control character with it', () => {
    const evil = `{evt.type: connect, proc.name: "\\e[2J", fd.sip: 213.215.222.58, fd.sport: 1}`;
    const text = renderResults(run(test1(evil, `{alerts: [{rule: Off}, ${ANY}]}`)));
    expect(text.split('\n')).toEqual([
      't.test.yaml',
      '  ✗ t (t.test.yaml:3:11)',
      '      - Off',
      '          the rule is off (enabled: false)',
      '      + Site (event 1): \\u{1b}[2J to 213.215.222.58:1',
    ]);
  });
});

describe('events', () => {
  const told = (given: string, field: string, more = ''): unknown => {
    const rule = `- rule: T\n  desc: d\n  condition: evt.num >= 0\n  output: "%${field}"\n  priority: INFO\n`;
    const text = test1(given, 'none', more).replace('[r.yaml]', '[x.yaml]');
    return run(text, { 'x.yaml': rule }).tests[0]?.alerts[0]?.output_fields[field];
  };

  test.each([
    ['{evt.type: connect}', 'container.id', '0123456789ab'],
    ['{evt.type: connect}', 'k8s.ns.name', 'default'],
    ['{evt.type: connect, k8s.ns.name: ~}', 'k8s.ns.name', null],
    ['{evt.type: connect, container.id: host}', 'k8s.pod.name', null],
    ['{evt.type: connect}', 'evt.res', 'SUCCESS'],
    ['{evt.type: connect}', 'evt.rawres', 0],
    ['{evt.type: connect, evt.res: ECONNREFUSED}', 'evt.rawres', -111],
    ['{evt.type: connect, evt.rawres: -113}', 'evt.res', 'EHOSTUNREACH'],
    ['{evt.type: connect, evt.rawres: 7}', 'evt.res', 'SUCCESS'],
    ['{evt.type: connect, fd.sip: "::1"}', 'fd.type', 'ipv6'],
    ['{evt.type: connect, evt.res: ETIMEDOUT, evt.arg.addr: "10.0.0.1:80"}', 'fd.typechar', '4'],
    ['{evt.type: connect, evt.rawtime: "2026-11-22T07:41:15.5Z"}', 'evt.rawtime', 1795333275500000000n],
    ['{"proc.aname[2]": bash}', 'proc.aname[2]', 'bash'],
    ['{"k8smeta.ns.label[network]": green}', 'k8smeta.ns.label[network]', 'green'],
    ['{fd.connected: false}', 'fd.connected', false],
  ])('%s: %s is %s', (given, field, value) => {
    expect(told(given, field)).toEqual(value);
  });

  test('a file has defaults of its own, and an event the last word', () => {
    const more = 'defaults: {k8s.ns.name: shop, proc.name: curl}\n';
    expect(told('{evt.type: connect}', 'k8s.ns.name', more)).toBe('shop');
    expect(told('{proc.name: nc}', 'proc.name', more)).toBe('nc');
  });

  test('recorded events and alerts are read from a file', () => {
    const alert = {
      rule: 'x',
      output_fields: { 'evt.type': 'connect', 'fd.sip': '213.215.222.58', 'fd.typechar': '4', mine: 1 },
    };
    const event = '{"evt.type":"connect","fd.typechar":"4"}';
    const text = test1('{file: e.jsonl}', `{alerts: [{rule: Site}, {rule: Any, count: 2}]}`);
    const [result] = run(text, { 'e.jsonl': `${JSON.stringify(alert)}\n\n${event}\n` }).tests;
    expect(result?.differences).toEqual([]);
    // Nothing is made up of what was recorded.
    expect(result?.alerts.map(({ output }) => output)).toContain('any <NA>');
  });
});

describe('a test file that is wrong says where', () => {
  test.each([
    ['tests: {}', 'a test file names rules: [files]'],
    ['', 'a test file is one mapping, with the keys rules and tests'],
    ['[]', 'a test file is one mapping, with the keys rules and tests'],
    ['rules: [', 'not YAML'],
  ])('%j', (text, message) => {
    expect(findings(text)[0]).toContain(message);
  });

  test.each([
    [
      test1('{fd.dip: 1.2.3.4}', 'none'),
      't.test.yaml:4:13 invalid-test there is no field fd.dip (did you mean fd.ip (either address)?)',
    ],
    [test1('{fd.sip: 1.2.3}', 'none'), "t.test.yaml:4:21 invalid-test fd.sip: '1.2.3' is no address"],
    [test1('{fd.sport: 70000}', 'none'), "t.test.yaml:4:23 invalid-test fd.sport: '70000' is no port"],
    [
      test1('{evt.type: conect}', 'none'),
      "t.test.yaml:4:23 invalid-test evt.type: there is no event 'conect' (did you mean connect?)",
    ],
    [
      test1('{fd.connected: maybe}', 'none'),
      "t.test.yaml:4:27 invalid-test fd.connected: 'maybe' is neither true nor false",
    ],
    [
      test1('{fd.snet: 10.0.0.0/8}', 'none'),
      't.test.yaml:4:13 invalid-test fd.snet follows from other fields (tell fd.sip)',
    ],
    [
      test1('{"k8s.ns.label[a]": b}', 'none'),
      't.test.yaml:4:14 invalid-test Falco never gives k8s.ns.label a value (write k8smeta.ns.label[a])',
    ],
    [test1('{proc.name: a, proc.name: b}', 'none'), "t.test.yaml:4:27 invalid-test 'proc.name' stands twice"],
    [test1('{proc.name: [a]}', 'none'), 't.test.yaml:4:24 invalid-test proc.name must be one value'],
    [
      test1('{}', '{alert: []}'),
      "t.test.yaml:5:14 invalid-test expect has no key 'alert' (did you mean 'alerts'?)",
    ],
    [test1('{}', 'nothing'), "t.test.yaml:5:13 invalid-test expect must be 'none' or 'alerts: […]'"],
    [
      test1('{}', '{alerts: [{rule: Sit}]}'),
      "t.test.yaml:5:30 invalid-test there is no rule 'Sit' (did you mean 'Site'?)",
    ],
    [
      test1('{}', '{alerts: [{rule: Site, count: -1}]}'),
      't.test.yaml:5:43 invalid-test count must be a whole number',
    ],
    [
      test1('{}', '{alerts: [{rule: Site, output: /(/}]}'),
      't.test.yaml:5:44 invalid-test the regular expression',
    ],
    [
      test1('{}', '{alerts: [{rule: Site, priority: WARN}]}'),
      't.test.yaml:5:46 invalid-test priority must be one of',
    ],
    [
      test1('{}', 'none', 'matching: frist\n'),
      "t.test.yaml:2:11 invalid-test matching must be one of first, all (did you mean 'first'?)",
    ],
    [test1('{}', 'none', 'falco: 0.1.0\n'), 't.test.yaml:2:8 invalid-test Falco version'],
    [
      test1('{}', 'none', 'plugins: [k8smata]\n'),
      "t.test.yaml:2:11 invalid-test plugins must be one of container, k8smeta (did you mean 'k8smeta'?)",
    ],
    [test1('{}', 'none', 'stock: no.yaml\n'), 't.test.yaml:2:8 invalid-test there is no file no.yaml'],
    [test1('{file: no.jsonl}', 'none'), 't.test.yaml:4:19 invalid-test there is no file no.jsonl'],
    [
      test1('{evt.type: connect, evt.res: ECONNREFUSED, fd.sip: 1.1.1.1}', 'none'),
      't.test.yaml:4:55 invalid-test the socket of a connect that failed has no fd.sip',
    ],
    [
      `${test1('{}', 'none')}  - name: t\n    given: {}\n    expect: none\n`,
      "t.test.yaml:6:11 invalid-test two tests are called 't'",
    ],
    [
      'rules: [r.yaml]\ntests: [{name: t, given: {}}]',
      "t.test.yaml:2:16 invalid-test 't' expects nothing (write 'expect: none' for no alert)",
    ],
    [
      'rules: [r.yaml]\ntests: [{name: t, expect: none}]',
      "t.test.yaml:2:16 invalid-test 't' has no events: given",
    ],
    [
      'rules: [r.yaml]\ntest: []',
      "t.test.yaml:2:1 invalid-test a test file has no key 'test' (did you mean 'tests'?)",
    ],
  ])('%j', (text, finding) => {
    expect(findings(text)[0]).toContain(finding);
  });

  test.each([
    ['{"fd.dip":"1.2.3.4"}', 'e:1:1 invalid-test there is no field fd.dip'],
    ['{"fd.sport":1}\n{"fd.sport":"x"}', "e:2:1 invalid-test fd.sport: 'x' is no port"],
    ['{"fd.sport":1}\nx', 'e:2:1 invalid-test not JSON'],
    ['[]', 'e:1:1 invalid-test an event is a JSON object'],
    ['{"proc.name":{}}', 'e:1:1 invalid-test proc.name: a field is text'],
    ['{"output_fields":1}', 'e:1:1 invalid-test output_fields must be an object'],
    ['\n', 't.test.yaml:4:19 invalid-test e holds no event'],
  ])('so does a file of events: %j', (text, finding) => {
    expect(findings(test1('{file: e}', 'none'), { e: text })[0]).toContain(finding);
  });

  test('a file of events is not read out to the end if every line is wrong', () => {
    const wrong = findings(test1('{file: e}', 'none'), { e: 'x\n'.repeat(10_000) });
    expect(wrong.length).toBeLessThan(100);
  });

  test('rules that Falco would refuse are named with their place', () => {
    const broken = { 'r.yaml': RULES.replace('fd.sip in', 'fd.dip in') };
    expect(findings(test1('{}', 'none'), broken)).toEqual([
      expect.stringMatching(/^r.yaml:7:30 LOAD_ERR_COMPILE_CONDITION there is no field fd.dip/),
    ]);
  });
});

describe('stock rules', () => {
  const rules = {
    'r.yaml': '- rule: Mine\n  desc: d\n  condition: outbound\n  output: o\n  priority: INFO\n',
  };
  const stock =
    '- macro: outbound\n  condition: evt.type = connect\n- rule: Theirs\n  desc: d\n  condition: outbound\n  output: o\n  priority: INFO\n';
  const given = test1('{evt.type: connect}', '{alerts: [{rule: Mine}]}');

  test('a rule that needs them can’t be tested by their names alone', () => {
    expect(findings(given, rules)).toEqual([
      "t.test.yaml:1:9 invalid-test rule 'Mine' uses stock rules of which only the names are known (name their file: stock: …/falco_rules.yaml)",
    ]);
  });

  test('the alerts of stock rules count where a test names the rule only', () => {
    expect(run(given, rules, stock).passed).toBe(true);
    const both = test1('{evt.type: connect}', '{alerts: [{rule: Mine}, {rule: Theirs, count: 2}]}');
    expect(run(both, rules, stock).tests[0]?.differences).toHaveLength(1);
    const named = test1('{evt.type: connect}', '{alerts: [{rule: Mine}]}', 'stock: s2.yaml\n');
    expect(run(named, { ...rules, 's2.yaml': stock }).passed).toBe(true);
  });
});

test('rules are taken out of a manifest', () => {
  const indented = RULES.replace(/^/gm, '    ');
  const manifest = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: r}\ndata:\n  r.yaml: |\n${indented}`;
  expect(run(test1(TO_SITE, `{alerts: [{rule: Site}, ${ANY}]}`), { 'r.yaml': manifest }).passed).toBe(true);
  const broken = manifest.replace('fd.sip in', 'fd.dip in');
  expect(findings(test1('{}', 'none'), { 'r.yaml': broken })[0]).toMatch(/^r.yaml:12:34 /);
});
