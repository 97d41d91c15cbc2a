import { setTimeout } from 'node:timers/promises';
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

// Work that grows with the square of these would run into jest's limit for a test, which holds at the first await.
const MANY = 30_000;

describe('a text of many parts', () => {
  const { scalar, report } = scalarOf('a=1 and');
  const own = ConditionText.of(scalar, report);

  test('is put together once, not anew for each part', async () => {
    let text = own;
    for (let i = 1; i < MANY; i++) text = ConditionText.join(text, ConditionText.made(' '), own);
    await setTimeout(1);
    expect(text.text).toHaveLength(MANY * 8 - 1);
  });

  test('tells of each part where it was written', async () => {
    const text = ConditionText.joined(Array.from({ length: MANY }, () => own));
    const places = Array.from({ length: MANY }, (_, i) => text.placeOf({ start: i * 7, end: i * 7 + 1 }));
    await setTimeout(1);
    expect(new Set(places.map((place) => place?.report.source(place.range)))).toEqual(new Set(['a']));
    expect(shown(ConditionText.join(text, ConditionText.made(')')), ')')).toBe('d');
  });

  test('keeps no blanks around it, however many there are within', async () => {
    const { scalar: wide, report: of } = scalarOf(`"  a${' '.repeat(10 * MANY)}b  "`);
    const { text } = ConditionText.of(wide, of).trimmed();
    await setTimeout(1);
    expect([text.length, text.at(0), text.at(-1)]).toEqual([10 * MANY + 2, 'a', 'b']);
  });

  test('can have lists in it', () => {
    const text = ConditionText.joined(Array.from({ length: 10 * MANY }, () => ConditionText.made(' l ')));
    const { text: whole } = expandLists(text, [{ name: 'nothing', items: [], complete: true }]);
    expect(whole.text).toHaveLength(30 * MANY);
    expect(text.replace([{ start: text.text.length - 2, end: text.text.length, text: '!' }]).text).toMatch(
      /!$/,
    );
  });
});
