import { found } from './found';

const CODE = 'connected-after-send';

test.each([
  ['evt.type in (sendto, sendmsg) and fd.connected = false', 'fd.connected = false'],
  ['evt.type = sendmmsg and not fd.connected = true', 'fd.connected = true'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type in (bind, sendto) and fd.connected = false',
  'evt.type = sendto and fd.connected = true',
  'evt.type = sendto and not fd.connected = false',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});
