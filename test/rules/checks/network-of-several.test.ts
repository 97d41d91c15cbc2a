import { found, mendOf } from './found';

const CODE = 'network-of-several';

test.each([
  [
    'evt.type = connect and fd.net in ("10.0.0.0/8", "192.168.0.0/16")',
    'fd.net in ("10.0.0.0/8", "192.168.0.0/16")',
  ],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type = connect and fd.net in ("10.0.0.0/8")',
  'evt.type = connect and fd.snet in ("10.0.0.0/8", "192.168.0.0/16")',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});

test.each([
  [
    'evt.type = connect and fd.net in ("10.0.0.0/8", "192.168.0.0/16")',
    'use fd.snet (server) or fd.cnet (client)',
  ],
])('the mend of %s', (condition, hint) => {
  expect(mendOf(CODE, condition)).toBe(hint);
});
