import { found, mendOf } from './found';

const CODE = 'number-as-text';

test.each([
  ['evt.type = connect and evt.arg.fd > 9', 'evt.arg.fd > 9'],
  ['evt.type = connect and k8s.pod.label[tier] < 10', 'k8s.pod.label[tier] < 10'],
  ['evt.type = connect and evt.res = 0', 'evt.res = 0'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type = connect and evt.rawres = 0',
  'evt.type = connect and fd.sport > 1024',
  'evt.type = connect and k8s.pod.label[tier] = 10',
  'evt.type = connect and evt.res = SUCCESS',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});

test.each([
  ['evt.type = connect and evt.arg.fd > 9', 'use evt.rawarg.fd, if that is a number'],
  ['evt.type = connect and evt.res = 0', 'use evt.rawres for the number'],
])('the mend of %s', (condition, hint) => {
  expect(mendOf(CODE, condition)).toBe(hint);
});
