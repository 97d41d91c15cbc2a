import { found, mendOf } from './found';

const CODE = 'metadata-may-be-late';

test.each([
  ['evt.type = connect and k8s.ns.name != ""', 'k8s.ns.name != ""'],
  ['evt.type = connect and k8s.pod.name exists', 'k8s.pod.name exists'],
  ['evt.type = connect and k8s.ns.name != "<NA>"', 'k8s.ns.name != "<NA>"'],
  ['evt.type = connect and k8smeta.ns.name exists', 'k8smeta.ns.name exists'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type = connect and not k8s.ns.name exists',
  'evt.type = connect and container.id != host',
  'evt.type = connect and k8s.ns.name = shop',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});

test.each([['evt.type = connect and k8s.ns.name != ""', 'write: container.id != host']])(
  'the mend of %s',
  (condition, hint) => {
    expect(mendOf(CODE, condition)).toBe(hint);
  },
);
