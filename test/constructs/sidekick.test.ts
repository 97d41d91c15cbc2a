import { load } from 'js-yaml';
import { Sidekick, type SidekickProps } from '../../lib/constructs/sidekick';
import { synthesize } from '../constructs';
import { component, find, kinds, mainContainer, policy, template, variables } from './find';

function sidekick(props: Omit<SidekickProps, 'cluster'> = {}) {
  return synthesize((scope) => new Sidekick(scope, 'sidekick', { cluster: 'prod-eu-1', ...props }));
}

const tls = { issuer: 'certManager' } as const;

interface ServiceSpec {
  readonly ports: readonly { name: string; port: number; targetPort: string }[];
}

test('falcosidekick', () => {
  expect(sidekick()).toMatchSnapshot();
});

test('falcosidekick with TLS, credentials and outputs', () => {
  expect(
    sidekick({
      tls,
      sidekick: {
        loki: {
          url: 'https://logs-prod-us-central1.grafana.net',
          credentials: { secret: 'grafana-cloud' },
        },
        slack: { webhookUrl: { secret: 'slack' } },
      },
    }),
  ).toMatchSnapshot();
});

test('nothing where it is switched off', () => {
  expect(sidekick({ sidekick: { enabled: false } })).toEqual([]);
});

test('the container reads the file that the ConfigMap has', () => {
  const objects = sidekick();
  const { args = [], volumeMounts = [] } = mainContainer(objects);
  const map = find(objects, 'ConfigMap') as unknown as { metadata: { name: string }; data: object };
  const volume = template(objects).spec.volumes?.find(
    ({ configMap }) => configMap?.name === map.metadata.name,
  );
  const mount = volumeMounts.find(({ name }) => name === volume?.name);
  expect(mount?.subPath).toBeUndefined();
  expect(args).toEqual(['-c', `${mount?.mountPath ?? ''}/${Object.keys(map.data)[0] ?? ''}`]);
  expect(load(Object.values(map.data as Record<string, string>)[0] ?? '')).toMatchObject({
    listenport: 2801,
  });
});

test('nothing on the Pod template changes with the configuration', () => {
  const alone = template(sidekick());
  expect(alone.metadata.annotations).toBeUndefined();
  expect(template(sidekick({ sidekick: { customFields: { team: 'net' } } }))).toEqual(alone);
});

describe('secrets', () => {
  test('the token of the responder is a header, and stands before the variable that holds it', () => {
    const container = mainContainer(sidekick({ secrets: { responderToken: { name: 'my-token' } } }));
    expect(variables(container)).toEqual({
      RESPONDER_TOKEN: 'my-token/token',
      WEBHOOK_CUSTOMHEADERS: 'Authorization:Bearer $(RESPONDER_TOKEN)',
    });
    expect((container.env ?? []).map(({ name }) => name)).toEqual([
      'RESPONDER_TOKEN',
      'WEBHOOK_CUSTOMHEADERS',
    ]);
  });

  test('no token without the responder', () => {
    expect(mainContainer(sidekick({ responder: { enabled: false } })).env).toBeUndefined();
  });

  test('Loki, Slack and any other', () => {
    const container = mainContainer(
      sidekick({
        responder: { enabled: false },
        sidekick: {
          loki: {
            url: 'https://logs.example.org',
            credentials: { secret: 'cloud', userKey: 'id', apiKeyKey: 'token' },
          },
          slack: { webhookUrl: { secret: 'slack' } },
          secretEnv: { TEAMS_WEBHOOKURL: { secret: 'teams', key: 'url' } },
          env: { TZ: 'UTC' },
        },
      }),
    );
    expect(variables(container)).toEqual({
      LOKI_USER: 'cloud/id',
      LOKI_APIKEY: 'cloud/token',
      SLACK_WEBHOOKURL: 'slack/SLACK_WEBHOOKURL',
      TEAMS_WEBHOOKURL: 'teams/url',
      TZ: 'UTC',
    });
  });

  test('no Secret is waited for that nothing uses', () => {
    const unused = sidekick({
      responder: { enabled: false },
      sidekick: { loki: { credentials: { secret: 'x' } } },
    });
    expect(mainContainer(unused).env).toBeUndefined();
  });
});

describe('ports', () => {
  test.each([
    ['without certificates', {}, [2801], 2801],
    ['with certificates', { tls }, [2801, 2810], 2810],
  ] as const)('%s', (_, props, ports, probed) => {
    const objects = sidekick(props);
    const container = mainContainer(objects);
    const spec = find(objects, 'Service')['spec'] as ServiceSpec;
    const byName = Object.fromEntries(
      (container.ports ?? []).map(({ name = '', containerPort }) => [name, containerPort]),
    );
    expect(spec.ports.map(({ port }) => port)).toEqual(ports);
    expect(spec.ports.map(({ targetPort }) => byName[targetPort])).toEqual(ports);
    for (const probe of [container.startupProbe, container.readinessProbe])
      expect(byName[String(probe?.httpGet?.port)]).toBe(probed);
    expect(container.livenessProbe?.exec?.command?.[2]).toContain(`http://127.0.0.1:${probed}/ping`);
  });
});

describe('a restart', () => {
  const script = (props: Omit<SidekickProps, 'cluster'>) =>
    mainContainer(sidekick(props)).livenessProbe?.exec?.command?.[2];

  test('follows a change of the configuration, and of the certificate where there is one', () => {
    expect(script({})).toContain('/etc/falco-egress/config/..data -nt /run/falco-egress/started');
    expect(script({})).not.toContain('tls');
    expect(script({ tls })).toContain('/etc/falco-egress/tls/..data -nt /run/falco-egress/started');
  });

  test('every directory that the probe looks at is mounted, and the mark can be written', () => {
    const mounts = (mainContainer(sidekick({ tls })).volumeMounts ?? []).map(
      ({ mountPath, readOnly }) => `${mountPath}${readOnly ? ':ro' : ''}`,
    );
    expect(mounts.sort()).toEqual([
      '/etc/falco-egress/config:ro',
      '/etc/falco-egress/tls:ro',
      '/run/falco-egress',
    ]);
  });
});

describe('the NetworkPolicy', () => {
  const ingress = (props: Omit<SidekickProps, 'cluster'> = {}) =>
    (policy(sidekick(props)).ingress ?? []).flatMap(
      (rule) => (rule as { from?: Parameters<typeof component>[0][] }).from ?? [],
    );
  const egress = (props: Omit<SidekickProps, 'cluster'> = {}) =>
    (policy(sidekick(props)).egress ?? []).map(({ to, ports }) =>
      to === undefined
        ? ports === undefined
          ? 'anywhere'
          : 'DNS'
        : `${component(to[0] ?? {})}:${String(ports?.[0]?.port)}`,
    );

  test('lets in Falco and the responder', () => {
    expect(ingress().map(component)).toEqual(['falco', 'responder']);
    expect(ingress({ responder: { enabled: false } }).map(component)).toEqual(['falco']);
    expect(ingress({ tls }).map(component)).toEqual(['falco', 'responder']);
  });

  test('lets anybody read metrics where they have a port of their own, and nobody else post alerts', () => {
    const open = (props: Omit<SidekickProps, 'cluster'>) =>
      policy(sidekick(props))
        .ingress?.filter((rule) => !('from' in rule))
        .map(({ ports }) => ports);
    expect(open({ tls })).toEqual([[{ port: 2810, protocol: 'TCP' }]]);
    expect(open({})).toEqual([]);
  });

  test('lets in the Falco that somebody else installs', () => {
    const [peer] = ingress({
      falco: { install: false, external: { namespace: 'their-falco', podLabels: { app: 'falco' } } },
    });
    expect(peer).toEqual({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'their-falco' } },
      podSelector: { matchLabels: expect.objectContaining({ app: 'falco' }) as unknown },
    });
  });

  test('lets out to what is switched on, and no further', () => {
    expect(egress()).toEqual(['DNS', 'sidekick-ui:2802', 'responder:8080']);
    expect(egress({ responder: { enabled: false }, sidekickUi: { enabled: false } })).toEqual(['DNS']);
  });

  test.each([
    ['Loki', { loki: { url: 'https://logs.example.org' } }],
    ['Slack', { slack: { webhookUrl: { secret: 'slack' } } }],
    ['Alertmanager', { alertmanager: { url: 'http://alertmanager:9093' } }],
    ['an output by its keys', { outputs: { teams: { minimumpriority: 'error' } } }],
    ['an output by a Secret', { secretEnv: { TEAMS_WEBHOOKURL: { secret: 'teams', key: 'url' } } }],
    ['an output by a variable', { env: { KAFKA_HOSTPORT: 'kafka:9092' } }],
  ] as const)('lets out to %s', (_, settings) => {
    expect(egress({ sidekick: settings })).toContain('anywhere');
  });

  test('is not there where the settings want none', () => {
    expect(kinds(sidekick({ networkPolicies: { enabled: false } }))).not.toContain('NetworkPolicy');
  });
});

test('one replica has neither a budget nor a spread', () => {
  const objects = sidekick({ sidekick: { replicas: 1 } });
  expect(kinds(objects)).not.toContain('PodDisruptionBudget');
  expect(template(objects).spec.topologySpreadConstraints).toBeUndefined();
});

test('OpenShift chooses the user', () => {
  expect(template(sidekick({ platform: 'openshift' })).spec.securityContext).not.toHaveProperty('runAsUser');
});

describe('its port of alerts, where metrics share it', () => {
  interface IngressRule {
    readonly from?: readonly object[];
    readonly ports: readonly { readonly port: number }[];
  }
  const letIn = (props: Omit<SidekickProps, 'cluster'>) => {
    const { spec } = find(sidekick(props), 'NetworkPolicy') as unknown as {
      spec: { ingress: readonly IngressRule[] };
    };
    return spec.ingress
      .filter(({ ports }) => ports.some(({ port }) => port === 2801))
      .map(({ from }) => from);
  };
  const scrapers = { namespace: 'monitoring', podLabels: { app: 'prom' } };

  test('is open to the Pods of Prometheus that the settings name', () => {
    const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } };
    expect(letIn({ monitoring: { scrapers } })).toEqual([
      ...letIn({}),
      [{ namespaceSelector, podSelector: { matchLabels: { app: 'prom' } } }],
    ]);
    const unlabelled = letIn({ monitoring: { scrapers: { namespace: 'monitoring' } } });
    expect(unlabelled.at(-1)).toEqual([
      { namespaceSelector, podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } } },
    ]);
  });

  test('is not, where certificates guard it: metrics have a port of their own', () => {
    const tls = { issuer: 'existingSecrets' } as const;
    expect(letIn({ tls, monitoring: { scrapers } })).toEqual(letIn({ tls }));
  });
});
