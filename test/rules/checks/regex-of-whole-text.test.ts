import { found, mendOf } from './found';

const CODE = 'regex-of-whole-text';

test.each([
  ['evt.type = connect and proc.cmdline regex "(curl|wget)"', '"(curl|wget)"'],
  ['evt.type = connect and proc.args regex "a|b"', '"a|b"'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type = connect and proc.cmdline regex ".*(curl|wget).*"',
  'evt.type = connect and proc.name regex "(curl|wget)"',
  'evt.type = connect and proc.cmdline regex "^(curl|wget)$"',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});

test.each([['evt.type = connect and proc.cmdline regex "a|b"', 'write: proc.cmdline regex ".*(a|b).*"']])(
  'the mend of %s',
  (condition, hint) => {
    expect(mendOf(CODE, condition)).toBe(hint);
  },
);
