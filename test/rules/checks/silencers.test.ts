import { lintsOf } from './found';

const HEAD = '- rule: A';
const BODY = [
  '  desc: d',
  '  condition: evt.type = connect and fd.lport = 80',
  '  output: "%proc.cmdline"',
  '  priority: INFO',
];
const LPORT = 'ends-in-another-namespace [fd.lport]';
const CMDLINE = 'secrets-in-output [%proc.cmdline]';
const ALLOW = '# falco-egress: allow';

/** The rule with a comment before one of its lines: 0 is that of its name. */
function above(line: number, comment: string): string[] {
  const lines = [HEAD, ...BODY];
  return lintsOf([...lines.slice(0, line), comment, ...lines.slice(line), ''].join('\n'));
}

test('what nobody silences', () => {
  expect(lintsOf([HEAD, ...BODY, ''].join('\n'))).toEqual([LPORT, CMDLINE]);
});

test.each([
  [0, `${ALLOW} ends-in-another-namespace`, [CMDLINE]],
  [0, `${ALLOW} ends-in-another-namespace because we run on the host`, [CMDLINE]],
  [0, `${ALLOW} ends-in-another-namespace, secrets-in-output because it is so`, []],
  [0, `#falco-egress:allow secrets-in-output`, [LPORT]],
  [2, `  ${ALLOW} ends-in-another-namespace`, [CMDLINE]],
  [3, `  ${ALLOW} secrets-in-output because nothing leaves`, [LPORT]],
])('before line %d: %s', (line, comment, left) => {
  expect(above(line, comment)).toEqual(left);
});

test.each([
  [3, 'ends-in-another-namespace'],
  [2, 'secrets-in-output'],
  [0, 'never-true'],
])('a comment before line %d that silences nothing: %s', (line, code) => {
  const lints = above(line, `  ${ALLOW} ${code}`.slice(line === 0 ? 2 : 0));
  expect(lints).toContain(`unused-silencer [${ALLOW} ${code}]`);
  expect(lints).toEqual(expect.arrayContaining([LPORT, CMDLINE]));
});

test('a comment at the end of a line is about that line’s part', () => {
  const [desc = '', condition = '', ...rest] = BODY;
  const at = (first: string, second: string): string[] =>
    lintsOf([first, desc, second, ...rest, ''].join('\n'));
  expect(at(HEAD, `${condition} ${ALLOW} ends-in-another-namespace`)).toEqual([CMDLINE]);
  expect(at(`${HEAD} ${ALLOW} ends-in-another-namespace, secrets-in-output`, condition)).toEqual([]);
});

test('it is about its own item only', () => {
  const text = [`${ALLOW} secrets-in-output`, HEAD, ...BODY, '- rule: B', ...BODY, ''].join('\n');
  expect(lintsOf(text)).toEqual([LPORT, LPORT, CMDLINE]);
});

test('in a condition of several lines', () => {
  const block = ['  condition: >', '    evt.type = connect', '    and fd.lport = 80'];
  const text = [
    HEAD,
    '  desc: d',
    `  ${ALLOW} ends-in-another-namespace`,
    ...block,
    '  output: x',
    '  priority: INFO',
    '',
  ];
  expect(lintsOf(text.join('\n'))).toEqual([]);
});

test('within a text it is no comment', () => {
  const text = [HEAD, '  desc: |', `    ${ALLOW} secrets-in-output`, ...BODY.slice(1), ''].join('\n');
  expect(lintsOf(text)).toEqual([LPORT, CMDLINE]);
});

test.each([
  [`${ALLOW} secret-in-output`, 'unknown-lint'],
  [`${ALLOW} LOAD_NO_EVTTYPE`, 'unknown-lint'],
  [`# falco-egress: alow secrets-in-output`, 'invalid-silencer'],
  [ALLOW, 'invalid-silencer'],
])('%s is %s', (comment, code) => {
  expect(above(0, comment)).toEqual([`${code} [${comment}]`, LPORT, CMDLINE]);
});

test('with any line ends and a byte order mark', () => {
  const text = `\ufeff${[`${ALLOW} secrets-in-output`, HEAD, ...BODY, ''].join('\r\n')}`;
  expect(lintsOf(text).map((lint) => lint.split(' ')[0])).toEqual(['ends-in-another-namespace']);
});
