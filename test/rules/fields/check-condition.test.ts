import { falcoFields } from '../../../lib/rules/fields/catalogue';
import { checkCondition } from '../../../lib/rules/fields/check-condition';
import { eventTypesOf } from '../../../lib/rules/fields/event-types';
import { UnknownFieldError } from '../../../lib/rules/fields/unknown-field-error';
import { warningsOf } from '../../../lib/rules/fields/warnings';
import type { Condition } from '../../../lib/rules/language/ast';
import { ConditionError } from '../../../lib/rules/language/condition-error';
import { parseCondition } from '../../../lib/rules/language/parse';

const catalogue = falcoFields('0.44.1');

function refusal(text: string): ConditionError | undefined {
  try {
    checkCondition(parseCondition(text), catalogue);
    return undefined;
  } catch (error) {
    if (error instanceof ConditionError) return error;
    throw error;
  }
}

describe('a condition', () => {
  test.each([
    'evt.arg.addr exists',
    'evt.rawarg.res >= 0',
    'evt.around[1404996934793590564] = 1000',
    'evt.abspath.src startswith /etc',
    'evt.type.is.connect = 1',
    'thread.cgroup.cpu = x',
    'proc.aname[-1] = a',
    'proc.env[PATH] contains a',
    'fd.types intersects (ipv4)',
    'fd.types[0] in (ipv4)',
    'len(fd.types) > 2',
    'container.mount.dest[0] = /a',
    'container.mount.dest[/proc] = /a',
    'k8smeta.svc.name intersects (a)',
    'k8smeta.ns.label[kubernetes.io/metadata.name] = a',
    'evt.type = container_added',
    'evt.type = pread64',
    'evt.dir = <',
    'proc.pid = " 5"',
    'fd.snet = 10.0.0.0/256',
    'evt.buffer bcontains 4745',
    'evt.buffer = GET',
    'fd.sport in (https, 80)',
    `proc.name = ${'a'.repeat(255)}`,
    'proc.name regex oneof ("a.*", "b.*")',
    'fd.name = concat(proc.name, "x")',
    'evt.rawres = -1',
    'syscall.type = nonsense',
  ])('%s is taken', (text) => {
    expect(refusal(text)).toBeUndefined();
  });

  test.each([
    ['fd.spi = 10.0.0.1', 'fd.spi', 'did you mean fd.sip (server address)?'],
    [
      'fd.name and k8s.ns.label.network = a'.slice(12),
      'k8s.ns.label.network',
      'write k8smeta.ns.label[network]',
    ],
    ['k8s.pod.label = a', 'k8s.pod.label', 'write k8s.pod.label[…]'],
    ['evt.arg = 1', 'evt.arg', 'write evt.arg.addr or evt.arg[0]'],
    ['evt.arg.adr = 1', 'evt.arg.adr', 'did you mean evt.arg.addr?'],
    ['evt.rawarg[0] = 1', 'evt.rawarg[0]', 'write evt.rawarg.addr'],
    ['evt.type = conect', 'conect', 'did you mean connect?'],
    [
      'fd.sip = 10.0.0.0/8',
      '10.0.0.0/8',
      'compare a network with fd.snet, fd.cnet, fd.lnet, fd.rnet or fd.net',
    ],
    ['fd.sip = ::ffff:10.0.0.1', '::ffff:10.0.0.1', 'Falco shows mapped addresses as IPv4: 10.0.0.1'],
    ['fd.snet = 10.0.0.1', '10.0.0.1', 'write 10.0.0.1/32'],
    ['proc.is_exe_writable = TRUE', 'TRUE', 'write true'],
    ['fd.name regex "[0-9]*\\\\w"', '"[0-9]*\\\\w"', 'write [[:word:]]'],
    ['fd.num contains 3', 'contains', 'use =, !=, in, intersects, <, <=, >, >= or exists'],
  ])('%s is refused at %s', (text, place, hint) => {
    const error = refusal(text);
    expect(error?.code).toBe('LOAD_ERR_COMPILE_CONDITION');
    expect(error === undefined ? undefined : text.slice(error.span.start, error.span.end)).toBe(place);
    expect(error?.hint).toBe(hint);
  });

  test.each([
    'evt.type.is.conect = 1',
    'evt.type.is = 1',
    'thread.cgroup = x',
    'proc.aname[x] = a',
    'proc.args[x] = a',
    'fd.name[0] = a',
    'evt.arg[x] = a',
    'evt.arg.fd[0] = a',
    'k8smeta.ns.label = a',
    'k8smeta.ns.label["a b"] = a',
    'fd.types = ipv4',
    'k8smeta.svc.name = a',
    'evt.buffer > 5',
    'evt.buffer bcontains 4g',
    'evt.buffer bcontains 474',
    'fd.sport = 99999999999',
    'fd.sport = "-1"',
    'fd.sport = nonsense',
    'proc.pid = "5 "',
    'proc.pid = ""',
    'fd.snet = "::/0"',
    'fd.snet = 10.0.0.0/33',
    'fd.sip = "fe80::1%eth0"',
    `proc.name = ${'a'.repeat(256)}`,
    `proc.name = ${'é'.repeat(128)}`,
    'tolower(evt.type) = connect',
    'evt.type = val(syscall.type)',
    'evt.type = tolower(proc.name)',
    'fd.snet = val(fd.sip)',
    'fd.ip = val(fd.sip)',
    'fd.sip = val(fd.ip)',
    'proc.name regex val(proc.pname)',
    'proc.name pmatch val(proc.pname)',
    'proc.name = val(fd.types)',
    'len(proc.pid) > 1',
    'tolower(proc.name, proc.pname) = a',
    'join("-", proc.name) = a',
    'join(fd.types, fd.types) = a',
    'concat(proc.name) = a',
    'concat(proc.name, proc.pid) = a',
    'getopt(fd.types, fd.types) exists',
    'evt.around[1] > 5',
    'evt.type startswith con',
    'evt.type glob "send*"',
    'evt.rawarg.tuple = a',
  ])('%s is refused', (text) => {
    expect(refusal(text)?.code).toBe('LOAD_ERR_COMPILE_CONDITION');
  });

  test('tells a field that there isn’t from other mistakes', () => {
    expect(refusal('no.field = 1')).toBeInstanceOf(UnknownFieldError);
    expect(refusal('fd.sip = x')).not.toBeInstanceOf(UnknownFieldError);
  });

  test('is refused at its first mistake', () => {
    const text = 'fd.num = x and (fd.num = y or fd.num = z)';
    expect(refusal(text)?.span.start).toBe(text.indexOf('x'));
  });

  test('of a plugin that is not there is refused', () => {
    const condition = parseCondition('k8smeta.ns.name = a');
    expect(() => {
      checkCondition(condition, falcoFields('0.44.1', ['container']));
    }).toThrow(expect.objectContaining({ hint: 'it comes with the plugin k8smeta' }) as Error);
  });

  test('may be as deep as the parser takes', () => {
    const depth = 800;
    const text = `${'(a.b = 1 or (a.b = 2 and '.repeat(depth / 2)}evt.type = connect${'))'.repeat(depth / 2)}`;
    const condition = parseCondition(text.replaceAll('a.b', 'proc.pid'));
    expect(() => {
      checkCondition(condition, catalogue);
    }).not.toThrow();
    expect(eventTypesOf(condition, catalogue).names).toBe('all');
    expect(warningsOf(condition, catalogue)).toEqual([]);
  });

  test('is quickly looked at where macros use each other twice', () => {
    let condition: Condition = parseCondition('evt.type = connect');
    for (let i = 0; i < 60; i++) {
      const definition = { name: `m${i}`, condition };
      const use = { kind: 'macro', name: `m${i}`, definition, start: 0, end: 1 } as const;
      condition = { kind: 'and', operands: [use, use], start: 0, end: 1 };
    }
    checkCondition(condition, catalogue);
    expect(eventTypesOf(condition, catalogue).names).toEqual(new Set(['connect']));
    expect(warningsOf(condition, catalogue)).toEqual([]);
  });
});

describe('the events of a condition', () => {
  const events = (text: string): readonly string[] | 'all' => {
    const found = eventTypesOf(parseCondition(text), catalogue).names;
    return found === 'all' ? found : [...found].sort();
  };

  test.each([
    ['evt.type in (connect, sendto) and evt.type = connect', ['connect']],
    ['not (evt.type != connect or proc.name = a)', ['connect']],
    ['not evt.type exists', []],
    ['not not evt.type = connect', ['connect']],
    ['evt.type = connect and evt.type = sendto', []],
    ['evt.type = connect or proc.name = a', 'all'],
    ['evt.type contains onn', 'all'],
    ['not proc.name = a', 'all'],
  ])('%s: %j', (text, expected) => {
    expect(events(text)).toEqual(expected);
  });

  test('a system call without an event of its own stands for all of them', () => {
    expect(events('evt.type = acct')).toContain('alarm');
    expect(events('evt.type = acct')).toEqual(events('evt.type = pread64'));
  });

  test('some names are many events', () => {
    const names = [...catalogue.eventTypes].filter((name) => !catalogue.genericEventTypes.has(name));
    const few = names.slice(0, 20).join(', ');
    const many = names.slice(0, 80).join(', ');
    expect(eventTypesOf(parseCondition(`evt.type in (${few})`), catalogue).tooMany).toBe(false);
    expect(eventTypesOf(parseCondition(`evt.type in (${many})`), catalogue).tooMany).toBe(true);
  });
});

describe('warnings of a condition', () => {
  test.each([
    ['evt.dir = < and evt.dir = >', ['LOAD_DEPRECATED_ITEM']],
    ['evt.latency > 5', ['LOAD_DEPRECATED_ITEM']],
    ['proc.name = proc.pname', ['LOAD_COMPILE_CONDITION']],
    ['proc.name = "val(proc.pname)"', ['LOAD_COMPILE_CONDITION']],
    ['proc.name regex "^abc.*"', ['LOAD_COMPILE_CONDITION']],
    ['proc.name regex ".*abc.*"', ['LOAD_COMPILE_CONDITION']],
    ['proc.name regex "a.*b"', []],
    ['k8s.ns.label[a] = b', []],
    ['proc.name = "<NA>"', []],
  ])('%s: %j', (text, codes) => {
    expect(warningsOf(parseCondition(text), catalogue).map(({ code }) => code)).toEqual(codes);
  });
});
