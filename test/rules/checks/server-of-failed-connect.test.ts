import { found } from './found';

const CODE = 'server-of-failed-connect';

test.each([
  ['evt.type = connect and evt.res = ECONNREFUSED and fd.sip = "1.2.3.4"', 'fd.sip = "1.2.3.4"'],
  ['evt.type = connect and evt.rawres < 0 and fd.sport = 443', 'fd.sport = 443'],
  ['evt.type = connect and fd.sip exists and evt.failed = true', 'fd.sip exists'],
  [
    'evt.type = connect and evt.rawres in (-111, -110) and fd.snet != "10.0.0.0/8"',
    'fd.snet != "10.0.0.0/8"',
  ],
  ['evt.type = connect and not evt.rawres >= 0 and fd.sport = 443', 'fd.sport = 443'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type = connect and evt.rawres >= 0 and fd.sport = 443',
  'evt.type = connect and evt.res = EINPROGRESS and fd.sport = 443',
  'evt.type = connect and (evt.rawres < 0 or proc.name = a) and fd.sport = 443',
  'evt.type = connect and evt.failed = false and fd.sport = 443',
  'evt.type = connect and evt.rawres < 0 and not fd.sport = 443',
  'evt.type = connect and evt.rawres < 0 and (fd.sport = 443 or evt.arg.addr endswith ":443")',
  'evt.type = sendto and evt.rawres < 0 and fd.sport = 443',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});
