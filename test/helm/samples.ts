import type { Leaf } from './leaves';

/** Text that a template must not take for anything else. */
const NASTY = `it's "quoted" \\ 100% {{ .Values.name }} <é> #: -`;

const DIGEST = `sha256:${'0a'.repeat(32)}`;

/** Labels, some of them the stack's own. */
const LABELS = {
  'example.org/team': 'a',
  'app.kubernetes.io/name': 'mine',
  empty: '',
  number: '1',
  yes: 'no',
};

/** Other values of leaves that not any text will do for: the first rule whose expression fits the path. */
const SAMPLES: readonly (readonly [RegExp, readonly unknown[]])[] = [
  [/^name$/, ['fe', 'y']],
  [
    /^namespaces\.(node|services)$|external\.namespace$|certManager\.namespace$|scrapers\.namespace$/,
    ['elsewhere', 'yes'],
  ],
  [/^namespaceLabels$/, [{ other: { network: 'green', more: 'x' }, watched: { network: 'red' } }]],
  [/^exempt\.label$/, ['example.org/net.x']],
  [/^exempt\.values$/, [['on', '1.5', 'true', '0x1f', 'blue', 'a.b', '1e3'], ['one']]],
  [/^images\.registry$/, ['mirror.example.org/hub']],
  [/digest$/, [DIGEST]],
  [/^images\..*\.(registry|repository|tag)$|artifact\.(repository|tag)$/, ['other-1.0']],
  [/^plugins\.k8smeta\.image$/, ['registry.example.org/plugin:1']],
  [/^falco\.version$/, ['0.44.1']],
  [/^falco\.maxUnavailable$/, ['25%']],
  [/[dD]irectory$/, ['/some/where']],
  [/runtimeSocketDirectories$/, [['/run/one', '/run/two'], []]],
  [/exceptNamespaces$/, [['kube-system', 'storage'], []]],
  [/^egress\.declared$/, [{ dns: { networks: ['10.0.0.0/8'], ports: [53] }, web: { ports: [80, 443] } }]],
  [/pullSecrets$/, [['one', 'two.three']]],
  [/Cidrs$/, [['10.0.0.0/8'], ['10.0.0.0/8', 'fd00::/8']]],
  [/apiServerPorts$/, [[6443], [1, 65535]]],
  [/^grafana\.(loki|prometheus)Url$/, ['http://target.example.org:1234/a']],
  [/^loki\.retention\./, ['2w', '1y']],
  [/inventory\.every$/, ['90m']],
  [/^monitoring\.dashboards\.url$/, [`https://grafana.example.org/it's-"100%"?a=b&c`]],
  [/\.url$/, ['https://target.example.org/a?b=<c>&d']],
  [
    /(secret|storageClass|issuerName|storeName|priorityClassName|existingSecrets\.\w+|secrets\.\w+\.name)$/,
    ['mine', 'on'],
  ],
  [/duration$|refreshInterval$/, ['100h']],
  [/ttl$/, ['3h']],
  [/\.interval$/, ['2m']],
  [/size$/, ['3Gi']],
  [/maxMemory$/, ['1gb']],
  [/queueBytes$/, [1048577, 1000000000]],
  [/replicas$/, [1, 2, 4]],
  [/ownerPercent$/, [100]],
  [/requests$|limits$/, [{ cpu: '3', memory: '1Gi', 'example.org/gpu': '1' }]],
  [/maxAge$/, ['30m']],
  [/forensicsNamespace$/, ['forensics']],
  [/denyTiers$/, [['Cilium'], []]],
  [/^responder\.limits/, [7]],
  [/nodeSelector$/, [{ disk: 'fast' }, { 'kubernetes.io/os': 'other', x: '' }]],
  [/tolerations$/, [[{ key: 'a', operator: 'Exists', tolerationSeconds: 1000000 }], []]],
  [
    /affinity$/,
    [{ nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: {} }] } }],
  ],
  [/sidecars$/, [[{ name: 'side', image: 'x:1', args: [NASTY], resources: {} }]]],
  [
    /^sidekick\.outputs$/,
    [
      {
        teams: { minimumpriority: 'error' },
        loki: { tenant: NASTY, on: 1000000, list: [1, [2], { a: [] }] },
      },
    ],
  ],
  [/secretEnv$/, [{ TEAMS_WEBHOOKURL: { secret: 'teams', key: 'url' }, A: { secret: 's', key: 'k' } }]],
  [/customFields$/, [{ team: NASTY, Yes: 'no' }]],
  [/\.env$/, [{ B_C: NASTY, A: '1' }]],
  [/extraLabels$/, [['k8s.ns.name', 'proc.name']]],
  [
    /^falco\.config$/,
    [
      {
        json_include_output_property: false,
        outputs_queue: { capacity: 1000000 },
        syscall_event_drops: { threshold: 0.25 },
      },
      { engine: { modern_ebpf: { buf_size_preset: 5 } } },
    ],
  ],
  [
    /^rules$/,
    [
      [
        { macro: 'mine', condition: 'evt.type = open\nand fd.num > 1' },
        { list: 'some', items: ['a', 1, 'yes'] },
      ],
    ],
  ],
  [
    /^rulesPackages$/,
    [
      {
        team: {
          'a.yaml': '- macro: one\n  condition: evt.num = 1\n',
          'b.yaml': '# two\n\n- list: two\n  items: [a]',
        },
        other: { 'c.yaml': '- list: three\n  items: ["{{ x }}"]\n' },
      },
    ],
  ],
  [
    /^responses$/,
    [
      [
        { match: `output contains "a <b> & 'c'"`, action: 'label' },
        {
          match: 'output contains x',
          action: 'quarantine',
          mode: 'observe',
          ttl: '4h',
          name: 'two',
          strip: true,
        },
        { match: 'output contains y', action: 'evict', cooldown: '1m', snapshot: true, name: 'three' },
      ],
    ],
  ],
];

/** Other values of a leaf than its default. */
export function samples({ path, schema }: Leaf): readonly unknown[] {
  const found = SAMPLES.find(([expression]) => expression.test(path));
  if (found !== undefined) return found[1];
  switch (schema.is) {
    case 'boolean':
      return [true, false];
    case 'choice':
      return schema.of;
    case 'integer':
    case 'number':
      return [3];
    case 'list':
      return [['a', 'b c', NASTY], []];
    case 'object':
      return [LABELS];
    default:
      return [NASTY, 'true'];
  }
}
