import { found } from './found';

const CODE = 'deprecated-field';

test.each([
  ['evt.type = execve and container.healthcheck exists', 'container.healthcheck'],
  ['evt.type = execve and proc.is_container_healthcheck = true', 'proc.is_container_healthcheck'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type = connect and evt.dir = <',
  'evt.type = connect and k8s.ns.label[a] = b',
  'evt.type = connect and container.name = a',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});
