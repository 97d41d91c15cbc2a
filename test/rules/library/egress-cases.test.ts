import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IO_URING_RULE, OUTBOUND_RULE, type EgressRulesOptions } from '../../../lib/rules';
import type { Event } from '../../../lib/rules/evaluate/event';
import type { RuleEngine } from '../../../lib/rules/evaluate/rules';
import { egressEngine, engineOf, POD, recordedCases, SEVERAL, UNSEEN } from './egress-cases';

const cases = recordedCases();
const outbound = cases.filter((recorded) => recorded.outbound_attempt);
const others = cases.filter((recorded) => !recorded.outbound_attempt);

/** The numbers of the events of which a rule says something. */
function fires(engine: RuleEngine, events: readonly Event[], rule = OUTBOUND_RULE): unknown[] {
  return events
    .filter((event) => engine.match(event).some(({ name }) => name === rule))
    .map((event) => event['evt.num']);
}

const modes: EgressRulesOptions[] = [
  {},
  { exemption: 'namespaces', exemptNamespaces: ['falco'] },
  { exemption: 'none' },
];

describe.each(modes)('our rules %j on what the real Falco saw', (options) => {
  const engine = egressEngine(options);

  test.each(outbound.filter((recorded) => !(recorded.case in UNSEEN)))('$case is found', (recorded) => {
    expect(fires(engine, recorded.events)).toHaveLength(SEVERAL[recorded.case]?.alerts ?? 1);
  });

  test.each(Object.keys(UNSEEN))('%s isn’t, but its io_uring is', (name) => {
    const recorded = outbound.find((candidate) => candidate.case === name);
    expect(fires(engine, recorded?.events ?? [])).toEqual([]);
    expect(fires(engine, recorded?.events ?? [], IO_URING_RULE)).toHaveLength(1);
  });

  test.each(others)('$case is none', (recorded) => {
    expect(recorded.events.flatMap((event) => engine.match(event))).toEqual([]);
  });

  test('io_uring is told of where there is one only', () => {
    const told = cases.filter((recorded) => fires(engine, recorded.events, IO_URING_RULE).length > 0);
    expect(told.map((recorded) => recorded.case)).toEqual(Object.keys(UNSEEN));
  });
});

describe('an attempt is counted once', () => {
  const engine = egressEngine();
  const eventsOf = (name: string): readonly Event[] =>
    cases.find((recorded) => recorded.case === name)?.events ?? [];
  const connects = (name: string): Event[] =>
    eventsOf(name).filter((event) => event['evt.type'] === 'connect');

  test('a second connect that collects the result is none', () => {
    const [first, second] = connects('tcp4-nonblock-twice');
    expect(engine.match(first ?? {})).toHaveLength(1);
    expect(engine.match(second ?? {})).toEqual([]);
  });

  test('one that learns of the refusal is none either', () => {
    const [first = {}] = connects('tcp4-nonblock-twice');
    const refused: Event = {
      ...first,
      'evt.rawres': -111,
      'evt.res': 'ECONNREFUSED',
      'fd.name_changed': false,
    };
    expect(engine.match(refused)).toEqual([]);
    const elsewhere = String(refused['evt.args']).replace(/addr=.*/, 'addr=10.77.0.3:8080');
    expect(engine.match({ ...refused, 'evt.args': elsewhere })).toHaveLength(1);
  });

  test('the same event on a socket that another process handed over is one', () => {
    const [, second] = connects('tcp4-nonblock-twice');
    expect(engine.match({ ...second, 'fd.ino': 4711 })).toHaveLength(1);
    // Nor is anything lost where the inode isn't told.
    expect(engine.match({ ...second, 'fd.ino': null })).toHaveLength(1);
  });

  test('where Falco can’t name the socket, each connect is one: the next may go elsewhere', () => {
    const [mapped = {}] = connects('tcp6-mapped');
    expect(mapped['fd.name']).toBe('<unknown>');
    expect(engine.match({ ...mapped, 'fd.name_changed': false })).toHaveLength(1);
  });

  test('of getaddrinfo’s connects the query sends, and two have no send after them', () => {
    const events = eventsOf('dns-glibc');
    const sockets = connects('dns-glibc').filter((event) => event['fd.sip'] !== null);
    const sent = sockets.map((socket) =>
      events.some((event) => event['evt.type'] === 'sendmmsg' && event['fd.name'] === socket['fd.name']),
    );
    expect(sent).toEqual([true, false, false]);
    expect(sockets.every((event) => event['fd.l4proto'] === 'udp' && event['evt.rawres'] === 0)).toBe(true);
  });

  test('without a port it asks for a route by connects to port 0, which nothing can be sent to', () => {
    const [, , , probe = {}] = connects('dns-glibc');
    expect(engine.match(probe)).toHaveLength(1);
    expect(engine.match({ ...probe, 'fd.sport': 0 })).toEqual([]);
    expect(engine.match({ ...probe, 'fd.sport': 0, 'fd.l4proto': 'tcp' })).toHaveLength(1);
  });

  test('leaving out UDP connects loses whoever writes to them', () => {
    const isUdpConnect = (event: Event): boolean =>
      event['evt.type'] === 'connect' && event['fd.l4proto'] === 'udp';
    const lost = outbound.filter(({ events }) => {
      const found = events.filter((event) => engine.match(event).length > 0);
      return found.length > 0 && found.every(isUdpConnect);
    });
    const page = readFileSync(join(__dirname, '../../../docs/blind-spots.md'), 'utf8');
    expect(lost.length).toBeGreaterThan(0);
    for (const recorded of lost) expect(page).toContain(`\`${recorded.case}\``);
  });
});

describe('a Pod', () => {
  const refused = cases.find((recorded) => recorded.case === 'tcp4-refused')?.events.at(-1) ?? {};

  test.each<[string, EgressRulesOptions, Event, number]>([
    [
      'of which nothing is known but the container',
      {},
      { 'k8s.ns.name': null, 'k8smeta.ns.label[network]': null },
      1,
    ],
    ['whose container isn’t known either', {}, { 'container.id': null }, 1],
    ['of an exempt namespace, by its label', {}, { 'k8smeta.ns.label[network]': 'green' }, 0],
    [
      'of an exempt namespace, by its name',
      { exemption: 'namespaces', exemptNamespaces: ['falco', 'shop'] },
      {},
      0,
    ],
    [
      'whose namespace isn’t known, where names exempt',
      { exemption: 'namespaces', exemptNamespaces: ['falco', 'shop'] },
      { 'k8s.ns.name': null },
      1,
    ],
    ['is not the node', {}, { 'container.id': 'host' }, 0],
  ])('%s', (_, options, changes, alerts) => {
    expect(fires(egressEngine(options), [{ ...refused, ...changes }])).toHaveLength(alerts);
  });
});

describe('forms of other cases', () => {
  const engine = egressEngine();
  const send: Event = {
    ...POD,
    'evt.type': 'sendto',
    'evt.rawres': 4,
    'evt.res': 'SUCCESS',
    'fd.ino': 0,
    'fd.name_changed': true,
    'fd.l4proto': '<NA>',
  };
  const failed = (result: string): Event => ({
    'evt.rawres': -1,
    'evt.res': result,
    'fd.name_changed': false,
  });

  test.each<[string, Event, number]>([
    [
      'sendmmsg',
      { 'evt.type': 'sendmmsg', 'fd.typechar': '4', 'fd.cip': '10.0.0.1', 'fd.sip': '10.0.0.2' },
      1,
    ],
    [
      'a bound IPv6 client to a port of a service',
      { 'fd.typechar': '6', 'evt.args': 'res=4 tuple=:::45454->fd77::2:5353' },
      1,
    ],
    ['the same to loopback', { 'fd.typechar': '6', 'evt.args': 'res=4 tuple=:::45454->::1:5353' }, 0],
    [
      'the same again to the same peer',
      { 'fd.typechar': '6', 'evt.args': 'res=4 tuple=:::45454->fd77::2:5353', 'fd.name_changed': false },
      0,
    ],
    [
      'the reply of an IPv6 server',
      { 'fd.typechar': '6', 'evt.args': 'res=4 tuple=:::5353->fd77::1:40254' },
      0,
    ],
    ['Fast Open, refused', { 'fd.typechar': '4', ...failed('ECONNREFUSED') }, 1],
    [
      'a bound socket without a route',
      { 'fd.typechar': '4', 'fd.sip': '0.0.0.0', ...failed('ENETUNREACH') },
      1,
    ],
    [
      'a socket bound to loopback that sends elsewhere',
      { 'fd.typechar': '4', 'fd.sip': '127.0.0.1', 'fd.l4proto': 'udp', ...failed('EINVAL') },
      1,
    ],
    ['a full buffer', { 'fd.typechar': '4', ...failed('EAGAIN') }, 0],
    ['a stream that was never connected', { 'fd.typechar': '4', ...failed('EPIPE') }, 0],
    ['a Unix socket', { 'fd.typechar': 'u', 'fd.name': '/run/a.sock' }, 0],
  ])('%s', (_, changes, alerts) => {
    expect(fires(engine, [{ ...send, ...changes }])).toHaveLength(alerts);
  });
});

describe('the rule of 2021', () => {
  // The text of the article; `evt.dir` is deprecated, and always true of these calls.
  const engine = engineOf(`
- macro: outbound_corp
  condition: >
    (((evt.type = connect and evt.dir=<) or
      (evt.type in (sendto,sendmsg) and evt.dir=< and
       fd.l4proto != tcp and fd.connected=false and fd.name_changed=true)) and
     (fd.typechar = 4 or fd.typechar = 6) and
     (fd.ip != "0.0.0.0" and fd.net != "127.0.0.0/8") and
     (evt.rawres >= 0 or evt.res = EINPROGRESS))
- rule: the macro alone
  desc: d
  condition: outbound_corp
  output: x
  priority: INFO
`);

  test.each(cases)('fires on $case on the events on which Falco’s did', (recorded) => {
    const found = fires(engine, recorded.events, 'the macro alone');
    expect(found).toEqual(recorded.alerts.map(({ output_fields }) => output_fields['evt.num']));
    expect(found).toHaveLength(recorded.fires.outbound_corp);
  });
});

describe('docs/blind-spots.md', () => {
  const page = readFileSync(join(__dirname, '../../../docs/blind-spots.md'), 'utf8');

  test.each([...Object.keys(UNSEEN), ...Object.keys(SEVERAL)])('tells of %s', (name) => {
    expect(page).toContain(`\`${name}\``);
  });

  test('gives the figures that the cases give', () => {
    const seen = outbound.length - Object.keys(UNSEEN).length;
    expect(page).toContain(`| ${seen} of ${outbound.length} `);
    expect(page).toContain(`| ${Object.keys(UNSEEN).length} of ${outbound.length} `);
    expect(page).toContain(`| 0 of ${others.length} `);
    const old = outbound.filter((recorded) => recorded.fires.outbound_corp > 0).length;
    const wrong = others.filter((recorded) => recorded.fires.outbound_corp > 0).length;
    expect(page).toContain(`${old} of ${outbound.length} and on ${wrong} of ${others.length}`);
  });
});
