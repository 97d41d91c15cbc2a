import { compileCondition } from '../../../lib/rules/evaluate/compile';
import type { Event } from '../../../lib/rules/evaluate/event';
import type { Condition } from '../../../lib/rules/language/ast';
import { ConditionError } from '../../../lib/rules/language/condition-error';
import { parseCondition } from '../../../lib/rules/language/parse';
import { catalogue } from './catalogue';

function passes(condition: string, event: Event): boolean {
  return compileCondition(parseCondition(condition), catalogue)(event);
}

type Row = readonly [condition: string, event: Event, expected: boolean];

describe('a field without a value', () => {
  test.each<Row>([
    ['fd.name = x', {}, false],
    ['fd.name != x', {}, false],
    ['fd.name != x', { 'fd.name': null }, false],
    ['not fd.name = x', {}, true],
    ['not fd.name in (x)', {}, true],
    ['fd.name exists', {}, false],
    ['fd.name exists', { 'fd.name': '' }, true],
    ['fd.name contains ""', {}, false],
    ['fd.sport < 1', {}, false],
    ['fd.sport = val(fd.cport)', { 'fd.sport': 1 }, false],
    ['tolower(fd.name) = x', {}, false],
    ['len(fd.name) = 0', {}, false],
    ['proc.env[X] exists', {}, true],
    ['proc.env[X] = ""', {}, true],
    ['proc.env[X] != y', {}, true],
    ['k8s.ns.label[a] exists', { 'k8s.ns.label[a]': 'green' }, false],
  ])('%s on %j: %s', (condition, event, expected) => {
    expect(passes(condition, event)).toBe(expected);
  });
});

describe('texts', () => {
  test.each<Row>([
    ['fd.name icontains "STRASSE"', { 'fd.name': 'straße' }, false],
    ['fd.name icontains "AbC"', { 'fd.name': 'xaBcx' }, true],
    ['fd.name endswith ab', { 'fd.name': 'b' }, false],
    ['fd.name regex "b+"', { 'fd.name': 'abb' }, false],
    ['fd.name regex "a?b+"', { 'fd.name': 'abb' }, true],
    ['fd.name startswith oneof (a, ab)', { 'fd.name': 'ab' }, false],
    ['fd.name startswith oneof (a, b)', { 'fd.name': 'ab' }, true],
    ['fd.name startswith anyof (a, ab)', { 'fd.name': 'ab' }, true],
    ['fd.name contains allof (a, b)', { 'fd.name': 'ba' }, true],
    ['fd.name contains allof (a, c)', { 'fd.name': 'ba' }, false],
    ['fd.name in (a, b)', { 'fd.name': 'b' }, true],
    ['fd.name in (a)', { 'fd.name': 'A' }, false],
    ['user.name = 5', { 'user.name': 5 }, true],
    ['fd.l4proto = <NA>', { 'fd.l4proto': '<NA>' }, true],
    ['evt.buffer bcontains 474554', { 'evt.buffer': 'xGET' }, true],
    ['evt.buffer bstartswith 474554', { 'evt.buffer': 'xGET' }, false],
    ['evt.buffer contains GET', { 'evt.args': 'res=3 data=GET size=3' }, true],
  ])('%s on %j: %s', (condition, event, expected) => {
    expect(passes(condition, event)).toBe(expected);
  });
});

describe('numbers', () => {
  const big = 9007199254740993n;
  test.each<Row>([
    ['evt.rawres = 9007199254740993', { 'evt.rawres': big }, true],
    ['evt.rawres = 9007199254740992', { 'evt.rawres': big }, false],
    ['evt.rawres > 9007199254740992', { 'evt.rawres': big }, true],
    ['evt.rawres in (1, 9007199254740993)', { 'evt.rawres': big }, true],
    ['evt.rawres = -5', { 'evt.rawres': '-5' }, true],
    ['evt.rawres = 3', { 'evt.rawres': 3n }, true],
    ['evt.rawres = 3', { 'evt.rawres': 'three' }, false],
    ['fd.sport = 65616', { 'fd.sport': 80 }, true],
    ['fd.sport = http', { 'fd.sport': 80 }, true],
    ['fd.sport = "80"', { 'fd.sport': 80 }, true],
    ['user.uid = 4294967296', { 'user.uid': 0 }, true],
    ['proc.pid <= 99999999999999999999', { 'proc.pid': 1 }, true],
    ['fd.connected = true', { 'fd.connected': true }, true],
    ['fd.connected = true', { 'fd.connected': 'true' }, true],
    ['fd.connected != true', { 'fd.connected': false }, true],
    ['fd.connected in (false)', { 'fd.connected': false }, true],
    ['evt.failed = true', { 'evt.rawres': -1 }, true],
    ['evt.failed = false', { 'evt.rawres': 0n }, true],
  ])('%s on %j: %s', (condition, event, expected) => {
    expect(passes(condition, event)).toBe(expected);
  });
});

const connected: Event = {
  'fd.typechar': '4',
  'fd.cip': '10.0.0.1',
  'fd.sip': '1.1.1.1',
  'fd.cport': 9,
  'fd.sport': 53,
};
const listening: Event = { 'fd.type': 'ipv4', 'fd.cip': null, 'fd.sip': '0.0.0.0', 'fd.sport': 80 };
const fresh: Event = { 'fd.typechar': '6', 'fd.cip': null, 'fd.sip': null };

describe('either end of a socket', () => {
  test.each<Row>([
    ['fd.ip = 10.0.0.1', connected, true],
    ['fd.ip = 1.1.1.1', connected, true],
    ['fd.ip != 1.1.1.1', connected, false],
    ['fd.ip != 9.9.9.9', connected, true],
    ['fd.ip != ::1', connected, true],
    ['fd.ip in (1.1.1.1)', connected, false],
    ['fd.ip exists', connected, true],
    ['fd.ip exists', { 'fd.typechar': 'f' }, false],
    ['fd.ip != 1.1.1.1', { 'fd.typechar': 'f' }, false],
    ['fd.ip = "::"', fresh, true],
    ['fd.ip = 0.0.0.0', fresh, false],
    ['fd.net = 1.0.0.0/8', connected, true],
    ['fd.net != 1.0.0.0/8', connected, false],
    ['fd.net in (1.0.0.0/8, 9.0.0.0/8)', connected, true],
    ['fd.net in (9.0.0.0/8, 1.0.0.0/8)', connected, false],
    ['fd.net != 127.0.0.0/8', fresh, true],
    ['fd.net = 127.0.0.0/8', listening, false],
    ['fd.port = 53', connected, true],
    ['fd.port = 9', connected, true],
    ['fd.port != 9', connected, false],
    ['fd.port < 10', connected, true],
    ['fd.port < 9', connected, false],
    ['fd.port in (1, 53)', connected, true],
    ['fd.port = 80', listening, true],
    ['fd.port > 80', listening, false],
    ['fd.port < 1', fresh, true],
    ['fd.port = 0', { 'fd.typechar': 'u' }, false],
    ['fd.snet = 1.0.0.0/8', connected, true],
    ['fd.cnet in ("10.0.0.0/8", "::1/128")', connected, true],
    ['fd.snet != 1.0.0.0/8', { 'fd.sip': 'fd77::1' }, true],
    ['fd.snet != 1.0.0.0/8', fresh, false],
    ['fd.sip in (1.1.1.1)', connected, true],
    ['fd.sip = FD77:0::1', { 'fd.sip': 'fd77::1' }, true],
  ])('%s on %j: %s', (condition, event, expected) => {
    expect(passes(condition, event)).toBe(expected);
  });
});

describe('ancestors', () => {
  const event: Event = { 'proc.aname': 'tmux: server bash', 'proc.pname': 'tmux: server' };
  test.each<Row>([
    ['proc.aname = "tmux: server"', event, true],
    ['proc.aname = bash', event, true],
    ['proc.aname = server', event, false],
    ['proc.aname != bash', event, true],
    ['proc.aname != bash', { 'proc.aname': 'bash' }, false],
    ['proc.aname in (zsh, bash)', event, true],
    ['proc.aname exists', {}, false],
    ['proc.aname != bash', {}, false],
    ['proc.aname startswith anyof (x, ba)', event, false],
    ['proc.aname[2] = bash', event, true],
    ['proc.aname = init', { 'proc.aname[3]': 'init' }, true],
    ['proc.aname[2] = init', { 'proc.aname[3]': 'init' }, false],
    ['proc.apid = 1', { 'proc.ppid': 1 }, true],
    ['proc.apid in (1)', { 'proc.ppid': 1 }, false],
    ['proc.pname = a', { 'proc.aname[1]': 'a' }, true],
    ['proc.args[1] = b', { 'proc.args': 'a b c' }, true],
    ['proc.args[3] exists', { 'proc.args': 'a b c' }, false],
    ['proc.env[A] = "1 2"', { 'proc.env': 'B=0 A=1 2 C=3' }, true],
  ])('%s on %j: %s', (condition, event, expected) => {
    expect(passes(condition, event)).toBe(expected);
  });
});

describe('arguments', () => {
  const refused: Event = {
    'evt.type': 'connect',
    'evt.args': 'res=-111(ECONNREFUSED) tuple=NULL fd=3(<4>) addr=10.77.0.2:81',
  };
  test.each<Row>([
    ['evt.arg.addr = 10.77.0.2:81', refused, true],
    ['evt.arg.res = ECONNREFUSED', refused, true],
    ['evt.arg[0] = ECONNREFUSED', refused, true],
    ['evt.arg[9] exists', refused, false],
    ['evt.rawarg.res < 0', refused, true],
    ['evt.rawarg.res = -111', refused, true],
    ['evt.rawarg.res in (-111)', refused, false],
    ['evt.rawarg.addr contains :81', refused, true],
    ['evt.arg.addr exists', { ...refused, 'evt.arg.addr': null }, false],
    ['evt.arg.addr = x', { ...refused, 'evt.arg.addr': 'x' }, true],
    ['evt.arg.name exists', refused, false],
    ['evt.dir = <', refused, true],
    ['evt.dir = >', { 'evt.type': 'procexit' }, true],
  ])('%s on %j: %s', (condition, event, expected) => {
    expect(passes(condition, event)).toBe(expected);
  });
});

describe('transformers', () => {
  test.each<Row>([
    ['tolower(proc.name) = É', { 'proc.name': 'É' }, true],
    ['toupper(tolower(proc.name)) = AB', { 'proc.name': 'aB' }, true],
    ['b64(proc.name) = bash', { 'proc.name': 'YmFzaA' }, true],
    ['b64(proc.name) = bash', { 'proc.name': 'YmFzaA==' }, true],
    ['b64(proc.name) exists', { 'proc.name': 'no base64' }, false],
    ['basename(proc.exepath) = ip', { 'proc.exepath': '/usr/bin/ip' }, true],
    ['len(proc.name) = 2', { 'proc.name': 'é' }, true],
    ['len(fd.types) = 2', { 'fd.types': ['file', 'ipv4'] }, true],
    ['join("-", (proc.name, proc.pname)) = a-b', { 'proc.name': 'a', 'proc.pname': 'b' }, true],
    ['join("-", (proc.name, proc.pname)) exists', { 'proc.name': 'a' }, false],
    ['concat(proc.name, "x") = ax', { 'proc.name': 'a' }, true],
    ['proc.name = val(proc.pname)', { 'proc.name': 'a', 'proc.pname': 'a' }, true],
    ['fd.sip = val(fd.cip)', { 'fd.sip': '::1', 'fd.cip': '0::1' }, true],
    ['fd.cport != val(fd.sport)', { 'fd.cport': 1, 'fd.sport': 2 }, true],
    ['proc.exepath endswith basename(proc.name)', { 'proc.exepath': '/bin/a', 'proc.name': '/x/a' }, true],
  ])('%s on %j: %s', (condition, event, expected) => {
    expect(passes(condition, event)).toBe(expected);
  });
});

describe('lists', () => {
  test.each<Row>([
    ['fd.types in (file, ipv4)', { 'fd.types': ['file', 'ipv4'] }, true],
    ['fd.types in (file)', { 'fd.types': ['file', 'ipv4'] }, false],
    ['fd.types intersects (file)', { 'fd.types': ['file', 'ipv4'] }, true],
    ['fd.types intersects (unix)', { 'fd.types': '(file,ipv4)' }, false],
    ['fd.types in (ipv4, file)', { 'fd.types': '(file,ipv4)' }, true],
    ['fd.types intersects (file)', { 'fd.types': 'file' }, true],
  ])('%s on %j: %s', (condition, event, expected) => {
    expect(passes(condition, event)).toBe(expected);
  });
});

describe('macros', () => {
  const use = (name: string, condition?: Condition): Condition => ({
    kind: 'macro',
    name,
    start: 0,
    end: 1,
    ...(condition && { definition: { name, condition } }),
  });

  test('stand for what they are defined as', () => {
    const isRoot = use('root', parseCondition('user.uid = 0'));
    expect(compileCondition(isRoot, catalogue)({ 'user.uid': 0 })).toBe(true);
  });

  test('must be resolved', () => {
    expect(() => compileCondition(use('nobody'), catalogue)).toThrow(ConditionError);
  });

  test('that use each other twice over are compiled once each', () => {
    let condition: Condition = parseCondition('user.uid = 0');
    for (let level = 0; level < 200; level += 1) {
      const inner = use(`m${level}`, condition);
      condition = { kind: 'and', operands: [inner, inner], start: 0, end: 1 };
    }
    expect(compileCondition(condition, catalogue)({ 'user.uid': 1 })).toBe(false);
  });
});
