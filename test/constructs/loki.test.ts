import { load } from 'js-yaml';
import { Collector } from '../../lib/constructs/collector';
import { Loki, type LokiProps } from '../../lib/constructs/loki';
import { Sidekick } from '../../lib/constructs/sidekick';
import type { FalcoEgressProps } from '../../lib/settings/settings';
import { synthesize, type KubeObject } from '../constructs';
import { component, find, mainContainer, policy, template, variables } from './find';

type Props = Omit<FalcoEgressProps, 'cluster'>;

const ON = { loki: { enabled: true }, collector: { enabled: true } } as const satisfies Props;
const CLUSTER = { cluster: 'prod-eu-1' };
const OWN = 'http://falco-egress-loki.falco-egress.svc:3100';
const ELSEWHERE = { url: 'https://logs.example.org' };

function loki(props: Omit<LokiProps, 'cluster'> = ON): KubeObject[] {
  return synthesize((scope) => new Loki(scope, 'loki', { ...CLUSTER, ...props }));
}

interface LokiConfig {
  readonly auth_enabled: boolean;
  readonly compactor: object;
  readonly limits_config: Readonly<Record<string, unknown>>;
}

function configOf(objects: readonly KubeObject[]): LokiConfig {
  const { data } = find(objects, 'ConfigMap') as unknown as { data: Record<string, string> };
  return load(data['loki.yaml'] ?? '') as LokiConfig;
}

/** Components, or CIDRs, to or from which a NetworkPolicy lets a port. */
function peers(rules: readonly object[] | undefined, port: number): string[] {
  return (
    (rules ?? []) as {
      from?: Parameters<typeof component>[0][];
      to?: Parameters<typeof component>[0][];
      ports?: { port: number }[];
    }[]
  )
    .filter(({ ports }) => ports === undefined || ports.some((each) => each.port === port))
    .flatMap(({ from, to }) => (from ?? to ?? []).map(component));
}

test('Loki', () => {
  expect(loki()).toMatchSnapshot();
});

test('is not there unless it is asked for', () => {
  expect(loki({ collector: { enabled: true } })).toEqual([]);
});

test('deletes by class what is too old', () => {
  const { limits_config: limits, compactor } = configOf(
    loki({ ...ON, loki: { enabled: true, retention: { alerts: '2y', record: '5w' } } }),
  );
  expect(compactor).toMatchObject({ retention_enabled: true, delete_request_store: 'filesystem' });
  expect(limits).toMatchObject({
    retention_period: '2y',
    retention_stream: [{ selector: '{priority="Informational",rule!="Canary connection"}', period: '5w' }],
  });
});

test('a changed configuration is another ConfigMap, which nobody changes, and so another Pod', () => {
  const [before, after] = [undefined, '1y'].map((alerts) => {
    const objects = loki({
      ...ON,
      loki: { enabled: true, ...(alerts !== undefined && { retention: { alerts } }) },
    });
    const config = find(objects, 'ConfigMap');
    expect(config['immutable']).toBe(true);
    const mounted = template(objects, 'StatefulSet').spec.volumes?.find(({ name }) => name === 'config');
    expect(mounted?.configMap?.name).toBe(config.metadata.name);
    return config.metadata.name;
  });
  expect(after).not.toBe(before);
  expect(after).toMatch(/^falco-egress-loki-[0-9a-f]{10}$/);
});

test('it writes to its volume and nowhere else, as nobody special', () => {
  const objects = loki();
  const { spec } = template(objects, 'StatefulSet');
  const { securityContext, volumeMounts = [] } = mainContainer(objects, 'StatefulSet');
  expect(spec.automountServiceAccountToken).toBe(false);
  expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10001, fsGroup: 10001 });
  expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
  expect(volumeMounts.filter(({ readOnly }) => readOnly !== true).map(({ mountPath }) => mountPath)).toEqual([
    '/loki',
    '/tmp',
  ]);
  expect(find(objects, 'PersistentVolumeClaim')['spec']).toEqual({
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '10Gi' } },
  });
});

test('without a volume of its own it has no claim, and room on the Pod’s disk', () => {
  const objects = loki({ ...ON, loki: { enabled: true, persistent: false, size: '2Gi' } });
  expect(objects.map(({ kind }) => kind)).not.toContain('PersistentVolumeClaim');
  expect(template(objects, 'StatefulSet').spec.volumes).toContainEqual({
    name: 'data',
    emptyDir: { sizeLimit: '2Gi' },
  });
});

describe('who reaches it', () => {
  test.each<[string, Props, readonly string[]]>([
    ['the collector', {}, ['collector']],
    ['and Grafana', { grafana: { enabled: true } }, ['collector', 'grafana']],
    [
      'not the Grafana that asks another',
      { grafana: { enabled: true, lokiUrl: 'http://loki.monitoring:3100' } },
      ['collector'],
    ],
    ['falcosidekick, where there is no collector', { collector: { enabled: false } }, ['sidekick']],
  ])('%s', (_, props, expected) => {
    const { ingress, ...spec } = policy(loki({ ...ON, ...props }));
    expect(peers(ingress, 3100)).toEqual(expected);
    expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(spec).not.toHaveProperty('egress');
  });

  test('whoever scrapes, where the settings name them', () => {
    const scrapers = { namespace: 'monitoring', podLabels: { app: 'prometheus' } };
    const { ingress = [] } = policy(loki({ ...ON, monitoring: { scrapers } }));
    expect(ingress).toHaveLength(2);
    expect(ingress[1]).toEqual({
      from: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
          podSelector: { matchLabels: { app: 'prometheus' } },
        },
      ],
      ports: [{ port: 3100, protocol: 'TCP' }],
    });
  });

  test('Pods that are named, of one namespace', () => {
    const clients = { namespace: 'monitoring', podLabels: { app: 'grafana' } };
    const { ingress = [] } = policy(loki({ ...ON, loki: { enabled: true, clients } }));
    expect(ingress.at(-1)).toEqual({
      from: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
          podSelector: { matchLabels: { app: 'grafana' } },
        },
      ],
      ports: [{ port: 3100, protocol: 'TCP' }],
    });
  });
});

describe('the collector', () => {
  const collector = (props: Props): KubeObject[] =>
    synthesize((scope) => new Collector(scope, 'collector', { ...CLUSTER, ...props }));
  const endpoint = (props: Props): unknown => {
    const { COLLECTOR_CONFIG: config = '' } = variables(mainContainer(collector(props), 'DaemonSet'));
    return (load(config) as { exporters: Record<string, { endpoint: string }> }).exporters['otlp_http/loki']
      ?.endpoint;
  };

  test('stores in it, and may reach nothing else for that', () => {
    expect(endpoint(ON)).toBe(`${OWN}/otlp`);
    const { egress } = policy(collector(ON));
    expect(peers(egress, 3100)).toEqual(['loki']);
    expect(egress?.every(({ ports }) => ports !== undefined)).toBe(true);
  });

  test('stores in the one that a URL names, with the login for it', () => {
    const props = { collector: { enabled: true, loki: { ...ELSEWHERE, credentials: { secret: 'cloud' } } } };
    expect(endpoint(props)).toBe('https://logs.example.org/otlp');
    expect(variables(mainContainer(collector(props), 'DaemonSet'))['LOKI_USER']).toBe('cloud/LOKI_USER');
    expect(peers(policy(collector(props)).egress, 3100)).not.toContain('loki');
  });

  test('shows no login to the stack’s own', () => {
    const props = { ...ON, collector: { enabled: true, loki: { credentials: { secret: 'cloud' } } } };
    expect(variables(mainContainer(collector(props), 'DaemonSet'))).not.toHaveProperty('LOKI_USER');
  });
});

describe('falcosidekick', () => {
  const stored = (props: Props): unknown => {
    const objects = synthesize((scope) => new Sidekick(scope, 'sidekick', { ...CLUSTER, ...props }));
    const { data } = find(objects, 'ConfigMap') as unknown as { data: Record<string, string> };
    const { loki: output } = load(data['config.yaml'] ?? '') as { loki?: { hostport: string } };
    return [output?.hostport, peers(policy(objects).egress, 3100).includes('loki')];
  };

  test('stores in it where there is no collector', () => {
    expect(stored({ loki: { enabled: true } })).toEqual([OWN, true]);
  });

  test('leaves that to the collector', () => {
    expect(stored(ON)).toEqual([undefined, false]);
  });
});
