import {
  declaredMacros,
  egressRules,
  loadRules,
  OUTBOUND_RULE,
  printRules,
  RECORD_RULE,
  recordRules,
  RulesError,
  vistatechRules,
  type EgressRulesOptions,
} from '../../../lib/rules';
import type { Event } from '../../../lib/rules/evaluate/event';
import { RuleEngine } from '../../../lib/rules/evaluate/rules';
import { recordedCases } from './egress-cases';

const engines = new Map<string, RuleEngine>();

function engine(options: EgressRulesOptions): RuleEngine {
  const key = JSON.stringify(options);
  const made = engines.get(key) ?? load(options);
  engines.set(key, made);
  return made;
}

function load(options: EgressRulesOptions): RuleEngine {
  const text = printRules([...egressRules(options), ...recordRules(options), ...vistatechRules()]);
  const { findings, ruleset } = loadRules([{ name: 'egress.yaml', text }]);
  expect(findings).toEqual([]);
  return new RuleEngine(ruleset, 'all');
}

/** Whether people are told about an event. */
function alerts(options: EgressRulesOptions, event: Event): boolean {
  const names = engine(options)
    .match(event)
    .map(({ name }) => name);
  // Whatever is declared, and whatever the scope, it is on the record.
  expect(names).toContain(RECORD_RULE);
  return names.includes(OUTBOUND_RULE);
}

const recordedEvents = recordedCases().flatMap(({ events }) => events);

const POD = { 'container.id': '0123456789ab', 'k8s.ns.name': 'shop', 'k8s.pod.name': 'cart-0' };

interface Ends {
  readonly to: string;
  readonly port?: number;
}

function text({ to, port = 443 }: Ends): string {
  return `${to}:${port}`;
}

function family(address: string): Event {
  return address.includes(':') ? { 'fd.typechar': '6' } : { 'fd.typechar': '4' };
}

/** Events as Falco tells them; how is in `test/fixtures/falco-0.44.1`. */
const EVENTS = {
  connect: (ends: Ends): Event => ({
    ...POD,
    ...family(ends.to),
    'evt.type': 'connect',
    'evt.rawres': 0,
    'evt.res': 'SUCCESS',
    'fd.name_changed': true,
    'fd.l4proto': 'tcp',
    'fd.cip': ends.to.includes(':') ? 'fd00:10::5' : '10.244.0.5',
    'fd.cport': 40000,
    'fd.sip': ends.to.replace('::ffff:', ''),
    'fd.sport': ends.port ?? 443,
    'evt.args': `res=0 tuple=NULL fd=3(<4t>) addr=${text(ends)}`,
  }),
  'connect under way': (ends: Ends): Event => ({
    ...EVENTS.connect(ends),
    'evt.rawres': -115,
    'evt.res': 'EINPROGRESS',
  }),
  'refused connect': (ends: Ends): Event => ({
    ...POD,
    ...family(ends.to),
    'evt.type': 'connect',
    'evt.rawres': -111,
    'evt.res': 'ECONNREFUSED',
    'fd.name_changed': false,
    'evt.args': `res=-111(ECONNREFUSED) tuple=NULL fd=3(<4>) addr=${text(ends)}`,
  }),
  send: (ends: Ends): Event => ({
    ...EVENTS.connect(ends),
    'evt.type': 'sendto',
    'evt.rawres': 4,
    'fd.l4proto': 'udp',
    'evt.args': `res=4 data=ping fd=3(<4u>) size=4 tuple=${ends.to.includes(':') ? '::' : '0.0.0.0'}:40000->${text(ends)}`,
  }),
  'send by sendmmsg': (ends: Ends): Event => ({ ...EVENTS.send(ends), 'evt.type': 'sendmmsg' }),
  /** Falco swaps the ends of a socket that was bound before it sent. */
  'send of a bound socket': (ends: Ends): Event => ({
    ...EVENTS.send(ends),
    'fd.cip': ends.to,
    'fd.cport': ends.port ?? 443,
    'fd.sip': ends.to.includes(':') ? 'fd00:10::5' : '10.244.0.5',
    'fd.sport': 40000,
  }),
} as const;

const WAYS = Object.entries(EVENTS);

const PRIVATE = ['10.0.0.1', '172.16.0.1', '172.31.255.1', '192.168.1.1', '100.64.0.1', '100.127.255.254'];
const LOCAL = ['169.254.169.254', '224.0.0.251', '239.1.1.1', '255.255.255.255'];
const IPV6 = ['fd00::1', 'fc00::1', 'fe80::1', 'febf::1', 'ff02::fb'];
const PUBLIC = [
  '1.1.1.1',
  '172.15.0.1',
  '172.32.0.1',
  '192.169.0.1',
  '100.63.0.1',
  '100.128.0.1',
  '11.0.0.1',
  '110.0.0.1',
  '169.253.0.1',
  '223.255.255.1',
  '240.0.0.1',
  '2001:db8::1',
  'fec0::1',
  'fc::1',
];

describe.each(WAYS)('the scope of a %s', (_, event) => {
  test.each([...PRIVATE, ...LOCAL, ...IPV6])('%s is not public', (to) => {
    expect(alerts({ scope: 'public' }, event({ to }))).toBe(false);
    expect(alerts({}, event({ to }))).toBe(true);
  });

  test.each(PUBLIC)('%s is public', (to) => {
    expect(alerts({ scope: 'public' }, event({ to }))).toBe(true);
  });
});

test('IPv4 in the clothes of IPv6 is of the same scope', () => {
  for (const way of ['refused connect', 'send'] as const) {
    expect(alerts({ scope: 'public' }, EVENTS[way]({ to: '::ffff:10.0.0.1' }))).toBe(false);
    expect(alerts({ scope: 'public' }, EVENTS[way]({ to: '::ffff:1.1.1.1' }))).toBe(true);
  }
});

test('what tells no destination is public and never declared', () => {
  const nowhere: Event = {
    ...POD,
    'evt.type': 'sendto',
    'evt.rawres': -101,
    'evt.res': 'ENETUNREACH',
    'fd.typechar': '4',
    'fd.name_changed': false,
    'evt.args': 'res=-101(ENETUNREACH) data=ping fd=3(<4>) size=4 tuple=NULL',
  };
  expect(alerts({ scope: 'public', declared: { all: { networks: ['0.0.0.0/0'] } } }, nowhere)).toBe(true);
});

describe.each(WAYS)('declared destinations of a %s', (_, event) => {
  test.each<[string, string, boolean]>([
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '110.1.2.3', false],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['203.0.113.7/32', '203.0.113.7', true],
    ['203.0.113.7/32', '203.0.113.70', false],
    ['198.51.100.0/24', '198.51.100.9', true],
    ['198.51.100.0/24', '198.51.10.9', false],
    ['172.16.0.0/12', '172.31.0.1', true],
    ['172.16.0.0/12', '172.32.0.1', false],
    ['203.0.113.64/26', '203.0.113.127', true],
    ['203.0.113.64/26', '203.0.113.128', false],
    ['203.0.113.99/26', '203.0.113.64', true],
    ['128.0.0.0/1', '255.1.1.1', true],
    ['128.0.0.0/1', '126.255.1.1', false],
    ['198.51.100.128/25', '198.51.100.200', true],
    ['198.51.100.128/25', '198.51.100.20', false],
    ['8.0.0.0/5', '15.1.1.1', true],
    ['8.0.0.0/5', '16.1.1.1', false],
    ['0.0.0.0/0', '1.2.3.4', true],
    ['2001:db8::/32', '2001:db8::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['2001:DB8::/32', '2001:db8:1:2:3:4:5:6', true],
    ['2001:db8::7/128', '2001:db8::7', true],
    ['2001:db8::7/128', '2001:db8::7:1', false],
  ])('%s: %s is declared: %s', (network, to, expected) => {
    expect(alerts({ declared: { it: { networks: [network] } } }, event({ to }))).toBe(!expected);
  });

  test.each<[number, boolean]>([
    [53, true],
    [443, true],
    [5353, false],
    [4430, false],
    [40000, false],
  ])('port %i is declared: %s', (port, expected) => {
    for (const to of ['1.1.1.1', '2001:db8::53'])
      expect(alerts({ declared: { it: { ports: [53, 443] } } }, event({ to, port }))).toBe(!expected);
  });

  test('networks and ports of one destination must both fit, one of several is enough', () => {
    const declared = { dns: { networks: ['1.1.1.0/24', '8.8.8.8/32'], ports: [53] }, web: { ports: [443] } };
    const loud = (to: string, port: number) => alerts({ declared }, event({ to, port }));
    expect(loud('8.8.8.8', 53)).toBe(false);
    expect(loud('8.8.4.4', 53)).toBe(true);
    expect(loud('1.1.1.1', 80)).toBe(true);
    expect(loud('1.1.1.1', 443)).toBe(false);
  });
});

test('networks that text can’t tell are declared for connects that succeed', () => {
  const declared = { odd: { networks: ['2001:db8::/33'] } };
  expect(alerts({ declared }, EVENTS.connect({ to: '2001:db8::1' }))).toBe(false);
  expect(alerts({ declared }, EVENTS['refused connect']({ to: '2001:db8::1' }))).toBe(true);
  expect(alerts({ declared }, EVENTS.send({ to: '2001:db8::1' }))).toBe(true);
});

test('a declared network that the Pod is in itself declares no other', () => {
  const declared = { pods: { networks: ['10.244.0.0/16'] } };
  expect(alerts({ declared }, EVENTS['send of a bound socket']({ to: '192.168.7.7' }))).toBe(true);
});

test('the demo’s rule is not asked what is declared', () => {
  const event = EVENTS.connect({ to: '213.215.222.58' });
  const matched = engine({ declared: { all: { networks: ['0.0.0.0/0'] } } }).match(event);
  expect(matched.map(({ name }) => name)).toEqual([RECORD_RULE, 'Connection to vistatech.it']);
});

test('on recorded events: with nothing declared both tiers find the same', () => {
  const all = engine({});
  let found = 0;
  for (const event of recordedEvents) {
    const names = all.match(event).map(({ name }) => name);
    expect(names.includes(OUTBOUND_RULE)).toBe(names.includes(RECORD_RULE));
    if (names.includes(RECORD_RULE)) found++;
  }
  expect(found).toBeGreaterThan(0);
});

test('on recorded events: the public scope keeps what leaves private networks', () => {
  const narrow = engine({ scope: 'public' });
  const destinations = new Set<unknown>();
  for (const event of recordedEvents) {
    const names = narrow.match(event).map(({ name }) => name);
    if (!names.includes(RECORD_RULE)) continue;
    // Of the recording, a peer is public where the event tells one.
    const [, peer] = /(?:->|addr=)((?:198|213)\.[\d.]+):\d+$/.exec(String(event['evt.args'])) ?? [];
    if (names.includes(OUTBOUND_RULE)) destinations.add(peer);
    else expect(peer).toBeUndefined();
  }
  expect(destinations).toEqual(new Set(['198.51.100.7', '213.215.222.58', undefined]));
});

test.each<[EgressRulesOptions['declared'] & object, string]>([
  [{ 'a b': { ports: [1] } }, "'a b': a declared destination's name has letters, digits and '_'"],
  [{ a: {} }, "'a' declares neither networks nor ports"],
  [{ a: { networks: ['10.0.0.0'] } }, "'10.0.0.0' is no network"],
  [{ a: { networks: ['10.0.0.0/8") or evt.num exists'] } }, 'is no network'],
  [{ a: { ports: [0] } }, '0 is no port'],
  [{ a: { ports: [1.5] } }, '1.5 is no port'],
])('%j is refused', (declared, message) => {
  expect(() => declaredMacros(declared)).toThrow(RulesError);
  expect(() => declaredMacros(declared)).toThrow(message);
});
