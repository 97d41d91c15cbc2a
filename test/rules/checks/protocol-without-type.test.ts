import { found } from './found';

const CODE = 'protocol-without-type';

test.each([
  ['evt.type in (write, sendto) and fd.l4proto != tcp', 'fd.l4proto != tcp'],
  ['evt.type = sendto and not fd.l4proto in (tcp, icmp)', 'fd.l4proto in (tcp, icmp)'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type = sendto and fd.typechar in (4, 6) and fd.l4proto != tcp',
  'evt.type = sendto and (fd.typechar = 4 or fd.type = ipv6) and fd.l4proto != tcp',
  'evt.type = sendto and fd.sport = 53 and fd.l4proto != tcp',
  'evt.type = sendto and fd.l4proto = udp',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});
