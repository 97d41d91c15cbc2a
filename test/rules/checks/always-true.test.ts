import { found, mendOf } from './found';

const CODE = 'always-true';

test.each([
  ['evt.type = connect and (proc.name != a or proc.name != b)', 'proc.name != b'],
  ['evt.type = connect and (not proc.name = a or not proc.name = b)', 'not proc.name = b'],
  ['evt.type = connect and evt.rawres >= 0 and (user.uid != 0 or user.uid != 1)', 'user.uid != 1'],
  ['evt.type = connect and (fd.sport != 80 or fd.sport != 443)', 'fd.sport != 443'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type = connect and proc.name != a and proc.name != b',
  'evt.type = connect and (user.uid != 0 or user.uid != 00)',
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
