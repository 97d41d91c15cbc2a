import { DEMO_NAMESPACES } from '../../lib/constructs/demo';
import { checkSettings } from '../../lib/settings/check';
import { DEMO } from '../../lib/settings/checks/distinct-names';
import { fillDefaults, type FalcoEgressProps } from '../../lib/settings/settings';

function findings(props: Partial<FalcoEgressProps>): string[] {
  return checkSettings(fillDefaults({ cluster: 'test', ...props })).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
}

test('the defaults are fine', () => {
  expect(findings({})).toEqual([]);
});

test('a cluster has a name', () => {
  expect(findings({ cluster: '' })).toEqual([
    expect.stringContaining(`cluster: every alert names its cluster`),
  ]);
});

test.each<[Partial<FalcoEgressProps>, string]>([
  [
    { falco: { tolerations: [{ keyy: 'x' }] } },
    `falco.tolerations.0.keyy: Kubernetes knows no 'keyy' here; did you mean 'key'?`,
  ],
  [
    { sidekick: { affinity: { nodeAffinty: {} } } },
    `sidekick.affinity.nodeAffinty: Kubernetes knows no 'nodeAffinty' here; did you mean 'nodeAffinity'?`,
  ],
  [
    { sidekickUi: { store: { sidecars: [{ name: 'a', xyz: 1 }] } } },
    `sidekickUi.store.sidecars.0.xyz: Kubernetes knows no 'xyz' here; one of args, command, env`,
  ],
  [{ namespaces: { node: 'Falco' } }, `namespaces.node: 'Falco' is not a name of Kubernetes`],
  [{ namespaces: { services: 'falco' } }, 'namespaces.services: is the privileged namespace'],
  [{ namespaceLabels: { 'Not DNS': { a: 'b' } } }, `namespaceLabels.Not DNS: 'Not DNS' is not a name`],
  [
    { namespaceLabels: { payments: { network: '' } } },
    `namespaceLabels.payments.network: 'network: ' is not a label`,
  ],
  [
    { collector: { enabled: true }, responder: { enabled: false } },
    'collector.enabled: the collector delivers to the responder, which is switched off',
  ],
  [
    {
      collector: { enabled: true, loki: { url: 'http://loki:3100' } },
      sidekick: { loki: { url: 'http://loki:3100' } },
    },
    'collector.loki.url: falcosidekick writes to Loki as well, so every alert would be stored twice',
  ],
  [
    {
      collector: { enabled: true, loki: { url: 'http://loki:3100' } },
      sidekick: { outputs: { loki: { hostport: 'http://loki:3100' } } },
    },
    'collector.loki.url: falcosidekick writes to Loki as well',
  ],
  [{ collector: { enabled: true, loki: { url: 'http://$x' } } }, `collector.loki: url or tenant holds '$'`],
  [{ collector: { loki: { url: 'loki:3100' } } }, 'collector.loki.url: is not a URL'],
  [
    { collector: { loki: { url: 'https://me:key@logs.example.org' } } },
    'collector.loki.url: holds credentials, which would stand in a ConfigMap',
  ],
  [
    { collector: { enabled: true }, images: { falco: { tag: '0.43.1' } } },
    `images.falco.tag: '0.43.1' is a Falco before 0.44, of which the collector would deliver no alert`,
  ],
  [
    { collector: { enabled: true, stateDirectory: 'data' } },
    `collector.stateDirectory: 'data' is not an absolute path`,
  ],
  [
    {
      collector: { enabled: true },
      loki: { enabled: true },
      sidekick: { loki: { url: 'http://loki:3100' } },
    },
    'collector.loki.url: falcosidekick writes to Loki as well, so every alert would be stored twice',
  ],
  [
    { collector: { enabled: true, loki: { url: 'http://loki:3100' } }, loki: { enabled: true } },
    'loki.enabled: nobody would write to this Loki: alerts go to the one that a url names',
  ],
  [
    { sidekick: { loki: { url: 'http://loki:3100' } }, loki: { enabled: true } },
    'loki.enabled: nobody would write to this Loki: alerts go to the one that a url names',
  ],
  [
    { sidekick: { enabled: false }, responder: { enabled: false }, loki: { enabled: true } },
    'loki.enabled: nobody would write to this Loki; set collector.enabled to true',
  ],
  [{ loki: { size: '10 GB' } }, "loki.size: '10 GB' is not a quantity"],
  [{ loki: { clients: { namespace: 'Not A Name' } } }, 'loki.clients.namespace: '],
  [
    { loki: { clients: { podLabels: { 'a b': 'c' } } } },
    "loki.clients.podLabels.a b: 'a b: c' is not a label",
  ],
  [{ loki: { env: { GOMEMLIMIT: '1' } } }, 'use loki.resources.limits.memory'],
  [{ grafana: { enabled: true } }, 'grafana.enabled: there is nothing that it could show'],
  [{ grafana: { lokiUrl: 'loki:3100' } }, 'grafana.lokiUrl: is not a URL'],
  [
    { grafana: { prometheusUrl: 'https://me:key@prometheus.example.org' } },
    'grafana.prometheusUrl: holds credentials, which would stand in a ConfigMap',
  ],
  [
    { grafana: { env: { GF_SECURITY_ADMIN_PASSWORD: 'x' } } },
    'grafana.env.GF_SECURITY_ADMIN_PASSWORD: the stack sets this variable itself; use secrets.grafana',
  ],
  [
    { grafana: { env: { GF_AUTH_ANONYMOUS_ENABLED: 'true' } } },
    'grafana.env.GF_AUTH_ANONYMOUS_ENABLED: the stack sets this variable itself; remove it',
  ],
  [
    { secrets: { grafana: { name: 'falco-egress-sidekick-ui' } } },
    "secrets.grafana.name: 'falco-egress-sidekick-ui' is the Secret of secrets.sidekickUi too",
  ],
  [{ cluster: 'a$b', collector: { enabled: true } }, `cluster: 'a$b' holds '$'`],
  [{ exempt: { values: [] } }, 'exempt.values: needs at least one value'],
  [{ exempt: { values: [''] } }, `exempt.values.0: '' is not a value that exempts`],
  [{ exempt: { label: 'a b' } }, `exempt.label: 'a b' is not a label's key`],
  [{ images: { sidekick: { tag: '' } } }, 'images.sidekick.tag: an image needs a tag'],
  [{ images: { sidekick: { tag: 'latest' } } }, `images.sidekick.tag: 'latest' means another image tomorrow`],
  [
    { images: { sidekick: { repository: 'x:1' } } },
    `images.sidekick.repository: 'x:1' is not the path of a repository`,
  ],
  [{ images: { registry: 'https://mirror' } }, `images.registry: 'https://mirror' is not a host`],
  [
    { falco: { version: '0.44.2' } },
    `falco.version: Falco '0.44.2' is not one that this package knows (0.44.1); did you mean '0.44.1'?`,
  ],
  [
    { falco: { config: { prioriti: 'debug' } as object } },
    `falco.config.prioriti: unknown key 'prioriti'; did you mean 'priority'?`,
  ],
  [
    { falco: { runtimeSocketDirectories: ['run/containerd'] } },
    `falco.runtimeSocketDirectories.0: 'run/containerd' is not the absolute path`,
  ],
  [
    { plugins: { k8smeta: { source: 'image', image: 'registry/k8smeta' } } },
    `plugins.k8smeta.image: 'registry/k8smeta' has neither a tag nor a digest`,
  ],
  [
    { plugins: { k8smeta: { directory: 'plugins' } } },
    `plugins.k8smeta.directory: 'plugins' is not an absolute path`,
  ],
  [
    { rulesPackages: { team: { 'rules.txt': '' } } },
    `rulesPackages.team.rules.txt: 'rules.txt' is not a name that Falco would read`,
  ],
  [
    { secrets: { responderToken: { name: 'A' } } },
    `secrets.responderToken.name: 'A' is not a name of Kubernetes`,
  ],
  [{ sidekick: { loki: { url: 'logs' } } }, `sidekick.loki.url: is not a URL`],
  [{ exempt: { label: 'a..b/c' } }, `exempt.label: 'a..b/c' is not a label's key`],
  ...['10.0.0.0', '10.0.0.0/33', '256.0.0.0/8', 'fd00::1::/8', 'fd00:/8', '::/129', '1:2:3/64'].map(
    (cidr): [Partial<FalcoEgressProps>, string] => [
      { networkPolicies: { outputCidrs: ['::ffff:10.0.0.0/104', 'fd00::/8', cidr] } },
      `networkPolicies.outputCidrs.2: '${cidr}' is not a range of addresses`,
    ],
  ),
  [
    { networkPolicies: { apiServerPorts: [443, 65536] } },
    'networkPolicies.apiServerPorts.1: 65536 is not a port',
  ],
  [{ labels: { 'a b': 'c' } }, `labels.a b: 'a b: c' is not a label`],
  [{ annotations: { 'a b': 'c d' } }, `annotations.a b: 'a b' is not the key of an annotation`],
  [{ namespaces: { labels: { a: 'b c' } } }, `namespaces.labels.a: 'a: b c' is not a label`],
  [{ sidekickUi: { store: { labels: { a: '-' } } } }, `sidekickUi.store.labels.a: 'a: -' is not a label`],
  [{ falco: { external: { podLabels: { a: '-' } } } }, `falco.external.podLabels.a: 'a: -' is not a label`],
  [
    { falco: { resources: { limits: { memory: '1 GB' } } } },
    `falco.resources.limits.memory: '1 GB' is not a quantity`,
  ],
  [{ sidekickUi: { store: { size: 'big' } } }, `sidekickUi.store.size: 'big' is not a quantity`],
  [{ falco: { priorityClassName: 'A b' } }, `falco.priorityClassName: 'A b' is not the name of a class`],
  [
    { falco: { runtimeSocketDirectories: ['/run/a', '/run/a/'] } },
    `falco.runtimeSocketDirectories.1: '/run/a/' stands in the list twice`,
  ],
  [
    { falco: { runtimeSocketDirectories: ['/run/../etc'] } },
    `falco.runtimeSocketDirectories.0: '/run/../etc' holds '..'`,
  ],
  [{ collector: { stateDirectory: '/a/..' } }, `collector.stateDirectory: '/a/..' holds '..'`],
  [{ plugins: { k8smeta: { directory: '/../a' } } }, `plugins.k8smeta.directory: '/../a' holds '..'`],
  [{ images: { falco: { repository: 'A b' } } }, `images.falco.repository: 'A b' is not the path`],
  [{ images: { falco: { registry: 'https://a' } } }, `images.falco.registry: 'https://a' is not a host`],
  [{ images: { sidekick: { tag: 'a b' } } }, `images.sidekick.tag: 'a b' is not a tag`],
  [{ images: { pullSecrets: ['A'] } }, `images.pullSecrets.0: 'A' is not a name of Kubernetes`],
  [
    { secrets: { sidekickUi: { name: 's' }, sidekickUiStore: { name: 's' } } },
    `secrets.sidekickUiStore.name: 's' is the Secret of secrets.sidekickUi too`,
  ],
  [
    { responder: { protected: { namespaces: ['Kube'] } } },
    `responder.protected.namespaces.0: 'Kube' is not a name of Kubernetes`,
  ],
  [
    { demo: { enabled: true }, namespaceLabels: { testkatz: { network: 'green' } } },
    `namespaceLabels.testkatz: 'testkatz' is a namespace of the demo`,
  ],
  [
    { responses: [{ match: 'output contains x', action: 'quarantine', onExpiry: 'delete' }] },
    `responses.0.onExpiry: 'delete' without ttl: the time is never over; set ttl`,
  ],
  [
    { responses: [{ match: 'output contains x', action: 'evict', ttl: '4h' }] },
    `responses.0.ttl: goes with action quarantine, and this response is to evict`,
  ],
  [
    { responses: [{ match: 'output contains x', action: 'label', onExpiry: 'delete' }] },
    `responses.0.onExpiry: goes with`,
  ],
  [
    { responses: [{ match: 'output contains x', action: 'delete', strip: true }] },
    `responses.0.strip: goes with`,
  ],
  [
    { responses: [{ match: 'output contains x', action: 'evict', detach: true }] },
    `responses.0.detach: goes with`,
  ],
  [
    { responses: [{ match: 'output contains x', action: 'notify', snapshot: true }] },
    `responses.0.snapshot: keeps the Pod as it was before something is done to it, and notify does nothing`,
  ],
  [{ responses: [{ match: 'fd.dip = 1.2.3.4', action: 'notify' }] }, `responses.0.match: column 1: `],
  [
    { responder: { quarantine: { forensicsNamespace: 'kube-system' } } },
    `responder.quarantine.forensicsNamespace: 'kube-system' is protected`,
  ],
  [
    { responder: { quarantine: { forensicsNamespace: 'falco-egress' } } },
    `responder.quarantine.forensicsNamespace: 'falco-egress' is protected`,
  ],
  [
    { responder: { quarantine: { forensicsNamespace: 'Forensics' } } },
    `responder.quarantine.forensicsNamespace: 'Forensics' is not a name of Kubernetes`,
  ],
  [
    { responder: { quarantine: { denyTiers: ['Calico', 'Cilium', 'Calico'] } } },
    `responder.quarantine.denyTiers.2: 'Calico' is in the list already`,
  ],
])('%j', (props, expected) => {
  expect(findings(props)).toEqual([expect.stringContaining(expected)]);
});

test('the namespaces of the demo are those that it makes', () => {
  expect(DEMO).toEqual(Object.values(DEMO_NAMESPACES));
});

describe('a Falco of a version that the collector does not read', () => {
  const collector = { enabled: true };

  test.each(['0.43', '0.43.1', 'v0.42.0', '0.43.0-debian', '0.40.0_x86_64', '0.34.1-rc2'])(
    '%s is refused, in a mirror and with a digest too',
    (tag) => {
      const falco = { tag, repository: 'hub/falcosecurity/falco', digest: `sha256:${'0'.repeat(64)}` };
      expect(findings({ collector, images: { falco } })).toEqual([
        expect.stringMatching(/^images\.falco\.tag: .*leave the tag empty \(Falco 0\.44\.1\)/),
      ]);
    },
  );

  test.each(['', '0.44.1', '0.44.0-rc1', '0.45.0-debian', '1.0.0', 'master', '2026-11', '0.3.1', '0.430.0'])(
    '%j may work',
    (tag) => {
      expect(findings({ collector, images: { falco: { tag } } })).toEqual([]);
    },
  );

  test('is taken where no collector reads it, where the tag is not one of Falco, and where somebody else installs Falco', () => {
    const falco = { tag: '0.43.1' };
    expect(findings({ images: { falco } })).toEqual([]);
    expect(findings({ collector, images: { falco: { ...falco, repository: 'acme/agent' } } })).toEqual([]);
    expect(findings({ collector, images: { falco }, falco: { install: false } })).toEqual([]);
  });
});

test('a URL with credentials is refused, and not repeated', () => {
  const [finding = ''] = findings({
    sidekick: { loki: { url: 'https://12345:s3cret@logs-prod-us-central1.grafana.net' } },
  });
  expect(finding).toContain('sidekick.loki.credentials.secret');
  expect(finding).not.toContain('s3cret');
});

describe('a response that acts', () => {
  const responses = [{ match: 'rule = "x"', action: 'quarantine', mode: 'enforce' }] as const;

  test('is refused where a hop is not authenticated', () => {
    expect(findings({ responses })).toEqual([
      expect.stringContaining('responses.0: acts (mode enforce), but with tls.issuer none'),
    ]);
  });

  test.each(['certManager', 'existingSecrets'] as const)('is fine with %s', (issuer) => {
    expect(findings({ responses, tls: { issuer } })).toEqual([]);
  });

  test('is fine while it only observes or notifies', () => {
    expect(findings({ responses: [{ ...responses[0], mode: 'observe' }] })).toEqual([]);
    expect(findings({ responses: [{ ...responses[0], action: 'notify' }] })).toEqual([]);
    expect(findings({ responses: [{ match: 'rule = "x"', action: 'quarantine' }] })).toEqual([]);
  });

  test.each(['label', 'evict', 'delete'] as const)('is one of the action %s too', (action) => {
    const response = { match: 'output contains x', action, snapshot: true } as const;
    expect(findings({ responses: [{ ...response, mode: 'approve' }] })).toEqual([
      expect.stringContaining('responses.0: acts (mode approve)'),
    ]);
    expect(findings({ responses: [response] })).toEqual([]);
  });

  test('has a name of its own', () => {
    const named = (name?: string) =>
      ({ match: 'output contains x', action: 'notify', ...(name && { name }) }) as const;
    expect(findings({ responses: ['a', 'b', undefined, 'a', undefined].map(named) })).toEqual([
      expect.stringContaining(`responses.0.name: 'a' is the name of another response too`),
      expect.stringContaining(`responses.3.name: 'a' is`),
    ]);
  });

  test('needs the responder, and a way to it', () => {
    expect(findings({ responses, responder: { enabled: false } })).toEqual([
      expect.stringContaining('the responder is switched off'),
    ]);
    expect(findings({ responses, tls: { issuer: 'certManager' }, sidekick: { enabled: false } })).toEqual([
      expect.stringContaining('no alert reaches the responder'),
    ]);
  });
});
