import { found, mendOf } from './found';

const CODE = 'long-process-name';

test.each([
  ['evt.type = connect and proc.name = kube-controller-manager', 'kube-controller-manager'],
  ['evt.type = connect and not proc.pname in (a, "containerd-shim-runc-v2")', '"containerd-shim-runc-v2"'],
  ['evt.type = connect and proc.aname[2] startswith systemd-networkd', 'systemd-networkd'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type = connect and proc.name = abcdefghijklmno',
  'evt.type = connect and proc.exepath = /usr/bin/kube-controller-manager',
  'evt.type = connect and proc.name glob "*controller-manager"',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});

test.each([
  [
    'evt.type = connect and proc.name = kube-controller-manager',
    'write kube-controller, or compare proc.exepath',
  ],
])('the mend of %s', (condition, hint) => {
  expect(mendOf(CODE, condition)).toBe(hint);
});
