import { renderFindings, type Finding } from '../../lib/rules';

const finding: Finding = {
  file: 'rules/egress.yaml',
  line: 2,
  column: 5,
  length: 6,
  severity: 'error',
  code: 'LOAD_ERR_COMPILE_CONDITION',
  message: "unknown field 'fd.dip'",
  hint: "did you mean 'fd.sip'?",
};

function file(line: string): { name: string; text: string } {
  return { name: finding.file, text: `first\n${line}\nlast` };
}

describe('renderFindings', () => {
  test('frames the place', () => {
    expect(renderFindings([finding], [file('and fd.dip in (x)')])).toBe(
      [
        "rules/egress.yaml:2:5 error LOAD_ERR_COMPILE_CONDITION unknown field 'fd.dip'",
        '  2 | and fd.dip in (x)',
        "    |     ^^^^^^ did you mean 'fd.sip'?",
      ].join('\n'),
    );
  });

  test('does without the text of the file', () => {
    expect(renderFindings([finding])).toBe(
      "rules/egress.yaml:2:5 error LOAD_ERR_COMPILE_CONDITION unknown field 'fd.dip'\n  did you mean 'fd.sip'?",
    );
    expect(renderFindings([{ ...finding, hint: undefined }])).not.toContain('\n');
  });

  test('cuts a long line around the place', () => {
    const line = `${'a'.repeat(300)}fd.dip${'b'.repeat(300)}`;
    const [, shown = '', marks = ''] = renderFindings([{ ...finding, column: 301 }], [file(line)]).split(
      '\n',
    );
    expect(shown.length).toBeLessThan(120);
    expect(shown).toContain('…aaa');
    expect(shown).toContain('bbb…');
    expect(marks.indexOf('^')).toBe(shown.indexOf('fd.dip'));
  });

  test('underlines nothing that is not shown', () => {
    const marked = renderFindings([{ ...finding, column: 1, length: 300 }], [file('a'.repeat(300))]);
    expect(/\^+/.exec(marked)?.[0]).toHaveLength(100);
  });

  test('lets no control character through', () => {
    const shown = renderFindings(
      [{ ...finding, message: 'a\u001b[31m\u202eb' }],
      [file('\tx\u001b]0;t\u0007y')],
    );
    expect(shown).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect(shown).toContain('  2 |  x\ufffd]0;t\ufffdy');
  });

  test('takes any line ends', () => {
    expect(renderFindings([finding], [{ name: finding.file, text: 'a\r\nb b b b\rc' }])).toContain(
      '  2 | b b b b',
    );
  });
});
