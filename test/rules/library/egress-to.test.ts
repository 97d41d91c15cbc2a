import {
  appendToList,
  egressRules,
  egressTo,
  egressToNetworks,
  list,
  loadRulesOrThrow,
  macro,
  printRules,
  rule,
  RulesError,
  type RulesObject,
} from '../../../lib/rules';
import type { Event } from '../../../lib/rules/evaluate/event';
import { RuleEngine } from '../../../lib/rules/evaluate/rules';

const NAME = 'To the list';

function ruleWith(condition: string, name = NAME): RulesObject {
  return rule({ name, desc: 'd', condition, output: 'x', priority: 'INFO' });
}

function to(...items: string[]): RulesObject[] {
  return [list('ips', items), ruleWith(egressTo('ips'))];
}

function within(...items: string[]): RulesObject[] {
  return [list('nets', items), ruleWith(egressToNetworks('nets'))];
}

/** Whether the rule says something of an event, once the text of the rules is read as Falco reads it. */
function says(objects: readonly RulesObject[]): (event: Event) => boolean {
  const text = printRules([...egressRules({ exemption: 'none' }), ...objects]);
  const engine = new RuleEngine(loadRulesOrThrow([{ name: 'rules.yaml', text }]).ruleset, 'all');
  return (event) => engine.match(event).some(({ name }) => name === NAME);
}

/** The values are those of recorded events of that kind. */
function refused(address: string): Event {
  return {
    'evt.type': 'connect',
    'evt.rawres': -111,
    'evt.res': 'ECONNREFUSED',
    'evt.args': `res=-111(ECONNREFUSED) tuple=NULL fd=3(<4>) addr=${address}`,
    'fd.typechar': address.includes('::') ? '6' : '4',
    'fd.name': '',
    'fd.name_changed': false,
    'container.id': '3db00b476ee2',
  };
}

function sent(client: string, server: string): Event {
  return {
    'evt.type': 'sendto',
    'evt.rawres': 4,
    'evt.res': 'SUCCESS',
    'fd.typechar': server.includes(':') ? '6' : '4',
    'fd.name_changed': true,
    'fd.cip': client,
    'fd.sip': server,
    'container.id': '3db00b476ee2',
  };
}

/** A datagram of a bound IPv6 socket, whose ends Falco doesn't know. */
function sentFromBound(tuple: string): Event {
  return {
    'evt.type': 'sendto',
    'evt.rawres': 4,
    'evt.res': 'SUCCESS',
    'evt.args': `res=4 data=ping fd=11(<6>${tuple}) size=4 tuple=${tuple}`,
    'fd.typechar': '6',
    'fd.name': tuple,
    'fd.name_changed': true,
    'container.id': '3db00b476ee2',
  };
}

describe('egressTo', () => {
  test('compares the server, the other end of a bound UDP socket, and the address asked for', () => {
    expect(egressTo('website_ips')).toBe(
      [
        'outbound_corp and egress_by_pod',
        'and (fd.sip in (website_ips)',
        'or (evt.type in (sendto, sendmsg, sendmmsg) and fd.cip in (website_ips))',
        'or egress_asked_website_ips)',
      ].join('\n'),
    );
  });

  test.each([egressTo, egressToNetworks])(
    '%p refuses a name that could change the condition',
    (condition) => {
      expect(() => condition('x) or (evt.num exists')).toThrow(RulesError);
    },
  );

  const listed = says(to('10.0.0.1', 'FD77:0::2'));

  test.each([
    ['10.0.0.1:443', true],
    ['::ffff:10.0.0.1:443', true],
    ['fd77::2:8080', true],
    ['10.0.0.12:443', false],
    ['110.0.0.1:443', false],
    ['10.0.0.1', false],
    ['10x0.0.1:443', false],
    ['fd77::2:1:8080', false],
    ['::ffff:fd77::2:8080', false],
  ])('a refused connect to %s: %s', (address, expected) => {
    expect(listed(refused(address))).toBe(expected);
  });

  test.each([
    ['192.0.2.2', '10.0.0.1', true],
    ['10.0.0.1', '192.0.2.2', true],
    ['fd00::2', 'fd77::2', true],
    ['192.0.2.2', '10.0.0.2', false],
  ])('a datagram of a socket between %s and %s: %s', (client, server, expected) => {
    expect(listed(sent(client, server))).toBe(expected);
  });

  test.each([
    [':::45454->fd77::2:5353', true],
    [':::45454->fd77::3:5353', false],
    [':::45454->fd77::2:1:5353', false],
    // Nobody can tell it from a server's reply.
    [':::45454->fd77::2:40000', false],
  ])('a datagram of a bound IPv6 socket, %s: %s', (tuple, expected) => {
    expect(listed(sentFromBound(tuple))).toBe(expected);
  });

  test('counts items that are appended, quoted, or lists themselves', () => {
    const passes = says([
      ...to('"10.0.0.1"', 'more'),
      list('more', ['10.0.0.2']),
      appendToList('ips', ['10.0.0.3']),
    ]);
    const found = ['10.0.0.1:1', '10.0.0.2:1', '10.0.0.3:1', '10.0.0.4:1'].map((text) =>
      passes(refused(text)),
    );
    expect(found).toEqual([true, true, true, false]);
  });

  test('counts replaced items only', () => {
    const passes = says([
      ...to('10.0.0.1'),
      { kind: 'list-override', name: 'ips', items: { how: 'replace', value: ['10.0.0.9'] } },
    ]);
    expect(['10.0.0.1:1', '10.0.0.9:1'].map((text) => passes(refused(text)))).toEqual([false, true]);
  });

  test('of an empty list is never true', () => {
    expect(printRules(to())).toContain('- macro: egress_asked_ips\n  condition: evt.num = 0\n');
  });

  test('takes more addresses than fit one value of Falco’s', () => {
    const hosts = Array.from({ length: 60 }, (_, i) => i + 1);
    const passes = says(to(...hosts.map((i) => `10.20.30.${i}`), ...hosts.map((i) => `2001:db8::a:${i}`)));
    for (const i of [1, 30, 60]) {
      expect(passes(refused(`10.20.30.${i}:443`))).toBe(true);
      expect(passes(refused(`2001:db8::a:${i}:443`))).toBe(true);
    }
    expect(passes(refused('10.20.30.61:443'))).toBe(false);
    expect(passes(refused('2001:db8::a:61:443'))).toBe(false);
  });

  test.each(['10.0.0.0/8', 'example.org', '10.0.0.256', '::ffff:10.0.0.1', '10.0.0'])(
    'refuses the item %s',
    (item) => {
      expect(() => printRules(to(item))).toThrow(`egressTo('ips'): '${item}' is no single address`);
    },
  );

  test('refuses a list that is not there', () => {
    expect(() => printRules(to().slice(1))).toThrow(
      "egressTo('ips'): the list must be printed along with the rule",
    );
  });

  test('adds its macro once, before the first use, unless it is there', () => {
    const [ips, first] = to('10.0.0.1');
    if (ips === undefined || first?.kind !== 'rule') throw new Error('no rule');
    const using = macro('m', `not (${egressTo('ips')})`);
    const names = (objects: readonly RulesObject[]): string[] =>
      [...printRules(objects).matchAll(/^- \w+: (.*)$/gm)].map(([, name = '']) => name);
    expect(names([ips, using, first, { ...first, name: 'S' }])).toEqual([
      'ips',
      'egress_asked_ips',
      'm',
      NAME,
      'S',
    ]);
    const own = macro('egress_asked_ips', 'evt.num = 1');
    expect(names([ips, own, first])).toEqual(['ips', 'egress_asked_ips', NAME]);
  });
});

describe('egressToNetworks', () => {
  test.each([
    ['10.0.0.0/8', '10.255.0.1', '11.0.0.1'],
    ['10.20.0.0/16', '10.20.255.1', '10.2.0.1'],
    ['172.16.0.0/12', '172.31.255.1', '172.32.0.1'],
    ['192.168.4.0/22', '192.168.7.255', '192.168.8.0'],
    ['192.168.4.8/30', '192.168.4.11', '192.168.4.12'],
    ['192.168.4.8/32', '192.168.4.8', '192.168.4.80'],
    ['192.168.4.0/24', '192.168.4.80', '192.168.40.1'],
    ['2001:db8::/32', '2001:db8:1::5', '2001:db9::5'],
    ['2001:db8::/32', '2001:db8::', '2001:dc8::'],
    ['2001:db8:a:b0::/60', '2001:db8:a:bf::1', '2001:db8:a:c0::1'],
    ['fc00::/7', 'fd77::2', 'fe80::2'],
    ['2000::/3', '3fff::1', '4000::1'],
    ['2001:db8::7/128', '2001:db8::7', '2001:db8::7:1'],
  ])('%s holds %s and not %s', (network, inside, outside) => {
    const passes = says(within(network));
    expect(passes(refused(`${inside}:443`))).toBe(true);
    expect(passes(sent(outside, inside))).toBe(true);
    expect(passes(refused(`${outside}:443`))).toBe(false);
    expect(passes(sent(inside, outside))).toBe(false);
  });

  test('finds the peer of a UDP socket that was bound, which Falco takes for the client', () => {
    const passes = says(within('10.77.0.0/16'));
    const swapped = (peer: string): Event => ({
      ...sent(peer, '10.77.0.1'),
      'evt.args': `res=4 data=ping fd=3(<4u>${peer}:5353->10.77.0.1:45454) size=4 tuple=0.0.0.0:45454->${peer}:5353`,
    });
    expect(passes(swapped('10.77.0.2'))).toBe(true);
    expect(says(within('198.51.100.0/24'))(swapped('198.51.100.7'))).toBe(true);
    expect(says(within('198.51.100.0/24'))(swapped('198.51.101.7'))).toBe(false);
  });

  test('0.0.0.0/0 holds all of IPv4', () => {
    const passes = says(within('0.0.0.0/0'));
    expect(['0.1.2.3:1', '8.8.8.8:53', '255.255.255.255:9'].map((text) => passes(refused(text)))).toEqual([
      true,
      true,
      true,
    ]);
    expect(passes(refused('fd77::2:53'))).toBe(false);
  });

  test('finds IPv4 in IPv6’s clothes', () => {
    expect(says(within('172.16.0.0/12'))(refused('::ffff:172.20.1.1:443'))).toBe(true);
  });

  test.each(['10.0.0.1', '10.0.0.0/33', '::/0', 'fd00::/129', '10.0.0/8', 'example.org/8'])(
    'refuses the item %s',
    (item) => {
      expect(() => printRules(within(item))).toThrow(`egressToNetworks('nets'): '${item}' is no network`);
    },
  );

  test.each(['64:ff9b::/96', '2001::/32', '::/8'])('refuses %s, which can’t be told by its text', (item) => {
    expect(() => printRules(within(item))).toThrow(`'${item}': a refused connect to it can't be told`);
  });
});
