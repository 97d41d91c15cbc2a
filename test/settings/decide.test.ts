import {
  all,
  each,
  eachEntry,
  either,
  first,
  given,
  is,
  moreThan,
  not,
  present,
  some,
  times,
  valuesAt,
  when,
} from '../../lib/settings/decide';

test.each([
  [false, false],
  [true, true],
  ['', false],
  ['x', true],
  [0, false],
  [1, true],
  [[], false],
  [[''], true],
  [{}, false],
  [{ a: '' }, true],
  [undefined, false],
])('given(%j) is %s, as in a Helm template', (value, expected) => {
  expect(given(value)).toBe(expected);
});

test('conditions', () => {
  expect([is('a', 'a'), is<string>('a', 'b'), not(true), moreThan(2, 1), moreThan(1, 1)]).toEqual([
    true,
    false,
    false,
    true,
    false,
  ]);
  expect([all(true, false), all(), some(false, true), some()]).toEqual([false, true, true, false]);
});

test('what is not wanted is not made', () => {
  const make = jest.fn(() => 1);
  expect(when(false, make)).toBeUndefined();
  expect(either(false, make, () => 2)).toBe(2);
  expect(make).not.toHaveBeenCalled();
  expect(either(true, make, () => 2)).toBe(1);
});

test('lists keep their order, maps come in the order of their keys', () => {
  expect(each([3, 1], (n) => n * 2)).toEqual([6, 2]);
  expect(eachEntry({ b: 1, a: 2 }, (key, value) => `${key}${value}`)).toEqual(['a2', 'b1']);
  expect(present([1, undefined, 0])).toEqual([1, 0]);
});

test('first of a list, as of an empty one', () => {
  expect([first(['green', 'blue']), first([])]).toEqual(['green', '']);
});

test('values at a key are those that say anything', () => {
  const items: { a?: string; b?: boolean }[] = [{ a: 'x', b: false }, {}, { a: '' }, { a: 'x', b: true }];
  expect(valuesAt(items, 'a')).toEqual(['x', 'x']);
  expect(valuesAt(items, 'b')).toEqual([true]);
  expect([times(valuesAt(items, 'a'), 'x'), times([], 'x')]).toEqual([2, 0]);
});
