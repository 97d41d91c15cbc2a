import { Responder, type ResponderProps } from '../../lib/constructs/responder';
import { rightsOf } from '../../lib/constructs/rights';
import { parseArguments } from '../../lib/program/arguments';
import { parseConfig, type CheckedConfig } from '../../lib/responder/config';
import type { QuarantineSettings } from '../../lib/settings/responder';
import { VERSION } from '../../lib/version';
import { synthesize, type KubeObject } from '../constructs';
import { FAKE_PROGRAM } from './fake-program';
import { component, find, kinds, mainContainer, policy, template } from './find';

const RESPONSE = { match: 'rule = "r"', action: 'quarantine', mode: 'enforce', ttl: '4h' } as const;

function responder(props: Partial<ResponderProps> = {}): KubeObject[] {
  return synthesize(
    (scope) =>
      new Responder(scope, 'responder', {
        cluster: 'prod-eu-1',
        program: FAKE_PROGRAM,
        tls: { issuer: props.responses === undefined ? 'none' : 'certManager' },
        ...props,
      }),
  );
}

function config(props: Partial<ResponderProps> = {}): CheckedConfig {
  const { data } = find(responder(props), 'ConfigMap') as unknown as { data: Record<string, string> };
  return parseConfig(JSON.parse(data['responder.json'] ?? ''));
}

function rights(props: Partial<ResponderProps>): string[] {
  return rightsOf(responder(props)).flatMap(({ resources, nonResourceURLs, verbs }) =>
    [...(resources ?? []), ...(nonResourceURLs ?? [])].flatMap((on) => verbs.map((verb) => `${verb} ${on}`)),
  );
}

test('the responder', () => {
  expect(
    responder({
      collector: { enabled: true },
      responses: [RESPONSE],
      tls: { issuer: 'certManager' },
      responder: { replicas: 2 },
    }),
  ).toMatchSnapshot();
});

test('nothing where it is switched off', () => {
  expect(responder({ responder: { enabled: false } })).toEqual([]);
});

test('the program takes the configuration, and reads it where it is mounted', () => {
  expect(config({ responses: [RESPONSE] })).toMatchObject({
    cluster: 'prod-eu-1',
    port: 8080,
    metricsPort: 9090,
    responses: [{ match: 'rule = "r"', action: 'quarantine', mode: 'enforce', ttlSeconds: 14_400 }],
    limits: { perNamespace: 5, maxAgeSeconds: 3600 },
  });
  const { args = [], volumeMounts = [] } = mainContainer(responder());
  expect(parseArguments(args)).toEqual({
    name: 'responder',
    config: '/etc/falco-egress/config/responder.json',
  });
  expect(volumeMounts.map(({ mountPath }) => mountPath)).toContain('/etc/falco-egress/config');
});

test('it knows itself, how to cut, and where its own alerts go', () => {
  const quarantine = { allowDns: true, forensicsNamespace: 'forensics', denyTiers: ['Calico'] } as const;
  const own = { name: 'fe', namespaces: { services: 'security' } };
  expect(config({ ...own, responder: { matching: 'all', quarantine } })).toMatchObject({
    name: 'fe',
    namespace: 'security',
    matching: 'all',
    quarantine: { ingress: false, ...quarantine },
    sidekickUrl: 'http://fe-sidekick.security.svc:2801/',
  });
  const tls = { issuer: 'certManager' } as const;
  expect(config({ tls }).sidekickUrl).toBe('https://falco-egress-sidekick.falco-egress.svc:2801/');
  expect(config({ sidekick: { enabled: false } })).not.toHaveProperty('sidekickUrl');
  expect(config().quarantine).not.toHaveProperty('forensicsNamespace');
});

test('the stack itself is protected, whatever else is', () => {
  expect(
    config({
      namespaces: { node: 'nodes', services: 'security' },
      responder: { protected: { namespaces: ['payments'], podLabels: { critical: 'true' } } },
    }).protected,
  ).toEqual({ namespaces: ['payments', 'nodes', 'security'], podLabels: { critical: 'true' } });
});

test('the token comes from a Secret, as a file, and stands in no ConfigMap', () => {
  const objects = responder({ secrets: { responderToken: { name: 'own-token' } } });
  const { volumes = [] } = template(objects).spec;
  expect(volumes.find(({ name }) => name === 'token')?.secret).toEqual({
    secretName: 'own-token',
    defaultMode: 0o440,
    items: [{ key: 'token', path: 'token' }],
  });
  const mount = mainContainer(objects).volumeMounts?.find(({ name }) => name === 'token');
  expect(`${mount?.mountPath ?? ''}/token`).toBe(config().authentication.tokenFile);
});

test('it knows the collector by its ServiceAccount, where there is one', () => {
  expect(config({ collector: { enabled: true } }).authentication.collector).toEqual({
    namespace: 'falco',
    serviceAccount: 'falco-egress-collector',
    audience: 'falco-egress-responder',
  });
  expect(config().authentication.collector).toBeUndefined();
});

test('with certificates everybody must show one', () => {
  const objects = responder({ tls: { issuer: 'certManager' } });
  expect(config({ tls: { issuer: 'certManager' } }).tls).toEqual({
    certificateFile: '/etc/falco-egress/tls/tls.crt',
    keyFile: '/etc/falco-egress/tls/tls.key',
    clientCaFile: '/etc/falco-egress/tls/ca.crt',
  });
  const { ports } = find(objects, 'Service')['spec'] as { ports: { name: string }[] };
  expect(ports.map(({ name }) => name)).toEqual(['https', 'metrics']);
  expect(config().tls).toBeUndefined();
});

test('without responses it may do what a response may, and so release what one has cut off that is no more', () => {
  expect(rights({})).toEqual(rights({ responses: [RESPONSE] }));
  const collector = { enabled: true };
  expect(rights({ collector }).filter((right) => !rights({}).includes(right))).toEqual([
    'create tokenreviews',
  ]);
});

test('it may quarantine, and neither delete Pods nor read Secrets', () => {
  const all = rights({ responses: [RESPONSE] });
  expect(all).toEqual(
    expect.arrayContaining(['patch pods', 'create networkpolicies', 'create events', 'get /readyz']),
  );
  expect(all.filter((right) => /secrets|configmaps|exec|^delete pods|eviction|\*/.test(right))).toEqual([]);
});

describe('what only some responses need is granted with them alone', () => {
  const plain = rights({ responses: [RESPONSE] });
  const more = (...responses: NonNullable<ResponderProps['responses']>) =>
    rights({ responses: [RESPONSE, ...responses] }).filter((right) => !plain.includes(right));
  const match = 'rule = "s"';

  test.each<[string, NonNullable<ResponderProps['responses']>[number], string[]]>([
    ['evict', { match, action: 'evict' }, ['create pods/eviction']],
    ['delete', { match, action: 'delete', mode: 'approve' }, ['delete pods']],
    ['delete in the end', { ...RESPONSE, onExpiry: 'delete' }, ['delete pods']],
    ['a snapshot', { ...RESPONSE, snapshot: true }, ['create configmaps']],
    [
      'none of that',
      { ...RESPONSE, onExpiry: 'hold', snapshot: false, name: 'delete', strip: true, detach: true },
      [],
    ],
  ])('%s', (_, response, expected) => {
    expect(more(response)).toEqual(expected);
  });

  test('snapshots in its own namespace', () => {
    const granted = rightsOf(responder({ responses: [{ ...RESPONSE, snapshot: true }] }));
    expect(granted.filter(({ resources }) => resources?.includes('configmaps'))).toMatchObject([
      { role: 'Role falco-egress/falco-egress-responder-snapshots' },
    ]);
  });
});

test('policies of the cluster it writes in the tiers that are named, under one name', () => {
  const written = (denyTiers?: NonNullable<QuarantineSettings['denyTiers']>) =>
    rightsOf(
      responder({ responses: [RESPONSE], ...(denyTiers && { responder: { quarantine: { denyTiers } } }) }),
    ).filter(
      ({ resources, verbs }) => resources?.some((on) => on.endsWith('policies')) && verbs.includes('create'),
    );
  const kinds = (rights: ReturnType<typeof written>) =>
    rights.flatMap(({ apiGroups, resources }) => `${resources?.join() ?? ''}.${apiGroups?.join() ?? ''}`);
  expect(kinds(written())).toEqual([
    'networkpolicies.networking.k8s.io',
    'clusternetworkpolicies.policy.networking.k8s.io',
    'adminnetworkpolicies.policy.networking.k8s.io',
    'ciliumclusterwidenetworkpolicies.cilium.io',
    'globalnetworkpolicies.projectcalico.org',
    'tier.globalnetworkpolicies.projectcalico.org',
    'globalnetworkpolicies.crd.projectcalico.org',
  ]);
  expect(kinds(written(['Cilium']))).toEqual([
    'networkpolicies.networking.k8s.io',
    'ciliumclusterwidenetworkpolicies.cilium.io',
  ]);
  for (const { resourceNames = [], verbs } of written()) {
    expect(resourceNames[0]).toBe('falco-egress-quarantine');
    expect(resourceNames.slice(1)).toEqual(
      resourceNames.length > 1 ? ['default.falco-egress-quarantine'] : [],
    );
    expect(verbs).toEqual(['create', 'patch', 'delete']);
  }
});

test('a policy of a tier that is no longer to deny it may take away, and nothing else', () => {
  const rights = rightsOf(responder({ responder: { quarantine: { denyTiers: ['Cilium', 'Calico'] } } }));
  const cleaning = rights.filter(({ verbs }) => verbs.join() === 'delete');
  expect(cleaning.map(({ resources, resourceNames }) => [resources, resourceNames])).toEqual([
    [['clusternetworkpolicies'], ['falco-egress-quarantine']],
    [['adminnetworkpolicies'], ['falco-egress-quarantine']],
  ]);
});

test('every binding is to the ServiceAccount of its Pods', () => {
  const objects = responder({ name: 'sec', responses: [RESPONSE], collector: { enabled: true } });
  const subjects = objects
    .filter(({ kind }) => kind === 'ClusterRoleBinding')
    .flatMap((binding) => binding['subjects']);
  expect(subjects).toHaveLength(7);
  const { serviceAccountName } = template(objects).spec;
  expect(new Set(subjects.map((subject) => (subject as { name: string }).name))).toEqual(
    new Set([serviceAccountName]),
  );
});

test('alerts come from falcosidekick and the collector alone; metrics from anywhere, where no scraper is named', () => {
  const { ingress = [], egress = [] } = policy(responder({ collector: { enabled: true } }));
  const rules = ingress.map((rule) => {
    const { from = [] } = rule as { from?: Parameters<typeof component>[0][] };
    return [rule.ports?.[0]?.port, ...from.map(component)];
  });
  expect(rules).toEqual([[8080, 'sidekick'], [8080, 'collector'], [9090]]);
  expect(egress.map(({ ports = [] }) => ports.map(({ port }) => port))).toEqual([
    [53, 53, 5353, 5353],
    [443, 6443],
    [2801],
  ]);
});

test('where the settings name who scrapes, metrics are for these alone', () => {
  const scrapers = { namespace: 'monitoring', podLabels: { app: 'prom' } };
  const { ingress = [] } = policy(responder({ monitoring: { scrapers } }));
  expect(ingress.filter(({ ports }) => ports?.[0]?.port === 9090)).toEqual([
    {
      from: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
          podSelector: { matchLabels: { app: 'prom' } },
        },
      ],
      ports: [{ port: 9090, protocol: 'TCP' }],
    },
  ]);
});

test('with one replica there is no budget, with two there is', () => {
  expect(kinds(responder())).not.toContain('PodDisruptionBudget');
  expect(kinds(responder({ responder: { replicas: 2 } }))).toContain('PodDisruptionBudget');
});

test('it runs out of ConfigMaps on a stock Node image', () => {
  const objects = responder();
  const { image, command, env } = mainContainer(objects);
  expect(image).toBe('docker.io/library/node:22-bookworm-slim');
  expect(command).toEqual(['node', '--max-semi-space-size=2', '/opt/falco-egress/start.cjs']);
  expect(env).toEqual([{ name: 'PROGRAM_SHA256', value: FAKE_PROGRAM.sha256 }]);
  const { volumes = [] } = template(objects).spec;
  expect(volumes.find(({ name }) => name === 'program')?.projected?.sources).toHaveLength(3);
});

test('or out of an image of yours', () => {
  const objects = responder({ responder: { program: 'image' } });
  const { image, command, args } = mainContainer(objects);
  expect(image).toBe(`ghcr.io/falco-egress/falco-egress:${VERSION}`);
  expect(command).toBeUndefined();
  expect(args?.[0]).toBe('responder');
  expect(template(objects).spec.volumes?.map(({ name }) => name)).toEqual(['config', 'token']);
});

test('a response changes the ConfigMap, and no Pod', () => {
  const before = responder({ responses: [RESPONSE] });
  const after = responder({ responses: [{ ...RESPONSE, ttl: '8h' }] });
  expect(template(after)).toEqual(template(before));
  expect(find(after, 'ConfigMap')).not.toEqual(find(before, 'ConfigMap'));
});
