import { found, mendOf } from './found';

const CODE = 'empty-field-comparison';

test.each([
  ['evt.type = connect and k8smeta.ns.label[network] != green', 'k8smeta.ns.label[network] != green'],
  ['evt.type = connect and k8s.ns.name != kube-system', 'k8s.ns.name != kube-system'],
  ['evt.type = connect and container.image.repository != nginx', 'container.image.repository != nginx'],
  ['evt.type = connect and proc.aname[2] != sshd', 'proc.aname[2] != sshd'],
  ['evt.type = connect and fd.sip != "10.0.0.1"', 'fd.sip != "10.0.0.1"'],
  ['evt.type = connect and fd.cport != 80', 'fd.cport != 80'],
  ['evt.type = connect and tolower(k8s.ns.name) != a', 'tolower(k8s.ns.name) != a'],
  ['evt.type = connect and evt.rawres < 0 and fd.sport != 80', 'fd.sport != 80'],
  ['evt.type = connect and evt.rawres >= 0 and k8s.ns.name != a', 'k8s.ns.name != a'],
  ['evt.type = connect and (evt.rawres >= 0 or proc.name = a) and fd.sport != 80', 'fd.sport != 80'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition)).toEqual([marked]);
});

test.each([
  'evt.type = connect and not k8s.ns.name = kube-system',
  'evt.type = connect and k8s.ns.name exists and k8s.ns.name != kube-system',
  'evt.type = connect and not k8s.ns.name != kube-system',
  'evt.type = connect and container.id != host',
  'evt.type = connect and proc.name != a',
  'evt.type = connect and evt.rawres >= 0 and fd.snet != "10.0.0.0/8" and fd.snet != "127.0.0.0/8" and fd.snet != "::1/128"',
  'evt.type = connect and (evt.rawres >= 0 or evt.res = EINPROGRESS) and fd.sport != 80',
  'evt.type = connect and evt.failed = false and fd.sport != 80',
  'evt.type = connect and tolower(k8s.ns.name) exists and tolower(k8s.ns.name) != a',
  'evt.type = connect and k8s.ns.name exists and tolower(k8s.ns.name) != a',
  'evt.type = connect and tolower(proc.name) != a',
  'evt.type = connect and (fd.sport != 80 or fd.sport != 443)',
  'evt.type = connect and proc.aname != sshd',
])('not %s', (condition) => {
  expect(found(CODE, condition)).toEqual([]);
});

test.each([
  [
    'evt.type = connect and k8smeta.ns.label[network] != green',
    'write: not k8smeta.ns.label[network] = green',
  ],
])('the mend of %s', (condition, hint) => {
  expect(mendOf(CODE, condition)).toBe(hint);
});
