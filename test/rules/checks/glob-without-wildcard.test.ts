import { found, mendOf } from './found';

const CODE = 'glob-without-wildcard';

test.each([['evt.type = connect and proc.name glob curl', 'proc.name glob curl']])(
  '%s',
  (condition, marked) => {
    expect(found(CODE, condition)).toEqual([marked]);
  },
);

test.each([
  'evt.type = connect and proc.name glob "cur*"',
  'evt.type = connect and proc.name glob "cur?"',
  'evt.type = connect and proc.name = curl',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});

test.each([['evt.type = connect and proc.name glob curl', 'write: proc.name = curl, or glob "*curl*"']])(
  'the mend of %s',
  (condition, hint) => {
    expect(mendOf(CODE, condition)).toBe(hint);
  },
);
