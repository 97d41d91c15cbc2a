import { found, mendOf } from './found';

const CODE = 'address-in-list';

test.each([
  ['evt.type = connect and fd.ip in ("10.0.0.1")', 'fd.ip in ("10.0.0.1")'],
  ['evt.type = connect and not fd.ip in ("10.0.0.1")', 'fd.ip in ("10.0.0.1")'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each(['evt.type = connect and fd.ip = "10.0.0.1"', 'evt.type = connect and fd.sip in ("10.0.0.1")'])(
  'not %s',
  (condition) => {
    expect(found(CODE, condition)).toEqual([]);
  },
);

test.each([['evt.type = connect and fd.ip in ("10.0.0.1")', 'use fd.sip (server) or fd.cip (client)']])(
  'the mend of %s',
  (condition, hint) => {
    expect(mendOf(CODE, condition)).toBe(hint);
  },
);
