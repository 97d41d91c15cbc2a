import {
  appendToList,
  egressRules,
  loadRulesOrThrow,
  outboundPublic,
  PRIVATE_NETWORKS,
  printRules,
  rule,
  type RulesObject,
} from '../../../lib/rules';
import type { Event } from '../../../lib/rules/evaluate/event';
import { engineOf, POD, recordedCases } from './egress-cases';

const PUBLIC = 'A public destination';

const objects = (...more: RulesObject[]): RulesObject[] => [
  ...egressRules(),
  ...outboundPublic(),
  ...more,
  rule({ name: PUBLIC, desc: 'd', condition: 'outbound_public', output: 'x', priority: 'NOTICE' }),
];

function isPublic(...more: RulesObject[]): (event: Event) => boolean {
  const engine = engineOf(printRules(objects(...more)));
  return (event) => engine.match(event).some(({ name }) => name === PUBLIC);
}

const connect = (address: string, port = 443): Event => ({
  ...POD,
  'evt.type': 'connect',
  'evt.rawres': 0,
  'evt.res': 'SUCCESS',
  'evt.args': `res=0 addr=${address}:${port}`,
  'fd.typechar': address.includes(':') ? '6' : '4',
  'fd.cip': address.includes(':') ? '2001:db8::1' : '198.51.100.1',
  'fd.sip': address,
  'fd.l4proto': 'tcp',
  'fd.name_changed': true,
});

const refused = (address: string): Event => ({
  ...connect(address),
  'evt.rawres': -111,
  'evt.res': 'ECONNREFUSED',
  'fd.cip': null,
  'fd.sip': null,
  'fd.name_changed': false,
});

describe('outbound_public', () => {
  test('is a rules file without a finding', () => {
    expect(loadRulesOrThrow([{ name: 'egress.yaml', text: printRules(objects()) }]).findings).toEqual([]);
  });

  const passes = isPublic();

  test('of the recorded cases finds those to public addresses, and those whose address nobody knows', () => {
    const found = recordedCases().filter(({ events }) => events.some(passes));
    expect(found.map((recorded) => recorded.case)).toEqual([
      'tcp4-eintr',
      'tcp4-public',
      'tcp4-vistatech',
      'udp-vistatech',
      'udp4-connect-lo-then-sendto',
      'udp4-sendto-noroute',
    ]);
  });

  test.each([
    ['198.51.100.7', true],
    ['172.32.0.1', true],
    ['172.31.0.1', false],
    ['10.1.2.3', false],
    ['100.64.0.1', false],
    ['100.128.0.1', true],
    ['169.254.169.254', false],
    ['239.1.1.1', false],
    ['2a00::1', true],
    ['fd77::2', false],
    ['fe80::1', false],
    ['febf::1', false],
    ['fec0::1', true],
    ['ff02::1', false],
  ])('%s: %s, whether or not it is reached', (address, expected) => {
    expect(passes(connect(address))).toBe(expected);
    expect(passes(refused(address))).toBe(expected);
  });

  test('goes by the address asked for where the socket was another one’s before', () => {
    expect(passes({ ...refused('198.51.100.7'), 'fd.cip': '10.0.0.1', 'fd.sip': '10.0.0.2' })).toBe(true);
  });

  test.each([
    ['198.51.100.7', '10.0.0.1', true],
    ['10.0.0.2', '198.51.100.1', false],
  ])('finds %s behind a bound UDP socket’s swapped ends: %s → %s', (peer, own, expected) => {
    const event: Event = {
      ...connect(own),
      'evt.type': 'sendto',
      'evt.args': `res=4 data=ping size=4 tuple=0.0.0.0:45454->${peer}:5353`,
      'fd.cip': peer,
      'fd.l4proto': 'udp',
    };
    expect(passes(event)).toBe(expected);
  });

  test('leaves out what is added to the list', () => {
    const own = isPublic(appendToList(PRIVATE_NETWORKS, ['198.51.100.0/24']));
    expect(own(connect('198.51.100.7'))).toBe(false);
    expect(own(refused('198.51.100.7'))).toBe(false);
    expect(own(connect('198.51.101.7'))).toBe(true);
  });
});
