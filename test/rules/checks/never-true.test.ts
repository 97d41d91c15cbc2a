import { found } from './found';

const CODE = 'never-true';

test.each([
  ['evt.type = connect and proc.name = a and proc.name = b', 'proc.name = b'],
  ['evt.type = connect and proc.name in (a, b) and not proc.name in (a, b, c)', 'proc.name in (a, b, c)'],
  ['evt.type = connect and fd.name startswith /etc and fd.name = /tmp/a', 'fd.name = /tmp/a'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type = connect and proc.name in (a, b) and proc.name = b',
  'evt.type = connect and proc.name in (a, b) and not proc.name = a',
  'evt.type = connect and proc.aname = a and proc.aname = b',
  'evt.type = connect and (proc.name = a or proc.name = b)',
  'evt.type = connect and proc.name = a and tolower(proc.name) = b',
  'evt.type = connect and proc.name = a and proc.name != val(proc.pname)',
  'evt.type = connect and evt.type = open',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});
