import { found, mendOf } from './found';

const CODE = 'ends-in-another-namespace';

test.each([
  ['evt.type = connect and fd.lport = 80', 'fd.lport'],
  ['evt.type = connect and not fd.rip in ("10.0.0.1")', 'fd.rip'],
  ['evt.type = connect and fd.sport = val(fd.rport)', 'fd.rport'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each(['evt.type = connect and fd.sport = 80', 'evt.type = connect and fd.cip = "10.0.0.1"'])(
  'not %s',
  (condition) => {
    expect(found(CODE, condition)).toEqual([]);
  },
);

test.each([['evt.type = connect and fd.rport = 80', 'use fd.sport (server) or fd.cport (client)']])(
  'the mend of %s',
  (condition, hint) => {
    expect(mendOf(CODE, condition)).toBe(hint);
  },
);
