import { found } from './found';

const CODE = 'misses-refused-connects';

test.each([
  ['evt.type = connect and fd.sip in ("10.0.0.1")', 'fd.sip in ("10.0.0.1")'],
  [
    'evt.type = connect and (fd.sip = "10.0.0.1" or fd.sip.name = example.org)',
    'fd.sip = "10.0.0.1" or fd.sip.name = example.org',
  ],
  ['evt.type in (connect, sendto) and fd.sport = 25', 'fd.sport = 25'],
  ['evt.type = connect and (evt.res exists or proc.name = a) and fd.sip = "10.0.0.1"', 'fd.sip = "10.0.0.1"'],
  ['evt.type = connect and (evt.rawres >= 0 or proc.name = a) and fd.sport = 25', 'fd.sport = 25'],
  ['evt.type = connect and evt.res exists and fd.sport = 25', 'fd.sport = 25'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type = connect and (fd.sip in ("10.0.0.1") or evt.arg.addr startswith "10.0.0.1:")',
  'evt.type = connect and evt.rawres >= 0 and fd.sip = "10.0.0.1"',
  'evt.type = connect and (evt.rawres >= 0 or evt.res = EINPROGRESS) and fd.sport = 25',
  'evt.type = connect and not evt.failed = true and fd.sport = 25',
  '((evt.type = connect and evt.rawres >= 0) or evt.type = sendto) and fd.sport = 25',
  'evt.type = accept and fd.sip = "10.0.0.1"',
  'evt.type = connect and not fd.sip = "10.0.0.1"',
  'evt.type = connect and fd.sip exists',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});
