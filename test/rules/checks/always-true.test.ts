import { found, mendOf } from './found';

const CODE = 'always-true';

test.each([
  ['evt.type = connect and (proc.name != a or proc.name != b)', 'proc.name != b'],
  ['evt.type = connect and (not proc.name = a or not proc.name = b)', 'not proc.name = b'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type = connect and proc.name != a and proc.name != b',
  'evt.type = connect and not (proc.name != a or proc.name != b)',
  'evt.type = connect and (proc.name != a or proc.pname != b)',
  'evt.type = connect and (proc.name != a or proc.name != a)',
  'evt.type = connect and (proc.aname != a or proc.aname != b)',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});

test.each([['evt.type = connect and (proc.name != a or proc.name != b)', 'write: and not proc.name = b']])(
  'the mend of %s',
  (condition, hint) => {
    expect(mendOf(CODE, condition)).toBe(hint);
  },
);
