import { ConditionText } from '../../../lib/rules/compile/condition-text';
import { expandLists } from '../../../lib/rules/compile/list-expansion';
import { ConditionError } from '../../../lib/rules/language/condition-error';

function expanded(text: string, lists: Record<string, readonly string[]>): string {
  const known = Object.entries(lists).map(([name, items]) => ({ name, items, complete: true }));
  return expandLists(ConditionText.made(text), known).text.text;
}

describe('lists in a condition', () => {
  test.each([
    ['proc.name in (l)', { l: ['a', 'b'] }, 'proc.name in ( a, b )'],
    ['proc.name in (x, l, y)', { l: ['a', 'b'] }, 'proc.name in (x, a, b , y)'],
    ['proc.name in l', { l: ['a', 'b'] }, 'proc.name in a, b '],
    ['proc.name in (l)', { l: ['my prog', '"it is"'] }, 'proc.name in ( "my prog", "it is" )'],
    ['proc.name=l', { l: ['a'] }, 'proc.name= a '],
  ])('%s', (text, lists, result) => {
    expect(expanded(text, lists)).toBe(result);
  });

  test('an empty one takes a comma with it', () => {
    expect(expanded('f in (a,l)', { l: [] })).toBe('f in (a  )');
    expect(expanded('f in (l,a)', { l: [] })).toBe('f in (  a)');
    expect(expanded('f in (l)', { l: [] })).toBe('f in (  )');
  });

  test('are found as whole words only, but in quotes too', () => {
    expect(expanded('f in (ll, l-l, "l", l.l)', { l: ['a'] })).toBe('f in (ll, l-l, "l", l.l)');
    expect(expanded('f = "x l y"', { l: ['a'] })).toBe('f = "x a y"');
  });

  test('may hold later lists, but not earlier ones or themselves', () => {
    expect(expanded('f in (l)', { l: ['m', 'l'], m: ['a'] })).toBe('f in ( a , l )');
    expect(expanded('f in (m)', { l: ['a'], m: ['l'] })).toBe('f in ( l )');
  });

  test('of which only the name is known leave nothing, and say so', () => {
    const text = ConditionText.made('f in (a, l)');
    const { text: whole, incomplete, used } = expandLists(text, [{ name: 'l', items: [], complete: false }]);
    expect([whole.text, incomplete, [...used]]).toEqual(['f in (a  )', true, ['l']]);
  });

  test('that double again and again are refused before memory ends', () => {
    const lists = Array.from({ length: 64 }, (_, i) => ({
      name: `l${i}`,
      items: [`l${i + 1}`, `l${i + 1}`],
      complete: true,
    }));
    expect(() => expandLists(ConditionText.made('f in (l0)'), lists)).toThrow(ConditionError);
  });
});
