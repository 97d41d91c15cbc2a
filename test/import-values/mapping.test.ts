import { imported, said, synthesized } from './values';

function settings(values: string | object): Readonly<Record<string, unknown>> {
  const { sidekick, sidekickUi, cluster: _, ...rest } = imported(values).settings;
  const { enabled: _on, ...own } = sidekick as Readonly<Record<string, unknown>>;
  const { enabled: _ui, ...ui } = sidekickUi as Readonly<Record<string, unknown>>;
  return {
    ...rest,
    ...(Object.keys(own).length > 0 && { sidekick: own }),
    ...(Object.keys(ui).length > 0 && { sidekickUi: ui }),
  };
}

const sidekick = (config: object): object => ({ falcosidekick: { enabled: true, config } });

test.each<[string, object, object]>([
  [
    'a Pod of Falco',
    { podAnnotations: { a: 1 }, priorityClassName: 'high' },
    { falco: { annotations: { a: '1' }, priorityClassName: 'high' } },
  ],
  [
    'quantities as numbers',
    { resources: { limits: { cpu: 2 } } },
    { falco: { resources: { limits: { cpu: '2' } } } },
  ],
  ['no tolerations at all', { tolerations: [] }, { falco: { tolerations: [] } }],
  [
    'least privilege',
    { driver: { modernEbpf: { leastPrivileged: true } } },
    { falco: { privilege: 'capabilities' } },
  ],
  [
    'full privilege',
    { containerSecurityContext: { privileged: true } },
    { falco: { privilege: 'privileged' } },
  ],
  [
    'buffers',
    { driver: { modernEbpf: { bufSizePreset: 6 } } },
    { falco: { config: { engine: { modern_ebpf: { buf_size_preset: 6 } } } } },
  ],
  [
    'a share of nodes',
    {
      controller: {
        daemonset: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '30%' } } },
      },
    },
    { falco: { maxUnavailable: '30%' } },
  ],
  [
    'a mirror',
    { image: { registry: 'mirror.example.org' } },
    {
      images: {
        falco: { registry: 'mirror.example.org' },
        // The same Falco with a shell, without which the other doesn't start.
        falcoShell: { registry: 'mirror.example.org' },
      },
    },
  ],
  [
    'a registry in the repository',
    { image: { repository: 'mirror.example.org:5000/own/falco' } },
    { images: { falco: { registry: 'mirror.example.org:5000', repository: 'own/falco' } } },
  ],
  [
    'an output that a variable switches on',
    {
      falcosidekick: {
        enabled: true,
        config: {
          extraEnv: [{ name: 'TEAMS_WEBHOOKURL', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
          teams: { minimumpriority: 'error' },
        },
      },
    },
    {
      sidekick: {
        secretEnv: { TEAMS_WEBHOOKURL: { secret: 's', key: 'k' } },
        outputs: { teams: { minimumpriority: 'error' } },
      },
    },
  ],
  [
    'an output whose switch is in a Secret',
    { falcosidekick: { enabled: true, config: { existingSecret: 's', opsgenie: { region: 'eu' } } } },
    { sidekick: { outputs: { opsgenie: { region: 'eu' } } } },
  ],
  ['pull Secrets', { imagePullSecrets: [{ name: 'pull' }] }, { images: { pullSecrets: ['pull'] } }],
  ['pull Secrets of 1.x', { image: { pullSecrets: ['pull'] } }, { images: { pullSecrets: ['pull'] } }],
  ['the namespace', { namespaceOverride: 'security' }, { namespaces: { node: 'security' } }],
  ['variables', { extra: { env: [{ name: 'A', value: 1 }] } }, { falco: { env: { A: '1' } } }],
  ['variables of 1.x', { daemonset: { env: { A: 'b' } } }, { falco: { env: { A: 'b' } } }],
  [
    'options that are keys of falco.yaml',
    { extra: { args: ['-o', 'falco_libs.snaplen=200', '-o=log_level=debug'] } },
    { falco: { config: { falco_libs: { snaplen: 200 }, log_level: 'debug' } } },
  ],
  [
    'falco.yaml',
    { falco: { priority: 'ERROR', rule_matching: 'all', output_timeout: 5000 } },
    { falco: { priority: 'error', config: { rule_matching: 'all', output_timeout: 5000 } } },
  ],
  [
    'falco.yaml of 1.x',
    { falco: { timeFormatISO8601: true, syscallEventDrops: { maxBurst: 9 } } },
    { falco: { config: { time_format_iso_8601: true, syscall_event_drops: { max_burst: 9 } } } },
  ],
  ['no stock rules', { falco: { rules_files: ['/etc/falco/rules.d'] } }, { falco: { stockRules: false } }],
  [
    'no metrics',
    { metrics: { enabled: false, interval: '30m' } },
    { falco: { metrics: false, config: { metrics: { interval: '30m' } } } },
  ],
  ['the words of YAML 1.1', 'metrics: { enabled: yes }\n' as unknown as object, { falco: { metrics: true } }],
  [
    'anchors and merge keys',
    'falcosidekick:\n  nodeSelector: &n { a: b }\n  webui: { nodeSelector: { <<: *n, c: d } }\nnodeSelector: *n\n' as unknown as object,
    {
      sidekick: { nodeSelector: { a: 'b' } },
      sidekickUi: { nodeSelector: { a: 'b', c: 'd' } },
      falco: { nodeSelector: { a: 'b' } },
    },
  ],
  [
    'k8s-metacollector',
    { 'k8s-metacollector': { replicaCount: 2, image: { registry: 'r.example.org' } } },
    { metacollector: { replicas: 2 }, images: { metacollector: { registry: 'r.example.org' } } },
  ],
  [
    'a mirror of the plugin',
    { collectors: { kubernetes: { pluginRef: 'r.example.org/k8smeta:0.3.0' } } },
    { plugins: { k8smeta: { artifact: { repository: 'r.example.org/k8smeta' } } } },
  ],
  [
    'the store of the UI',
    { falcosidekick: { webui: { ttl: '30d', redis: { storageEnabled: true, storageSize: '5Gi' } } } },
    { sidekickUi: { ttl: '30d', store: { persistent: true, size: '5Gi' } } },
  ],
  [
    'fields',
    sidekick({ customfields: 'team:sec\\,env:eu:1' }),
    { sidekick: { customFields: { team: 'sec', env: 'eu:1' } } },
  ],
  [
    'Loki with a user of its own',
    sidekick({
      loki: {
        hostport: 'https://loki.example.org',
        user: 'u',
        apikey: 'k',
        tenant: 't',
        extralabels: 'a, b',
      },
    }),
    {
      sidekick: {
        loki: {
          url: 'https://loki.example.org',
          credentials: { secret: 'falco-egress-outputs' },
          tenant: 't',
          extraLabels: ['a', 'b'],
        },
      },
    },
  ],
  [
    'Alertmanager',
    sidekick({
      alertmanager: {
        hostport: 'http://am:9093',
        endpoint: '/api/v1/alerts',
        expireafter: 60,
        minimumpriority: 'info',
        extralabels: 'a:b',
      },
    }),
    {
      sidekick: {
        alertmanager: { url: 'http://am:9093', minimumPriority: 'informational' },
        outputs: { alertmanager: { expiresafter: 60 } },
        env: { ALERTMANAGER_EXTRALABELS: 'a:b' },
      },
    },
  ],
  [
    'a webhook, which the responder would have',
    sidekick({ webhook: { address: 'http://hook.example.org', customHeaders: 'x:y' } }),
    {
      sidekick: {
        outputs: { webhook: { address: 'http://hook.example.org' } },
        secretEnv: {
          WEBHOOK_CUSTOMHEADERS: { secret: 'falco-egress-outputs', key: 'WEBHOOK_CUSTOMHEADERS' },
        },
      },
      responder: { enabled: false },
    },
  ],
  [
    'an output with parts',
    sidekick({
      aws: { region: 'eu-1', secretaccesskey: 'k', sqs: { url: 'https://sqs' }, sns: { rawjson: true } },
    }),
    {
      sidekick: {
        outputs: { aws: { region: 'eu-1', sqs: { url: 'https://sqs' } } },
        secretEnv: { AWS_SECRETACCESSKEY: { secret: 'falco-egress-outputs', key: 'AWS_SECRETACCESSKEY' } },
      },
    },
  ],
  [
    'variables out of Secrets',
    sidekick({
      extraEnv: [{ name: 'TEAMS_WEBHOOKURL', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
    }),
    { sidekick: { secretEnv: { TEAMS_WEBHOOKURL: { secret: 's', key: 'k' } } } },
  ],
  [
    'another receiver than falcosidekick',
    { falco: { http_output: { enabled: true, url: 'http://other:1' } } },
    { falco: { config: { http_output: { enabled: true, url: 'http://other:1' } } } },
  ],
])('%s: the same in settings, which can be synthesized', (_, values, expected) => {
  expect(settings(values)).toEqual(expected);
  expect(synthesized(imported(values)).size).toBeGreaterThan(5);
});

test('a value that contradicts a default of the stack is taken back', () => {
  const { lines, settings: left } = imported({ namespaceOverride: 'falco-egress', tty: true });
  expect(lines[0]).toMatchObject({ outcome: 'unmapped', value: 'namespaceOverride' });
  expect(lines[0]?.message).toContain('as namespaces.services: is the privileged namespace');
  expect(left).not.toHaveProperty('namespaces');
});

test('what the chart leaves off stays off', () => {
  expect(imported({ tty: true }).settings).toEqual({
    cluster: 'prod',
    sidekick: { enabled: false },
    sidekickUi: { enabled: false },
  });
});

test('the cluster is that of the custom fields', () => {
  expect(imported(sidekick({ customfields: 'cluster:eu-1' })).settings['cluster']).toBe('eu-1');
});

test.each<[string, object, string]>([
  ['the gRPC server', { falco: { grpc: { enabled: true } } }, 'gone falco.grpc.enabled'],
  ['the old probe', { driver: { kind: 'ebpf' } }, 'gone driver.kind'],
  ['a kernel module', { driver: { kind: 'kmod' } }, 'gone driver.kind'],
  ['gVisor', { gvisor: { enabled: true } }, 'gone gvisor'],
  ['an option that is gone', { extraArgs: ['--cri=/x'] }, 'gone extraArgs[0]'],
  ['an old version', { image: { tag: '0.28.1' } }, 'gone image.tag'],
  ['audit events', { auditLog: { enabled: true } }, 'unmapped auditLog.enabled'],
  ['volumes', { mounts: { volumes: [{ name: 'x' }] } }, 'unmapped mounts.volumes'],
  [
    'a login with one half',
    sidekick({ loki: { hostport: 'https://user@loki' } }),
    'unmapped falcosidekick.config.loki.hostport',
  ],
  [
    'a header in a label of an annotation',
    { podAnnotations: { auth: 'Authorization: Bearer abcdefgh' } },
    'unmapped podAnnotations.auth',
  ],
  [
    'a secret in a variable',
    { extra: { env: [{ name: 'API_TOKEN', value: 'abc' }] } },
    'unmapped extra.env[0]',
  ],
  ['a label that Kubernetes refuses', { podLabels: { 'a b': 'c' } }, 'unmapped podLabels."a b"'],
  [
    'a socket elsewhere',
    { collectors: { containerd: { socket: '/var/snap/c.sock' } } },
    'unmapped collectors.containerd.socket',
  ],
  ['a map where a text should be', { podPriorityClassName: { a: 1 } }, 'unmapped podPriorityClassName'],
  ['a text where a map should be', { collectors: 'none' }, 'unmapped collectors'],
  [
    'two different values for one setting',
    { image: { pullPolicy: 'Always' }, falcoctl: { image: { pullPolicy: 'Never' } } },
    'unmapped falcoctl.image.pullPolicy',
  ],
  ['a key of falco.yaml that never was', { falco: { jsn_output: 1 } }, 'unknown falco.jsn_output'],
])('%s: said so', (_, values, expected) => {
  expect(said(imported(values)).map((line) => line.replace(/^\S+ /, ''))).toContain(expected);
});

test.each<[object, string]>([
  [{ falcosidkick: { enabled: true }, tty: true }, `did you mean 'falcosidekick'?`],
  [{ falcosidekick: { webui: { enbled: true } } }, `did you mean 'enabled'?`],
  [{ falcosidekick: { config: { lokki: { hostport: 'x' } } } }, `did you mean 'loki'?`],
  [{ falcosidekick: { config: { loki: { hostprt: 'x' } } } }, `did you mean 'hostport'?`],
  [{ webui: { enabled: true }, tty: true }, `did you mean falcosidekick.webui?`],
  [{ falco: { jsn_output: true } }, `did you mean 'json_output'?`],
])('%j is not a value of the chart, and what it may have been', (values, guess) => {
  expect(imported(values).lines.find(({ outcome }) => outcome === 'unknown')?.message).toBe(guess);
});
