import { alertFromSidekick } from '../../../lib/responder/alert/sidekick';
import { MalformedBodyError } from '../../../lib/responder/alert/malformed';

const alert = {
  rule: 'Connection to vistatech.it',
  priority: 'Warning',
  output: 'o',
  time: '2026-11-22T07:41:15.744381641Z',
  source: 'syscall',
  hostname: 'node-1',
  tags: ['network'],
  output_fields: {
    'k8s.ns.name': 'demo',
    'k8s.pod.name': 'nginx-1',
    'k8s.pod.uid': '6f0c0b2e-0000-4000-8000-000000000001',
    'container.id': '3db00b476ee2',
    'fd.sport': 443,
  },
};

const read = (over: object = {}) => alertFromSidekick(JSON.stringify({ ...alert, ...over }));
const withFields = (fields: object) => read({ output_fields: { ...alert.output_fields, ...fields } });
const refusal = (text: string): string => {
  try {
    alertFromSidekick(text);
  } catch (error) {
    if (error instanceof MalformedBodyError) return `${error.code} ${error.field}`;
    throw error;
  }
  return 'taken';
};

test('all that responses ask about', () => {
  const { event, ...rest } = read();
  expect(rest).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    way: 'alerts',
    rule: 'Connection to vistatech.it',
    priority: 'Warning',
    source: 'syscall',
    tags: ['network'],
    time: new Date('2026-11-22T07:41:15.744Z'),
    timeText: '2026-11-22T07:41:15.744381641Z',
    output: 'o',
    node: 'node-1',
    pod: {
      namespace: 'demo',
      name: 'nginx-1',
      uid: '6f0c0b2e-0000-4000-8000-000000000001',
      containerId: '3db00b476ee2',
    },
  });
  expect({ ...event }).toEqual({
    ...alert.output_fields,
    rule: 'Connection to vistatech.it',
    priority: 'Warning',
    tags: ['network'],
    source: 'syscall',
    output: 'o',
    hostname: 'node-1',
  });
});

test.each<[string, string, string]>([
  ['no fraction', '2026-11-22T07:41:15Z', '2026-11-22T07:41:15.000000000Z'],
  ['zeros cut off', '2026-11-22T07:41:15.744Z', '2026-11-22T07:41:15.744000000Z'],
  ['another zone', '2026-11-22T09:41:15.7443816+02:00', '2026-11-22T07:41:15.744381600Z'],
  ['more than nine digits', '2026-11-22T07:41:15.7443816419999Z', '2026-11-22T07:41:15.744381641Z'],
  ['over midnight', '2026-11-22T23:30:00.5-01:00', '2026-11-23T00:30:00.500000000Z'],
])('a time with %s', (_, time, wanted) => {
  expect(read({ time }).timeText).toBe(wanted);
  expect(read({ time }).id).toBe(read({ time: wanted }).id);
});

test.each([
  'yesterday',
  '',
  '2026-11-22',
  '2026-11-22T07:41:15',
  '2026-11-22t07:41:15z',
  '2026-02-30T00:00:00Z',
  '2026-11-22T24:00:00Z',
  '2026-11-22T07:41:60Z',
  '2026-11-22T07:41:15+25:00',
  '0001-01-01T00:00:00Z',
  `2026-11-22T07:41:15.${'0'.repeat(100_000)}Z`,
])('%p is no time', (time) => {
  expect(refusal(JSON.stringify({ ...alert, time }))).toBe('MALFORMED time');
});

test('each part of what makes an alert makes its id; what falcosidekick changes does not', () => {
  const ids = [
    read(),
    read({ rule: 'other' }),
    read({ time: '2026-11-22T07:41:15.744381642Z' }),
    read({ hostname: 'node-2' }),
    withFields({ 'k8s.ns.name': 'shop' }),
    withFields({ 'k8s.pod.name': 'nginx-2' }),
    withFields({ 'container.id': '3db00b476ee3' }),
  ].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const same = [
    read({ uuid: 'x', output: 'p', priority: 'WARNING', source: 'syscalls', tags: ['z', 'network'] }),
    withFields({ cluster: 'demo', 'proc.cmdline': 'cut[...]' }),
  ];
  for (const { id } of same) expect(id).toBe(read().id);
});

test.each<[string, object, object | undefined]>([
  [
    'the fields of k8smeta, where the container plugin knows none',
    {
      'k8s.ns.name': null,
      'k8s.pod.name': null,
      'k8s.pod.uid': null,
      'k8smeta.ns.name': 'shop',
      'k8smeta.pod.name': 'cart-0',
      'k8smeta.pod.uid': 'u-1',
    },
    { namespace: 'shop', name: 'cart-0', uid: 'u-1', containerId: '3db00b476ee2' },
  ],
  ['no namespace', { 'k8s.ns.name': null }, undefined],
  ['<NA>', { 'k8s.pod.name': '<NA>' }, undefined],
  ['a path', { 'k8s.pod.name': '../../secrets/x' }, undefined],
  ['a name with a blank', { 'k8s.ns.name': 'de mo' }, undefined],
  ['a number', { 'k8s.pod.name': 7 }, undefined],
  ['a name that is too long', { 'k8s.pod.name': 'a'.repeat(254) }, undefined],
  [
    'the node itself',
    { 'container.id': 'host', 'k8s.pod.uid': '<NA>' },
    { namespace: 'demo', name: 'nginx-1' },
  ],
])('the Pod: %s', (_, fields, wanted) => {
  expect(withFields(fields).pod).toEqual(wanted);
});

test('what an alert says of itself wins over a field that is called so', () => {
  const { event } = withFields({ rule: 'spoofed', priority: 'Debug', hostname: 'elsewhere', tags: ['x'] });
  expect(event).toMatchObject({
    rule: alert.rule,
    priority: 'Warning',
    hostname: 'node-1',
    tags: ['network'],
  });
});

test.each<[string, object, string]>([
  ['no rule', { rule: undefined }, 'rule'],
  ['an empty rule', { rule: '' }, 'rule'],
  ['a rule without end', { rule: 'x'.repeat(100_000) }, 'rule'],
  ['a priority of nobody', { priority: 'Severe' }, 'priority'],
  ['a number as output', { output: 1 }, 'output'],
  ['a number as source', { source: 7 }, 'source'],
  ['a number as hostname', { hostname: 7 }, 'hostname'],
  ['tags in a text', { tags: 'network' }, 'tags'],
  ['a number as a tag', { tags: ['network', 7] }, 'tags[1]'],
  ['a thousand tags', { tags: Array.from({ length: 1000 }, String) }, 'tags'],
  ['fields in a list', { output_fields: [] }, 'output_fields'],
  ['no fields', { output_fields: undefined }, 'output_fields'],
  [
    'a million fields',
    { output_fields: Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [i, i])) },
    'output_fields',
  ],
])('%s is named', (_, over, field) => {
  expect(refusal(JSON.stringify({ ...alert, ...over }))).toBe(`MALFORMED ${field}`);
});

test.each<[string, string]>([
  ['nothing', ''],
  ['half of it', JSON.stringify(alert).slice(0, -1)],
  ['a list', '[]'],
  ['null', 'null'],
  ['a text', '"x"'],
  ['two alerts', JSON.stringify(alert).repeat(2)],
  ['lists without end', '['.repeat(1_000_000)],
  ['a value that nests deep', `{"a":${'['.repeat(40)}${']'.repeat(40)}}`],
  [
    'a text that does not end, with a long number before it',
    `{"a":1234567890123456789,"b":"${'\\"'.repeat(400_000)}`,
  ],
  ['two megabytes', JSON.stringify({ ...alert, output: 'x'.repeat(2_000_000) })],
])('%s is no alert', (_, text) => {
  expect(refusal(text)).toBe('MALFORMED (body)');
});

test('what nests as deep as it may, and brackets in texts, count for nothing', () => {
  const deep = JSON.parse(`${'['.repeat(29)}${']'.repeat(29)}`) as unknown;
  expect(withFields({ deep, 'proc.cmdline': '[{"\\'.repeat(500) }).event['proc.cmdline']).toHaveLength(2000);
});

test('hostile names, halves of pairs, NUL and numbers beyond all bounds do no harm', () => {
  const text = JSON.stringify(alert).replace(
    '"fd.sport":443',
    String.raw`"__proto__":{"polluted":true},"constructor":"c","toString":1,"nul":"a\u0000b","half":"\udc00x","e":1e400,"evt.time":1795333275744381641,"h":-123456789012345678901234567890`,
  );
  const { event } = alertFromSidekick(text);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(event).toMatchObject({
    constructor: 'c',
    nul: 'a\0b',
    half: '\ufffdx',
    'evt.time': 1795333275744381641n,
    h: -123456789012345678901234567890n,
  });
  expect(Object.getPrototypeOf(event)).toBeNull();
});

test('long texts are cut, and lists hold only what can be compared', () => {
  const { event, output } = read({
    output: '𝒳'.repeat(50_000),
    output_fields: {
      a: 'é'.repeat(50_000),
      list: ['x', null, { y: 1 }, 7, '\ud800'],
      object: { k: 'v' },
      yes: true,
    },
  });
  expect(output).toBe('𝒳'.repeat(4096));
  expect(event['a']).toBe('é'.repeat(8192));
  expect(event).toMatchObject({ list: ['x', 7, '\ufffd'], object: null, yes: true });
});
