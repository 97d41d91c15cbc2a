import { load } from 'js-yaml';
import {
  appendToList,
  commandLineFields,
  egressRules,
  egressTo,
  IO_URING_RULE,
  list,
  loadRules,
  macro,
  OUTBOUND_RULE,
  printRules,
  rule,
  RulesError,
  vistatechRules,
  type CommandLine,
  type EgressRulesOptions,
  type RulesObject,
} from '../../lib/rules';

type Item = Readonly<Record<string, string>> & { readonly items?: readonly unknown[] };

function printed(objects: readonly RulesObject[]): Item[] {
  return load(printRules(objects)) as Item[];
}

function find(objects: readonly RulesObject[], kind: 'rule' | 'macro' | 'list', name: string): Item {
  const found = printed(objects).find((item) => item[kind] === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}

function to(listName: string, ...items: string[]): RulesObject[] {
  const props = {
    name: 'R',
    desc: 'd',
    condition: egressTo(listName),
    output: 'x',
    priority: 'INFO',
  } as const;
  return [list(listName, items), rule(props)];
}

const variants: EgressRulesOptions[] = [
  {},
  { exemption: 'namespaces', exemptNamespaces: ['falco', 'kube-system'] },
  { exemption: 'namespaces' },
  { exemption: 'none' },
];

function outputs(objects: readonly RulesObject[]): string[] {
  return objects.flatMap((object) => (object.kind === 'rule' ? [object.output] : []));
}

function fieldsOf(output = ''): string[] {
  return [...output.matchAll(/=%([\w.]+)/g)].map(([, field = '']) => field);
}

describe('egressRules', () => {
  test.each(variants)('%j is a rules file without a finding', (options) => {
    const text = printRules([...vistatechRules(), ...egressRules(options)]);
    expect(loadRules([{ name: 'egress.yaml', text }]).findings).toEqual([]);
  });

  test('exempts by the namespace’s label, and nothing whose label is not known', () => {
    expect(find(egressRules(), 'list', 'k8s_not_monitored').items).toEqual(['green', 'blue']);
    for (const name of [OUTBOUND_RULE, IO_URING_RULE]) {
      expect(find(egressRules(), 'rule', name)['condition']).toMatch(
        /\nand not k8smeta\.ns\.label\[network\] in \(k8s_not_monitored\)$/,
      );
    }
  });

  test('exempts by another label', () => {
    const rules = egressRules({ exemptLabel: 'example.org/egress', exemptValues: ['off'] });
    expect(find(rules, 'rule', OUTBOUND_RULE)['condition']).toContain(
      'k8smeta.ns.label[example.org/egress] in',
    );
    expect(find(rules, 'list', 'k8s_not_monitored').items).toEqual(['off']);
  });

  test.each(['', 'a]', 'a] = b or evt.num exists', 'a b', '/a', '-a'])(
    'refuses the label %j',
    (exemptLabel) => {
      expect(() => egressRules({ exemptLabel })).toThrow(RulesError);
    },
  );

  test('exempts by name without the plugin', () => {
    const rules = egressRules({ exemption: 'namespaces', exemptNamespaces: ['falco'] });
    expect(find(rules, 'list', 'k8s_namespaces_not_monitored').items).toEqual(['falco']);
    expect(find(rules, 'rule', OUTBOUND_RULE)['condition']).toMatch(
      /\nand not k8s\.ns\.name in \(k8s_namespaces_not_monitored\)$/,
    );
    expect(printRules(rules)).not.toContain('k8smeta');
  });

  test('exempts nobody if asked', () => {
    expect(printRules(egressRules({ exemption: 'none' }))).not.toMatch(/k8smeta|not_monitored/);
  });

  test('finds Pods by what is known from the first event on', () => {
    expect(find(egressRules(), 'rule', OUTBOUND_RULE)['condition']).toContain('egress_by_pod');
    expect(find(egressRules(), 'macro', 'egress_by_pod')['condition']).toBe('container.id != host');
    expect(printRules(egressRules())).not.toContain('k8s.ns.name != ""');
  });

  test.each([
    ['the Pod', ['k8s.pod.name', 'k8s.ns.name', 'k8s.pod.uid']],
    ['its owner', ['k8smeta.deployment.name', 'k8smeta.rs.name']],
    ['node, container and image', ['evt.hostname', 'container.id', 'container.image.repository']],
    ['the process, its parent and user', ['proc.name', 'proc.pname', 'user.name', 'user.uid']],
    ['both ends', ['fd.cip', 'fd.cport', 'fd.sip', 'fd.sport', 'evt.arg.addr', 'fd.l4proto']],
    ['what came of it', ['evt.type', 'evt.res']],
  ])('tells %s', (_, fields) => {
    for (const field of fields) expect(fieldsOf(outputs(egressRules())[0])).toContain(field);
  });

  test('all rules tell the same, in the same order', () => {
    const owned = [...egressRules(), ...vistatechRules({ owner: true })];
    const [first = '', ...others] = outputs(owned).map((output) => /\(.*\)$/.exec(output)?.[0]);
    expect(others).toHaveLength(2);
    for (const other of others) expect(other).toBe(first);
  });

  test('the owner is told where the plugin is that knows it', () => {
    const owner = /k8smeta\.(deployment|rs)/;
    for (const options of [{ exemption: 'namespaces' }, { exemption: 'none' }, { owner: false }] as const)
      expect(outputs(egressRules(options)).join()).not.toMatch(owner);
    expect(outputs(egressRules({ exemption: 'none', owner: true })).join()).toMatch(owner);
  });

  test.each<[CommandLine, string]>([
    ['never', ' result=%evt.res)'],
    ['redacted', ' result=%evt.res argcount=%proc.cmdnargs argchars=%proc.cmdlenargs)'],
    ['full', ' result=%evt.res command=%proc.cmdline)'],
  ])('tells %s of the command line', (commandLine, end) => {
    const moreFields = commandLineFields(commandLine);
    const all = outputs([...egressRules({ moreFields }), ...vistatechRules({ moreFields })]);
    expect(all).toHaveLength(3);
    for (const output of all) expect(output.endsWith(end)).toBe(true);
  });

  test.each([
    ['egress_known_peer', 'fd.sip exists', 'replies of a UDP server over IPv6 have no server address'],
    ['egress_known_peer', 'not fd.snet in ("127.0.0.0/8", "::1/128")', 'loopback has two families'],
    ['egress_known_peer', 'sendmmsg', 'the C library resolves names by it'],
    ['egress_asked_peer', 'not fd.typechar = u', 'a path may hold a colon'],
    ['egress_asked_peer', 'evt.arg.addr contains ":"', 'a connect may carry no address at all'],
    ['egress_unknown_peer', 'not fd.sip exists', 'a connected socket was reported when it connected'],
  ])('%s says %s: %s', (name, text) => {
    expect(find(egressRules(), 'macro', name)['condition']).toContain(text);
  });

  test('tells no secrets, and uses nothing that Falco has given up', () => {
    const text = printRules([...egressRules(), ...vistatechRules()]);
    expect(text).not.toMatch(
      /proc\.(cmdline|args|env|aenv|exeline)|evt\.args|evt\.arg\.data|evt\.dir|fd\.net|fd\.ip\b/,
    );
  });

  test('defines no macro of the stock rules', () => {
    const macros = printed(egressRules()).flatMap((item) => item['macro'] ?? []);
    expect(macros.filter((name) => !name.startsWith('egress_'))).toEqual(['outbound_corp']);
  });
});

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

  test('refuses a name that could change the condition', () => {
    expect(() => egressTo('x) or (evt.num exists')).toThrow(RulesError);
  });

  /** What the added macro takes for an address of the list. */
  function asked(objects: RulesObject[], name = 'ips'): RegExp {
    const text = find(objects, 'macro', `egress_asked_${name}`)['condition'] ?? '';
    const pattern = /^evt\.type = connect and evt\.arg\.addr regex "([^"]*)"$/.exec(text)?.[1];
    if (pattern === undefined) throw new Error(text);
    return new RegExp(`^(?:${pattern})$`);
  }

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
  ])('finds %s: %s', (address, expected) => {
    expect(asked(to('ips', '10.0.0.1', 'FD77:0::2')).test(address)).toBe(expected);
  });

  test('counts items that are appended, quoted, or lists themselves', () => {
    const pattern = asked([
      ...to('ips', '"10.0.0.1"', 'more'),
      list('more', ['10.0.0.2']),
      appendToList('ips', ['10.0.0.3']),
    ]);
    expect(
      ['10.0.0.1:1', '10.0.0.2:1', '10.0.0.3:1', '10.0.0.4:1'].map((text) => pattern.test(text)),
    ).toEqual([true, true, true, false]);
  });

  test('counts replaced items only', () => {
    const replaced: RulesObject = {
      kind: 'list-override',
      name: 'ips',
      items: { how: 'replace', value: ['10.0.0.9'] },
    };
    expect(asked([...to('ips', '10.0.0.1'), replaced]).test('10.0.0.1:1')).toBe(false);
  });

  test('of an empty list is never true', () => {
    expect(find(to('ips'), 'macro', 'egress_asked_ips')['condition']).toBe('evt.num = 0');
  });

  test.each(['10.0.0.0/8', 'example.org', '10.0.0.256', '::ffff:10.0.0.1', '10.0.0'])(
    'refuses the item %s',
    (item) => {
      expect(() => printRules(to('ips', item))).toThrow(`'${item}' is no single address`);
    },
  );

  test('refuses a list that is not there', () => {
    expect(() => printRules(to('ips').slice(1))).toThrow(
      "egressTo('ips'): the list must be printed along with the rule",
    );
  });

  test('adds its macro once, before the first use, unless it is there', () => {
    const [ips, first] = to('ips', '10.0.0.1');
    if (ips === undefined || first?.kind !== 'rule') throw new Error('no rule');
    const using = macro('m', `not (${egressTo('ips')})`);
    const objects = [ips, using, first, { ...first, name: 'S' }];
    expect(printed(objects).map((item) => item['macro'] ?? item['rule'] ?? item['list'])).toEqual([
      'ips',
      'egress_asked_ips',
      'm',
      'R',
      'S',
    ]);
    const own = macro('egress_asked_ips', 'evt.num = 1');
    expect(printed([ips, own, first]).filter((item) => item['macro'] !== undefined)).toHaveLength(1);
  });
});

describe('vistatechRules', () => {
  test('are the list and the rule of the demo', () => {
    expect(find(vistatechRules(), 'list', 'website_ips').items).toEqual(['213.215.222.58', '213.215.222.59']);
    expect(find(vistatechRules(), 'rule', 'Connection to vistatech.it')).toMatchObject({
      condition: egressTo('website_ips'),
      priority: 'WARNING',
      tags: ['network', 'egress', 'alert'],
    });
  });
});
