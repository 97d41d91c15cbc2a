import { inShort, table } from '../../lib/cli/table';

test('columns are as wide as their widest cell, and no line ends in blanks', () => {
  expect(
    table(
      ['A', 'BEE', 'LAST'],
      [
        ['long cell', 'b', 'x'],
        ['a', '', ''],
      ],
    ),
  ).toBe(['A          BEE  LAST', 'long cell  b    x', 'a', ''].join('\n'));
});

test.each([
  [0, '0s'],
  [999, '0s'],
  [12_000, '12s'],
  [4 * 60_000 + 59_000, '4m'],
  [60 * 60_000, '1h'],
  [(3 * 60 + 56) * 60_000, '3h56m'],
  [26 * 3_600_000, '1d2h'],
  [-5, '0s'],
  [NaN, '-'],
])('%d milliseconds are %s', (milliseconds, wanted) => {
  expect(inShort(milliseconds)).toBe(wanted);
});
