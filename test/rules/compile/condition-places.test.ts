import { ConditionText } from '../../../lib/rules/compile/condition-text';
import { expandLists } from '../../../lib/rules/compile/list-expansion';
import { valueOf, type Report, type ScalarNode } from '../../../lib/rules/read/node';
import { parseYaml } from '../../../lib/rules/read/yaml';

function scalarOf(yaml: string): { scalar: ScalarNode; report: Report } {
  const { roots, report } = parseYaml({ name: 'f.yaml', text: `condition: ${yaml}` });
  const [root] = roots;
  const scalar = root?.type === 'mapping' ? valueOf(root, 'condition') : undefined;
  if (scalar?.type !== 'scalar') throw new Error(`no scalar: ${yaml}`);
  return { scalar, report };
}

/** What of the file is underlined for a word of the condition. */
function shown(text: ConditionText, word: string, nth = 0): string | undefined {
  let start = text.text.indexOf(word);
  for (let i = 0; i < nth; i++) start = text.text.indexOf(word, start + 1);
  const place = text.placeOf({ start, end: start + word.length });
  return place?.report.source(place.range);
}

describe('where a word of a condition was written', () => {
  test.each([
    ['plain', 'evt.type = connect and fd.dip in (x)'],
    ['over lines', 'evt.type = connect\n  and\n  fd.dip in (x)'],
    ['in double quotes', '"evt.type = \\"connect\\" and fd.dip in (x)"'],
    [
      'in double quotes with escapes',
      '"evt.type = \\x63onnect\\tand \\u0066d.dip in (x)"'.replace('\\u0066', 'f'),
    ],
    ['in double quotes over lines', '"evt.type = connect \\\n   and fd.dip in (x)"'],
    ['in single quotes', "'evt.type = ''connect'' and fd.dip in (x)'"],
    ['a literal block', '|\n  evt.type = connect\n  and fd.dip in (x)\n'],
    ['a folded block', '>-\n  evt.type = connect\n  and fd.dip in (x)\n'],
    ['a block with its own indentation', '|2-\n    evt.type = connect\n    and fd.dip in (x)\n'],
    ['with lines that end as in Windows', '>\r\n  evt.type = connect\r\n  and fd.dip in (x)\r\n'],
    ['beyond the basic plane', "'proc.name = \u{1f600} and fd.dip in (x)'"],
  ])('%s', (_, yaml) => {
    const { scalar, report } = scalarOf(yaml);
    expect(shown(ConditionText.of(scalar, report), 'fd.dip')).toBe('fd.dip');
  });

  test('an item of a list is shown as the name of the list', () => {
    const { scalar, report } = scalarOf('proc.name in (a, shells) and fd.dip = 1');
    const { text } = expandLists(ConditionText.of(scalar, report), [
      { name: 'shells', items: ['sh', 'zsh'], complete: true },
    ]);
    expect([shown(text, 'zsh'), shown(text, 'fd.dip'), shown(text, 'a,')]).toEqual([
      'shells',
      'fd.dip',
      'a,',
    ]);
  });

  test('what was appended is shown where that was written', () => {
    const [first, second] = [scalarOf('evt.type = connect'), scalarOf('and fd.dip = 1')];
    const text = ConditionText.join(
      ConditionText.of(first.scalar, first.report),
      ConditionText.made(' '),
      ConditionText.of(second.scalar, second.report),
    );
    expect(shown(text, 'connect')).toBe('connect');
    expect(shown(text, 'fd.dip')).toBe('fd.dip');
    expect(text.placeOf({ start: 0, end: 1 })?.report).toBe(first.report);
    expect(text.placeOf({ start: text.text.indexOf('and'), end: text.text.length })?.report).toBe(
      second.report,
    );
  });

  test('the end of the text is shown where it ends', () => {
    const { scalar, report } = scalarOf('evt.type =');
    const text = ConditionText.of(scalar, report);
    const place = text.placeOf({ start: text.text.length, end: text.text.length });
    expect(place && report.position(place.range.start)).toEqual({ line: 1, column: 21 });
  });

  test('text that nobody wrote has no place', () => {
    expect(ConditionText.made('evt.type = connect').placeOf({ start: 0, end: 3 })).toBeUndefined();
  });
});
