import { found } from './found';

const CODE = 'never-true';

test.each([
  ['evt.type = connect and proc.name = a and proc.name = b', 'proc.name = b'],
  ['evt.type = connect and proc.name in (a, b) and not proc.name in (a, b, c)', 'proc.name in (a, b, c)'],
  ['evt.type = connect and fd.name startswith /etc and fd.name = /tmp/a', 'fd.name = /tmp/a'],
  ['evt.type = connect and evt.rawres >= 0 and fd.sport = 80 and fd.sport = 443', 'fd.sport = 443'],
  ['evt.type = connect and user.uid = 0 and user.uid != 0', 'user.uid != 0'],
  ['evt.type = connect and user.uid = 5 and user.uid > 10', 'user.uid > 10'],
  ['evt.type = connect and evt.rawres >= 0 and fd.sip = "::1" and fd.sip = "::2"', 'fd.sip = "::2"'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type = connect and proc.name in (a, b) and proc.name = b',
  'evt.type = connect and evt.rawres >= 0 and fd.sport = 80 and fd.sport = http',
  'evt.type = connect and user.uid = 5 and user.uid = 05',
  'evt.type = connect and evt.rawres >= 0 and fd.sip = "::1" and fd.sip = "0:0::1"',
  'evt.type = connect and evt.rawres >= 0 and fd.port = 80 and fd.port = 443',
  'evt.type = connect and proc.name in (a, b) and not proc.name = a',
  'evt.type = connect and proc.aname = a and proc.aname = b',
  'evt.type = connect and (proc.name = a or proc.name = b)',
  'evt.type = connect and proc.name = a and tolower(proc.name) = b',
  'evt.type = connect and proc.name = a and proc.name != val(proc.pname)',
  'evt.type = connect and evt.type = open',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});
