import { found, mendOf } from './found';

const CODE = 'field-never-set';

test.each([
  ['evt.type = connect and not k8s.ns.label[network] in (green, blue)', 'k8s.ns.label[network]'],
  ['evt.type = connect and k8s.deployment.name = a', 'k8s.deployment.name'],
  ['evt.type = connect and tolower(k8s.rs.name) = a', 'k8s.rs.name'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type = connect and k8s.ns.name = a',
  'evt.type = connect and k8s.pod.label[a] = b',
  'evt.type = connect and k8smeta.deployment.name = a',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});

test.each([
  [
    'evt.type = connect and k8s.ns.label[network] = green',
    'write k8smeta.ns.label[network] (plugin k8smeta)',
  ],
  ['evt.type = connect and k8s.svc.id = a', 'write k8smeta.svc.uid (plugin k8smeta)'],
])('the mend of %s', (condition, hint) => {
  expect(mendOf(CODE, condition)).toBe(hint);
});
