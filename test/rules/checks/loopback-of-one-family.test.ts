import { found, mendOf } from './found';

const CODE = 'loopback-of-one-family';

test.each([
  ['evt.type = connect and fd.net != "127.0.0.0/8"', 'fd.net != "127.0.0.0/8"'],
  [
    'evt.type = connect and not fd.snet in ("10.0.0.0/8", "127.0.0.0/8")',
    'fd.snet in ("10.0.0.0/8", "127.0.0.0/8")',
  ],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type = connect and not fd.snet in ("127.0.0.0/8", "::1/128")',
  'evt.type = connect and fd.snet = "127.0.0.0/8"',
  'evt.type = connect and not fd.snet = "127.0.0.0/8" and not fd.snet = "::1/128"',
  'evt.type = connect and not fd.snet = "127.0.0.0/8" and not fd.sip = "::1"',
  'evt.type = connect and fd.typechar = 4 and not fd.snet = "127.0.0.0/8"',
  'evt.type = connect and fd.type = ipv4 and fd.net != "127.0.0.0/8"',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});

test.each([
  ['evt.type = connect and fd.net != "127.0.0.0/8"', 'write: not fd.snet in ("127.0.0.0/8", "::1/128")'],
])('the mend of %s', (condition, hint) => {
  expect(mendOf(CODE, condition)).toBe(hint);
});
