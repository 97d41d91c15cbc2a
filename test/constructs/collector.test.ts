import { load } from 'js-yaml';
import { Collector, type CollectorProps } from '../../lib/constructs/collector';
import { synthesize } from '../constructs';
import { component, kinds, mainContainer, policy, template } from './find';

interface Config {
  readonly receivers: { readonly file_log: Readonly<Record<string, unknown>> & { include: string[] } };
  readonly exporters: {
    readonly otlp_http: { endpoint: string; tls?: Record<string, string>; sending_queue: object };
  };
}

function collector(props: Omit<CollectorProps, 'cluster'> = {}) {
  const enabled = { enabled: true, ...props.collector };
  return synthesize(
    (scope) => new Collector(scope, 'collector', { cluster: 'prod-eu-1', ...props, collector: enabled }),
  );
}

function config(props: Omit<CollectorProps, 'cluster'> = {}): Config {
  const variable = mainContainer(collector(props), 'DaemonSet').env?.find(
    ({ name }) => name === 'COLLECTOR_CONFIG',
  );
  return load(variable?.value ?? '') as Config;
}

test('the collector', () => {
  expect(collector()).toMatchSnapshot();
});

test('nothing where it is switched off', () => {
  expect(collector({ collector: { enabled: false } })).toEqual([]);
});

test('it reads the logs of our Falco, rotated ones too', () => {
  expect(config({ name: 'sec', namespaces: { node: 'nodes' } }).receivers.file_log.include).toEqual([
    '/var/log/pods/nodes_sec-falco-*_*/falco/*.log',
    '/var/log/pods/nodes_sec-falco-*_*/falco/*.log.2*',
  ]);
});

test('it reads the logs of a Falco that somebody else installs', () => {
  const falco = { install: false, external: { namespace: 'falco-system' } };
  expect(config({ falco }).receivers.file_log.include[0]).toBe('/var/log/pods/falco-system_*_*/falco/*.log');
});

test('what it cannot deliver stays on disk for ever', () => {
  expect(config({ collector: { queueBytes: 1048576 } })).toMatchObject({
    extensions: { file_storage: { directory: '/var/lib/otelcol' } },
    receivers: {
      file_log: {
        storage: 'file_storage',
        start_at: 'beginning',
        retry_on_failure: { max_elapsed_time: '0s' },
      },
    },
    exporters: {
      otlp_http: {
        retry_on_failure: { enabled: true, max_elapsed_time: '0s' },
        sending_queue: { storage: 'file_storage', queue_size: 1048576, block_on_overflow: true },
      },
    },
  });
  expect(mainContainer(collector(), 'DaemonSet').args).toContain(
    '--feature-gates=stanza.synchronousLogEmitter',
  );
});

test('every directory of the configuration is mounted', () => {
  const mounts = mainContainer(collector({ tls: { issuer: 'certManager' } }), 'DaemonSet').volumeMounts ?? [];
  const { volumes = [] } = template(collector({ tls: { issuer: 'certManager' } }), 'DaemonSet').spec;
  expect(mounts.map(({ name, mountPath, readOnly }) => [name, mountPath, readOnly ?? false])).toEqual([
    ['logs', '/var/log/pods', true],
    ['state', '/var/lib/otelcol', false],
    ['token', '/var/run/secrets/falco-egress', true],
    ['tls', '/etc/falco-egress/tls', true],
  ]);
  expect(volumes.map(({ name }) => name)).toEqual(mounts.map(({ name }) => name));
});

test('with certificates it trusts our authority alone, and shows its own', () => {
  expect(config({ tls: { issuer: 'existingSecrets' } }).exporters.otlp_http).toMatchObject({
    endpoint: 'https://falco-egress-responder.falco-egress.svc:8080',
    tls: {
      ca_file: '/etc/falco-egress/tls/ca.crt',
      cert_file: '/etc/falco-egress/tls/tls.crt',
      key_file: '/etc/falco-egress/tls/tls.key',
    },
  });
});

test('without them, no certificate is named or mounted', () => {
  expect(config().exporters.otlp_http.endpoint).toBe('http://falco-egress-responder.falco-egress.svc:8080');
  expect(config().exporters.otlp_http.tls).toBeUndefined();
  const { volumes = [] } = template(collector(), 'DaemonSet').spec;
  expect(volumes.map(({ name }) => name)).toEqual(['logs', 'state', 'token']);
});

test('its only token is good for the responder alone', () => {
  const { spec } = template(collector({ name: 'sec' }), 'DaemonSet');
  expect(spec.automountServiceAccountToken).toBe(false);
  expect(spec.volumes?.find(({ name }) => name === 'token')?.projected?.sources).toEqual([
    { serviceAccountToken: { audience: 'sec-responder', expirationSeconds: 3600, path: 'token' } },
  ]);
  expect(kinds(collector())).toEqual(['DaemonSet', 'NetworkPolicy', 'ServiceAccount']);
});

test('it runs on every node as root, and with no capability', () => {
  const { spec } = template(collector(), 'DaemonSet');
  expect(spec.tolerations).toEqual([{ operator: 'Exists' }]);
  expect(spec.nodeSelector).toEqual({ 'kubernetes.io/os': 'linux' });
  expect(mainContainer(collector(), 'DaemonSet').securityContext).toEqual({
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    runAsUser: 0,
    runAsGroup: 0,
    runAsNonRoot: false,
  });
});

test('on OpenShift, SELinux lets it read the logs', () => {
  const { securityContext } = mainContainer(collector({ platform: 'openshift' }), 'DaemonSet');
  expect(securityContext?.seLinuxOptions).toEqual({ type: 'spc_t' });
  expect(kinds(collector({ platform: 'openshift' }))).toContain('RoleBinding');
});

test('it reaches the responder and DNS, and nothing else', () => {
  const { ingress, egress = [] } = policy(collector());
  expect(ingress).toEqual([{ ports: [{ port: 8888, protocol: 'TCP' }] }]);
  expect(egress.map(({ to }) => (to === undefined ? 'DNS' : component(to[0] ?? {})))).toEqual([
    'DNS',
    'responder',
  ]);
});

test('the directory on the node is a setting', () => {
  const { volumes = [] } = template(
    collector({ collector: { stateDirectory: '/data/otel' } }),
    'DaemonSet',
  ).spec;
  expect(volumes.find(({ name }) => name === 'state')?.hostPath).toEqual({
    path: '/data/otel',
    type: 'DirectoryOrCreate',
  });
});

describe('Loki', () => {
  const LOKI = {
    url: 'https://logs.example.org',
    tenant: 'security',
    credentials: { secret: 'grafana-cloud' },
  };
  const props = { collector: { loki: LOKI } };
  const inConfig = (more: Omit<CollectorProps, 'cluster'> = props): Record<string, Record<string, unknown>> =>
    config(more) as unknown as Record<string, Record<string, unknown>>;

  test('is written to by a queue of its own, on disk, with the credentials of a Secret', () => {
    expect(inConfig()['exporters']?.['otlp_http/loki']).toMatchObject({
      endpoint: 'https://logs.example.org/otlp',
      auth: { authenticator: 'basicauth' },
      headers: { 'X-Scope-OrgID': 'security' },
      retry_on_failure: { max_elapsed_time: '0s' },
      sending_queue: { storage: 'file_storage', block_on_overflow: true, batch: { max_size: 1048576 } },
    });
    expect(mainContainer(collector(props), 'DaemonSet').env).toEqual(
      expect.arrayContaining([
        { name: 'LOKI_USER', valueFrom: { secretKeyRef: { name: 'grafana-cloud', key: 'LOKI_USER' } } },
        { name: 'LOKI_APIKEY', valueFrom: { secretKeyRef: { name: 'grafana-cloud', key: 'LOKI_APIKEY' } } },
      ]),
    );
    expect(policy(collector(props)).egress).toHaveLength(3);
  });

  test('without credentials nothing logs in', () => {
    const open = { collector: { loki: { url: 'http://loki:3100' } } };
    expect(inConfig(open)['extensions']).not.toHaveProperty('basicauth');
    expect(inConfig(open)['exporters']?.['otlp_http/loki']).not.toHaveProperty('auth');
  });

  test('alone, without a responder, is enough', () => {
    const alone = inConfig({ ...props, responder: { enabled: false } });
    expect(Object.keys(alone['receivers'] ?? {})).toEqual([
      'file_log/alerts',
      'file_log/records',
      'host_metrics/canary',
    ]);
    expect(Object.keys(alone['exporters'] ?? {})).toEqual(['otlp_http/canary', 'otlp_http/loki']);
    expect(alone['extensions']).not.toHaveProperty('bearertokenauth');
  });

  test('is not asked of where it has no URL', () => {
    expect(Object.keys(inConfig({})['exporters'] ?? {})).toEqual(['otlp_http']);
    expect(Object.keys(inConfig({})['processors'] ?? {})).toEqual(['filter/empty']);
  });
});

test("it reads the inventory out of the responder's log where there is one, and a Loki to keep it", () => {
  const loki = { enabled: true, loki: { url: 'http://loki.example.org' } };
  const inventory = { inventory: { enabled: true } };
  const [told, silent] = [{ collector: loki, responder: inventory }, { collector: loki }].map(
    (props) => config({ name: 'sec', namespaces: { services: 'ours' }, ...props }) as object,
  );
  expect(told).toMatchObject({
    receivers: {
      'file_log/inventory': {
        include: [
          '/var/log/pods/ours_sec-responder-*_*/responder/*.log',
          '/var/log/pods/ours_sec-responder-*_*/responder/*.log.2*',
        ],
        resource: { source: 'inventory', cluster: 'prod-eu-1' },
      },
    },
    service: {
      pipelines: { 'logs/inventory': { receivers: ['file_log/inventory'], exporters: ['otlp_http/loki'] } },
    },
  });
  for (const without of [silent, config({ responder: inventory })])
    expect(JSON.stringify(without)).not.toContain('inventory');
});

describe('the canary', () => {
  const LOKI = { url: 'http://loki:3100' };
  const parts = (canary: boolean): Record<string, Record<string, object>> =>
    config({ collector: { loki: LOKI, canary: { enabled: canary } } }) as unknown as Record<
      string,
      Record<string, object>
    >;

  test('connects once a minute to its own health, each time anew, and tries nothing twice', () => {
    const { receivers, exporters, service } = parts(true);
    expect(receivers?.['host_metrics/canary']).toEqual({
      collection_interval: '60s',
      scrapers: { system: {} },
    });
    expect(exporters?.['otlp_http/canary']).toEqual({
      ...{ endpoint: 'http://127.0.0.1:13133', timeout: '10s', compression: 'none' },
      keepalive: { enabled: false },
      retry_on_failure: { enabled: false },
      sending_queue: { enabled: false },
    });
    expect(service?.['pipelines']).toHaveProperty(['metrics/canary'], {
      receivers: ['host_metrics/canary'],
      exporters: ['otlp_http/canary'],
    });
    const { ports = [] } = mainContainer(collector({ collector: { loki: LOKI } }), 'DaemonSet');
    expect(ports.map(({ containerPort }) => containerPort)).toContain(13133);
  });

  test('is nothing to respond to', () => {
    const filters = (canary: boolean): string => JSON.stringify(parts(canary)['receivers']?.['file_log']);
    expect(filters(true)).toContain(String.raw`body contains '\"rule\":\"Canary connection\"'`);
    expect(filters(false)).not.toContain('Canary');
  });

  test('is there with a Loki, unless it is switched off', () => {
    expect(config({ collector: { loki: LOKI } })).toEqual(parts(true));
    for (const without of [parts(false), config()])
      expect(JSON.stringify(without)).not.toMatch(/host_metrics|canary/i);
  });
});
