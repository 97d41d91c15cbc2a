import type { Values } from './leaves';

/** Settings under which others have an effect. */
export const CONTEXTS: Readonly<Record<string, Values>> = {
  defaults: {},
  everything: {
    collector: { enabled: true },
    demo: { enabled: true },
    egress: {
      vistatech: true,
      podGuard: { seccomp: 'warn', hostNetwork: 'deny', rawSockets: 'audit' },
    },
    privacy: { commandLine: 'redacted' },
    exempt: { guard: { enabled: true, users: ['system:serviceaccount:a:b'] } },
    sidekick: {
      loki: { url: 'http://loki:3100', credentials: { secret: 'loki' } },
      slack: { webhookUrl: { secret: 'slack' } },
      alertmanager: { url: 'http://alertmanager:9093' },
    },
    sidekickUi: { store: { persistent: true } },
    monitoring: { dashboards: { url: 'https://grafana.example.org' } },
  },
  tiers: {
    egress: {
      scope: 'public',
      record: { enabled: true },
      declared: {
        dns: { networks: ['10.96.0.10/32', '2001:db8::/32', '2001:DB8::a/128'], ports: [53, 5353] },
        partners: {
          networks: ['172.16.0.0/12', '203.0.113.77/26', '8.0.0.0/5', '10.20.0.0/16', '198.51.100.128/25'],
        },
        odd: { networks: ['2001:db8::/33', 'fd00::/8'] },
        every: { networks: ['0.0.0.0/0', '128.0.0.0/1'] },
        web: { ports: [443] },
      },
    },
    sidekickUi: { enabled: false },
    sidekick: {
      slack: { webhookUrl: { secret: 'slack' } },
      alertmanager: { url: 'http://alertmanager:9093' },
    },
  },
  stored: {
    egress: { record: { enabled: true } },
    sidekickUi: { enabled: false },
    collector: {
      enabled: true,
      loki: { url: 'https://loki:3100', tenant: 'one', credentials: { secret: 'loki' } },
    },
    grafana: {
      enabled: true,
      lokiUrl: 'https://loki:3100',
      lokiTenant: 'one',
      lokiCredentials: { secret: 'loki' },
      prometheusUrl: 'https://mimir',
      prometheusTenant: 'two',
      prometheusCredentials: { secret: 'mimir', scheme: 'bearer' },
    },
  },
  keeping: {
    collector: { enabled: true, canary: { enabled: false } },
    loki: { enabled: true, clients: { namespace: 'monitoring' } },
    responder: { inventory: { enabled: true } },
    grafana: {
      enabled: true,
      prometheusUrl: 'http://prometheus:9090',
      prometheusCredentials: { secret: 'metrics' },
    },
  },
  theirRecord: {
    falco: { install: false, external: { form: 'rulesfile' } },
    egress: { record: { enabled: true } },
    sidekickUi: { enabled: false },
  },
  authority: {
    tls: { issuer: 'certManager' },
    collector: { enabled: true },
    responses: [{ match: 'output contains x', action: 'quarantine', mode: 'enforce', strip: true }],
  },
  issuer: { tls: { issuer: 'certManager', certManager: { issuerName: 'mine' } } },
  certificates: { tls: { issuer: 'existingSecrets' }, collector: { enabled: true } },
  egressOnly: { falco: { stockRules: false, baseSyscalls: { egressOnly: true } } },
  theirFalco: { falco: { install: false } },
  theirOperator: { falco: { install: false, external: { form: 'rulesfile' } }, egress: { vistatech: true } },
  externalSecrets: {
    secrets: { source: 'externalSecrets' },
    collector: { enabled: true },
    loki: { enabled: true },
    grafana: { enabled: true },
  },
  programImage: { responder: { program: 'image' } },
  pluginImage: { plugins: { k8smeta: { source: 'image', image: 'plugin:1' } } },
  pluginVolume: { plugins: { k8smeta: { source: 'imageVolume', image: 'plugin:1' } } },
  pluginPath: { plugins: { k8smeta: { source: 'hostPath' } } },
  noPlugin: { plugins: { k8smeta: { source: 'none' } } },
  monitoring: {
    monitoring: {
      podMonitors: { enabled: true },
      rules: { form: 'prometheusRule' },
      dashboards: { enabled: true },
      scrapers: { namespace: 'monitoring' },
    },
    collector: { enabled: true },
    rules: [{ list: 'names', items: ['a'] }],
    rulesPackages: { a: { 'x.yaml': '- list: x\n  items: [a]\n', 'y.yaml': '- list: y\n  items: [b]\n' } },
  },
  rulesFile: { monitoring: { rules: { form: 'configMap' } }, tls: { issuer: 'certManager' } },
  openshift: { platform: 'openshift', collector: { enabled: true } },
  gke: { platform: 'gke', collector: { enabled: true } },
};
