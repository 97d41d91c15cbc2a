import type { SchemaNode } from '../../lib/schema/node';
import { CONTEXTS } from './contexts';
import { leaves, set, together, type Values } from './leaves';

/** Text that JSON, YAML, Go's templates and JavaScript could each take for something else. */
const NASTY = '{{ .Values.name }} `x` "q" \'s\' {{- fail "x" }} %s %d \\n \t # : é 😀 \u2028 \u2029 \ufeff';
const MATCH = `\noutput contains "{{ .Values.name }} <é> 'x' %s\u2028\u2029"\n  and output != 'yes'`;
const LINES = 'one\n  two\n\n{{ three }}: four\n';
const SHAPES = [
  LINES,
  'a\n\u2028b\n',
  'a\u2029\n b',
  'a\n\n',
  '\n',
  ' \n a',
  'a\r\nb',
  '  ',
  '- a',
  '# a',
  'a: b',
  '',
  '|',
  '%YAML',
  '--- a',
  '*a',
  '&a',
  '!a',
];
/** Words that YAML 1.1 reads as something else than text. */
const WORDS = [
  'no',
  'y',
  'On',
  '0x10',
  '1e3',
  '12:30',
  '0o7',
  '010',
  '1_000',
  '0b1',
  '2001-01-01',
  '.inf',
  '.5',
  '~',
  'null',
  '=',
  'true',
  '-1',
];
const SEPARATED = 'a\n\u2028b\u2029\nc';
const LONG = 'x'.repeat(100_000);

const numbered = (texts: readonly string[]) =>
  Object.fromEntries(texts.map((text, index) => [`k${index}`, text]));
const asKeys = (texts: readonly string[]) => Object.fromEntries(texts.map((text) => [text, text]));

/** Keys that sort otherwise in UTF-16 than in UTF-8, or that JavaScript takes for indexes. */
const ORDERED = { '😀': 'a', '\uffee': 'b', é: 'c', '10': 'd', '9': 'e', Z: 'f', a: 'g', _: 'h' };
const NUMBERS = [1_000_000, 1.5, 0.1, 12345678.9, 123456789012, 1e20, 1e21, 1e-6, 1e-7, -1, 9007199254740991];

/** Values with which the chart and our synth give the same. */
export const EQUAL_AT_EDGES: Readonly<Record<string, Values>> = {
  'a variable of any text': { sidekick: { env: { A: NASTY, ...numbered(SHAPES) } } },
  'a variable of a word': { sidekick: { env: numbered(WORDS) } },
  'a variable named as a word': { sidekick: { env: { no: 'a', y: 'b', On: 'c', N: 'd' } } },
  'a long variable': { sidekick: { env: { A: LONG } } },
  'fields of any text': { sidekick: { customFields: { a: NASTY, ...numbered(SHAPES), z: LINES } } },
  'fields named as words': { sidekick: { customFields: asKeys(WORDS) } },
  'fields with dots, slashes, blanks and braces': {
    sidekick: {
      customFields: asKeys(['a.b', 'a/b', 'a b', 'é', '{{ x }}', '"', "'", '\u2028', 'constructor']),
    },
  },
  'fields in the order of their keys': { sidekick: { customFields: ORDERED } },
  'outputs in the order of their keys': {
    sidekick: { outputs: { mine: { '😀': 1, '\uffee': 2, é: 3, '10': 4, '9': 5, a: 6, _: 7 } } },
  },
  'outputs of any text': {
    sidekick: { outputs: { mine: { a: NASTY, b: [NASTY, LINES], c: numbered(SHAPES) } } },
  },
  'outputs of numbers': { sidekick: { outputs: { mine: { numbers: NUMBERS, nested: { deep: NUMBERS } } } } },
  'a cluster of any text': { cluster: NASTY, collector: { enabled: true } },
  'a cluster of lines': { cluster: LINES, collector: { enabled: true } },
  'a cluster that is a word': { cluster: 'no' },
  'annotations of any text': { annotations: { a: NASTY, ...numbered(SHAPES), b: LONG } },
  'annotations named as words': {
    annotations: { no: 'no', '0x10': 'y', '1e3': '1e3', null: 'null', 'a.b/c': 'x' },
  },
  'labels named as numbers': { responder: { protected: { podLabels: { '10': 'a', '9': 'b', a: '1e3' } } } },
  'large numbers': {
    sidekick: { replicas: 1_000_000 },
    collector: { enabled: true, queueBytes: 1e13 },
    falco: { config: { outputs_queue: { capacity: 10_000_000 }, syscall_event_drops: { threshold: 1e-7 } } },
  },
  'Falco, with any text': {
    falco: { config: { append_output: [{ match: { source: 'syscall' }, extra_output: NASTY + LINES }] } },
  },
  'rules with words and numbers': { rules: [{ list: 'x', items: [...WORDS, 1, 1.5, 1e6, 1e21] }] },
  'a rule of any text': {
    rules: [
      {
        rule: 'r {{ x }}',
        desc: NASTY,
        condition: 'evt.type = open\n  and evt.num > 1000000\n',
        output: "x %proc.name {{ }} `'",
        priority: 'WARNING',
        tags: ['no', '1e3'],
      },
    ],
  },
  ...Object.fromEntries(
    [
      `# ${NASTY}\n- list: x\n  items: [a]\n`,
      '# crlf\r\n- list: x\r\n  items: [a]\r\n',
      '\n\n- list: x\n  items: [a]\n\n\n',
      '  # lead\n\n- list: x\n  items: [a]\n   ',
      '#\t\n- list: x\n  items: [a]\n\t\n',
      `# ${LONG}\n- list: x\n  items: [a]`,
    ].map((text, index) => [`a rules file, form ${index}`, { rulesPackages: { no: { 'a.yaml': text } } }]),
  ),
  'responses of any text': {
    responses: [NASTY, LINES, ...WORDS].map((name) => ({ match: MATCH, action: 'notify', name })),
  },
  'exempt by words': {
    exempt: { label: 'no', values: ['no', '1e3', '0x10', '12.30', 'y', '1_0', 'null', '010'] },
  },
  'namespaces named as words': {
    namespaces: { node: 'no', services: '1e3' },
    namespaceLabels: {
      y: { no: 'no' },
      '0x10': { network: 'green' },
      '10': { network: 'green' },
      '9': { network: 'green' },
    },
    plugins: { k8smeta: { source: 'none' } },
  },
  'a name that is a word': { name: 'on' },
  'Secrets named as words': {
    secrets: {
      responderToken: { name: 'no' },
      sidekickUi: { name: '1e3' },
      sidekickUiStore: { name: '0x10' },
    },
    sidekick: { secretEnv: { no: { secret: '1e3', key: '0x10' }, Y: { secret: 'no', key: 'y' } } },
  },
  'empty text, which is what is missing': {
    sidekick: { loki: { url: '' }, slack: { webhookUrl: { secret: '' } } },
    sidekickUi: { store: { storageClass: '' } },
  },
  'parts of Pods, of anything': {
    sidekick: {
      affinity: { nodeAffinity: { numbers: NUMBERS, words: asKeys(WORDS), text: NASTY, lines: SHAPES } },
      tolerations: [{ key: 'no', value: '1e3', tolerationSeconds: 10_000_000 }],
      sidecars: [
        {
          name: 'a',
          image: 'b:1',
          args: [NASTY, LINES, ...WORDS],
          resources: { numbers: NUMBERS, empty: {} },
          ports: [],
        },
      ],
    },
  },
  'a URL of any text': { sidekick: { loki: { url: `http://x/{{ y }}?a="b"&c='d'<é\u2028`, tenant: NASTY } } },
  'a Loki of any text': {
    collector: {
      enabled: true,
      loki: { url: `http://x/{{ y }}?a="b"&c='d'<é\u2028`, tenant: '{{ x }} "\u2028' },
    },
    responder: { enabled: false },
  },
  'directories of any text': {
    collector: { enabled: true, stateDirectory: '/a b/{{ x }}"\u2028' },
    plugins: { k8smeta: { source: 'hostPath', directory: '/a {{ x }}\u2028' } },
    falco: { runtimeSocketDirectories: ['/a {{ x }}\u2028é"', '/no'] },
  },
  'users of any name': { exempt: { guard: { enabled: true, users: [NASTY, LINES, ...WORDS] } } },
  'an issuer of any name': { tls: { issuer: 'certManager', certManager: { issuerName: NASTY } } },
};

/** Every setting that takes text of several lines has some, with what YAML takes for a line break too. */
export function linesWhereTaken(taken: (values: Values) => boolean): { paths: string[]; values: Values } {
  const paths: string[] = [];
  let values = CONTEXTS['everything'] ?? {};
  for (const { path, schema } of leaves()) {
    const value = ofLines(schema);
    const next = value === undefined ? values : (together(values, set(path, value)) as unknown as Values);
    if (next === values || !taken(next)) continue;
    values = next;
    paths.push(path);
  }
  return { paths, values };
}

function ofLines(schema: SchemaNode): unknown {
  const inside = (of: SchemaNode | 'anything' | undefined) =>
    of === undefined ? undefined : of === 'anything' ? SEPARATED : ofLines(of);
  if (schema.is === 'text') return SEPARATED;
  const item =
    schema.is === 'list' ? inside(schema.of) : inside(schema.is === 'object' ? schema.others : undefined);
  if (item === undefined) return undefined;
  return schema.is === 'list' ? [item] : { a: item };
}

/** Values that say nothing, or take away what stands in values.yaml: each is refused. */
export const NULLS: readonly Values[] = [
  { name: null },
  { cluster: null },
  { sidekick: null },
  { sidekick: { replicas: null } },
  { sidekick: { loki: null } },
  { sidekick: { loki: { url: null } } },
  { sidekick: { resources: { limits: null } } },
  { sidekick: { resources: { limits: { memory: null } } } },
  { sidekick: { affinity: null } },
  { sidekick: { affinity: { nodeAffinity: null } } },
  { sidekick: { sidecars: [{ name: 'a', image: 'b:1', args: null }] } },
  { sidekick: { tolerations: [{ key: null, operator: 'Exists' }] } },
  { sidekick: { outputs: { mine: null } } },
  { sidekick: { outputs: { mine: { a: null } } } },
  { sidekick: { outputs: { mine: { a: [null] } } } },
  { sidekick: { secretEnv: { A: null } } },
  { labels: null },
  { labels: { a: null } },
  { images: { falco: { tag: null } } },
  { falco: { config: null } },
  { falco: { config: { http_output: { enabled: null } } } },
  { falco: { config: { static_fields: { a: null } } } },
  { rules: null },
  { rules: [{ list: 'a', items: [null] }] },
  { rules: [{ list: 'a', items: ['x'], append: null }] },
  { rulesPackages: { team: null } },
  { rulesPackages: { team: { 'a.yaml': null } } },
  { responses: [{ match: 'output contains x', action: 'notify', mode: null }] },
];
