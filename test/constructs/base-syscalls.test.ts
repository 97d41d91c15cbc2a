import { egressSyscalls, eventTypes } from '../../lib/constructs/base-syscalls';
import { checkedFalcoConfig } from '../../lib/constructs/falco-config';
import { egressRules, recordRules, vistatechRules } from '../../lib/rules';
import { resolveSettings, type FalcoEgressProps } from '../../lib/settings/settings';
import { testWith } from '../falco/falco-data';

const named = [...egressRules(), ...recordRules(), ...vistatechRules()].flatMap((object) =>
  'condition' in object && typeof object.condition === 'string' ? eventTypes(object.condition) : [],
);

function config(falco: FalcoEgressProps['falco']) {
  return checkedFalcoConfig(resolveSettings({ cluster: 'test', falco })).base_syscalls;
}

test('every call that our rules name is in the set', () => {
  expect(named).toEqual(
    expect.arrayContaining(['connect', 'sendto', 'sendmsg', 'sendmmsg', 'io_uring_setup']),
  );
  expect(egressSyscalls()).toEqual(expect.arrayContaining(named));
});

test.each([
  ['evt.type = connect', ['connect']],
  ['evt.type=connect or (evt.type in (sendto,\n sendmsg ) and x)', ['connect', 'sendto', 'sendmsg']],
  ['not evt.type = "connect" and proc.name = "evt.type = open"', ['connect']],
  ['fd.types = 1 and evt.res = SUCCESS', []],
])('the calls of %s', (condition, types) => {
  expect(eventTypes(condition)).toEqual(types);
});

test.each([
  ['copies of a socket', ['dup', 'dup2', 'dup3', 'fcntl', 'pidfd_getfd']],
  ['bound UDP sockets, and replies of servers', ['bind', 'accept4', 'recvfrom', 'recvmsg']],
  ['its processes', ['clone', 'clone3', 'fork', 'vfork', 'execve', 'execveat']],
])('Falco keeps track of %s', (_, names) => {
  expect(egressSyscalls()).toEqual(expect.arrayContaining(names));
});

testWith('../shared/data/falco-0.44.1/events.json', 'Falco knows each of them', (json) => {
  const known = new Set([...json.matchAll(/"name": ?"(\w+)"/g)].map(([, name]) => name));
  expect(egressSyscalls().filter((name) => !known.has(name))).toEqual([]);
});

test('off by default', () => {
  expect(config({})).toBeUndefined();
});

test('on, with what Falco itself finds missing or without', () => {
  const on = { stockRules: false, baseSyscalls: { egressOnly: true } };
  expect(config(on)).toEqual({ custom_set: egressSyscalls(), repair: true });
  expect(config({ ...on, baseSyscalls: { egressOnly: true, repair: false } })?.repair).toBe(false);
});
