import { load } from 'js-yaml';
import { Dashboards } from '../../lib/constructs/dashboards';
import { Grafana, type GrafanaProps } from '../../lib/constructs/grafana';
import { synthesize, type KubeObject } from '../constructs';
import { component, find, mainContainer, policy, template, variables } from './find';

/*
 * No Grafana runs in any test: there is no image here, and nothing that could be built in place of one. So what it is given is held
 * against itself, and against what Grafana's documentation says of these files.
 */

const ON = { cluster: 'prod-eu-1', loki: { enabled: true }, grafana: { enabled: true } } as const;
const PROMETHEUS = { prometheusUrl: 'http://prometheus-operated.monitoring.svc:9090' };

function grafana(props: Partial<GrafanaProps> = {}): KubeObject[] {
  return synthesize((scope) => new Grafana(scope, 'grafana', { ...ON, ...props }));
}

function filesOf(objects: readonly KubeObject[]): Record<string, string> {
  return (find(objects, 'ConfigMap') as unknown as { data: Record<string, string> }).data;
}

interface DataSource {
  readonly name: string;
  readonly uid: string;
  readonly type: string;
  readonly url: string;
  readonly basicAuth?: boolean;
  readonly basicAuthUser?: string;
  readonly jsonData?: Readonly<Record<string, string>>;
  readonly secureJsonData?: Readonly<Record<string, string>>;
}

/** Keys of a data source in a provisioning file, and what may stand at them; Grafana passes over any other without a word. */
const DATA_SOURCE_KEYS: Readonly<Record<string, string>> = {
  ...{ name: 'string', uid: 'string', type: 'string', access: 'string', url: 'string', editable: 'boolean' },
  ...{ basicAuth: 'boolean', basicAuthUser: 'string', jsonData: 'object', secureJsonData: 'object' },
};

/** What Grafana makes of a value: variables by `$NAME` and `${NAME}`, a doubled `$` for one. */
function expanded(value: string, env: Readonly<Record<string, string>>): string {
  return value
    .split('$$')
    .map((part) =>
      part.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced, bare) => env[String(braced ?? bare)] ?? ''),
    )
    .join('$');
}

/** The headers that a request to a data source has, `Authorization` by basic authentication among them. */
function headers(source: DataSource, env: Readonly<Record<string, string>>): Record<string, string> {
  const { basicAuth = false, basicAuthUser = '', jsonData = {}, secureJsonData = {} } = source;
  const of = (text = ''): string => expanded(text, env);
  const found: Record<string, string> = basicAuth
    ? { Authorization: `basic ${of(basicAuthUser)}:${of(secureJsonData['basicAuthPassword'])}` }
    : {};
  for (let index = 1; jsonData[`httpHeaderName${index}`] !== undefined; index++)
    found[jsonData[`httpHeaderName${index}`] ?? ''] = of(secureJsonData[`httpHeaderValue${index}`]);
  return found;
}

function dataSources(objects: readonly KubeObject[]): DataSource[] {
  const { datasources } = load(filesOf(objects)['datasources.yaml'] ?? '') as { datasources: DataSource[] };
  return datasources;
}

/** Where a volume's files are in the container. */
function directory(objects: readonly KubeObject[], volume: string): string {
  const { volumeMounts = [] } = mainContainer(objects);
  return volumeMounts.find(({ name }) => name === volume)?.mountPath ?? '';
}

test('Grafana', () => {
  expect(grafana({ grafana: { enabled: true, ...PROMETHEUS } })).toMatchSnapshot();
});

test('is not there unless it is asked for', () => {
  expect(grafana({ grafana: { enabled: false } })).toEqual([]);
});

test('finds its provisioning where it is told to look, each kind in the folder of that name', () => {
  const objects = grafana();
  const provisioning = template(objects).spec.volumes?.find(({ name }) => name === 'provisioning');
  expect(variables(mainContainer(objects))['GF_PATHS_PROVISIONING']).toBe(directory(objects, 'provisioning'));
  expect(provisioning?.configMap?.name).toBe(find(objects, 'ConfigMap').metadata.name);
  expect(provisioning?.configMap?.items).toEqual([
    { key: 'datasources.yaml', path: 'datasources/datasources.yaml' },
    { key: 'dashboards.yaml', path: 'dashboards/dashboards.yaml' },
  ]);
  expect(Object.keys(filesOf(objects)).sort()).toEqual(['dashboards.yaml', 'datasources.yaml']);
});

test('finds the dashboards: those of the ConfigMaps, which come with it, where its provider looks', () => {
  const objects = grafana();
  const { providers } = load(filesOf(objects)['dashboards.yaml'] ?? '') as {
    providers: { options: { path: string } }[];
  };
  expect(providers.map(({ options }) => options.path)).toEqual([directory(objects, 'dashboards')]);
  const made = synthesize((scope) => new Dashboards(scope, 'dashboards', ON));
  const mounted = template(objects).spec.volumes?.find(({ name }) => name === 'dashboards');
  expect(mounted?.projected?.sources).toEqual(
    made.map(({ metadata }) => ({ configMap: { name: metadata.name } })),
  );
  const names = made.flatMap(({ data }) => Object.keys(data as object));
  expect(new Set(names).size).toBe(names.length);
  for (const { data } of made)
    for (const [name, text] of Object.entries(data as Record<string, string>)) {
      expect(name).toMatch(/\.json$/);
      expect(JSON.parse(text)).toMatchObject({ uid: name.replace(/\.json$/, '') });
    }
});

test('has one data source of each type that a dashboard asks for, so each variable has one to take', () => {
  const objects = grafana({ grafana: { enabled: true, ...PROMETHEUS } });
  const made = synthesize((scope) => new Dashboards(scope, 'dashboards', ON));
  const asked = new Set<string>();
  const referred = new Set<string>();
  for (const { data } of made)
    for (const text of Object.values(data as Record<string, string>)) {
      const { templating } = JSON.parse(text) as {
        templating: { list: { type: string; name: string; query: unknown }[] };
      };
      const choices = templating.list.filter(({ type }) => type === 'datasource');
      for (const { query } of choices) asked.add(String(query));
      const known = choices.map(({ name }) => `\${${name}}`);
      for (const [, uid = ''] of text.matchAll(/"uid": "(\$\{[^"]*)"/g)) {
        expect(known).toContain(uid);
        referred.add(uid);
      }
    }
  expect([...referred].sort()).toEqual(['${loki}', '${prometheus}']);
  expect(dataSources(objects).map(({ type }) => type)).toEqual([...asked].sort());
});

test.each<[string, Partial<GrafanaProps>, readonly string[], readonly string[]]>([
  [
    "the stack's own Loki",
    {},
    ['loki http://falco-egress-loki.falco-egress.svc:3100'],
    ['53,53,5353,5353 ', '3100 loki'],
  ],
  [
    'another Loki and a Prometheus',
    { grafana: { enabled: true, lokiUrl: 'http://loki.monitoring:3100', ...PROMETHEUS } },
    ['loki http://loki.monitoring:3100', `prometheus ${PROMETHEUS.prometheusUrl}`],
    ['53,53,5353,5353 ', ' '],
  ],
  [
    'both, the addresses limited',
    {
      grafana: { enabled: true, ...PROMETHEUS },
      networkPolicies: { outputCidrs: ['10.0.0.0/8'] },
    },
    ['loki http://falco-egress-loki.falco-egress.svc:3100', `prometheus ${PROMETHEUS.prometheusUrl}`],
    ['53,53,5353,5353 ', '3100 loki', ' {"ipBlock":{"cidr":"10.0.0.0/8"}}'],
  ],
])('asks %s, and reaches nothing else', (_, props, sources, reached) => {
  const objects = grafana(props);
  expect(dataSources(objects).map(({ type, url }) => `${type} ${url}`)).toEqual(sources);
  const spec = policy(objects);
  expect(spec).not.toHaveProperty('ingress');
  expect(
    spec.egress?.map(
      ({ ports = [], to = [] }) =>
        `${ports.map(({ port }) => String(port)).join()} ${to.map((peer) => component(peer as Parameters<typeof component>[0])).join()}`,
    ),
  ).toEqual(reached);
});

const LOKI_CLOUD = {
  lokiUrl: 'https://logs.example.org',
  lokiCredentials: { secret: 'cloud' },
} as const;
const MIMIR = { prometheusUrl: 'https://mimir.example.org/prometheus', prometheusTenant: 'two' } as const;
/** A value of a Secret with what Grafana must not take for a variable. */
const value = (place: string): string => `value of ${place} with $HOME and \${HOME} and $$`;

test.each<[string, NonNullable<GrafanaProps['grafana']>, readonly Readonly<Record<string, string>>[]]>([
  ['nobody', { ...PROMETHEUS }, [{}, {}]],
  [
    'Grafana Cloud, and a Prometheus by user and password',
    { ...LOKI_CLOUD, ...PROMETHEUS, prometheusCredentials: { secret: 'metrics' } },
    [
      { Authorization: `basic ${value('cloud/LOKI_USER')}:${value('cloud/LOKI_APIKEY')}` },
      { Authorization: `basic ${value('metrics/user')}:${value('metrics/password')}` },
    ],
  ],
  [
    'a Loki of many tenants, and a Mimir by a token',
    {
      ...{ lokiUrl: LOKI_CLOUD.lokiUrl, lokiTenant: 'one', ...MIMIR },
      prometheusCredentials: { secret: 'mimir', scheme: 'bearer', tokenKey: 'jwt' },
    },
    [{ 'X-Scope-OrgID': 'one' }, { Authorization: `Bearer ${value('mimir/jwt')}`, 'X-Scope-OrgID': 'two' }],
  ],
  [
    'both by login and tenant, with keys of other names',
    {
      ...{ ...LOKI_CLOUD, lokiTenant: 'one', ...MIMIR, prometheusCredentials: { secret: 'm', userKey: 'u' } },
      lokiCredentials: { secret: 'cloud', userKey: 'id', apiKeyKey: 'key' },
    },
    [
      { Authorization: `basic ${value('cloud/id')}:${value('cloud/key')}`, 'X-Scope-OrgID': 'one' },
      { Authorization: `basic ${value('m/u')}:${value('m/password')}`, 'X-Scope-OrgID': 'two' },
    ],
  ],
])('shows a login to %s: out of Secrets, and none stands in a file', (_, props, sent) => {
  const objects = grafana({ grafana: { enabled: true, ...props } });
  const { env = [] } = mainContainer(objects);
  const secrets = Object.fromEntries(
    env.flatMap(({ name, valueFrom }) =>
      valueFrom?.secretKeyRef === undefined || name === 'GF_SECURITY_ADMIN_PASSWORD'
        ? []
        : [[name, value(`${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}`)]],
    ),
  );
  const sources = dataSources(objects);
  expect(sources.map((source) => headers(source, secrets))).toEqual(sent);
  const text = filesOf(objects)['datasources.yaml'] ?? '';
  const named = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
  expect(named.sort()).toEqual(Object.keys(secrets).sort());
  for (const source of sources)
    for (const [key, at] of Object.entries(source))
      expect(`${key}: ${typeof at}`).toBe(`${key}: ${DATA_SOURCE_KEYS[key]}`);
});

test('shows no login where it asks nobody who would take it', () => {
  const login = {
    lokiCredentials: { secret: 'a' },
    lokiTenant: 'b',
    prometheusCredentials: { secret: 'c' },
    prometheusTenant: 'd',
  };
  expect(grafana({ grafana: { enabled: true, ...login } })).toEqual(grafana());
});

test('lets in who scrapes, where the settings name them, and nobody else', () => {
  const { ingress } = policy(grafana({ monitoring: { scrapers: { namespace: 'monitoring' } } }));
  expect(ingress).toEqual([
    {
      from: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
          podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } },
        },
      ],
      ports: [{ port: 3000, protocol: 'TCP' }],
    },
  ]);
});

test('is behind the login of a Secret, and tells nobody about itself', () => {
  const container = mainContainer(grafana({ secrets: { grafana: { name: 'mine' } } }));
  expect(variables(container)).toMatchObject({
    GF_SECURITY_ADMIN_PASSWORD: 'mine/password',
    GF_AUTH_ANONYMOUS_ENABLED: 'false',
    GF_USERS_ALLOW_SIGN_UP: 'false',
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_PLUGINS_PREINSTALL_DISABLED: 'true',
  });
});

test('it writes to the disk of its Pod and nowhere else, as nobody special', () => {
  const objects = grafana();
  const { securityContext, volumeMounts = [] } = mainContainer(objects);
  expect(template(objects).spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 472 });
  expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
  expect(volumeMounts.filter(({ readOnly }) => readOnly !== true).map(({ mountPath }) => mountPath)).toEqual([
    '/var/lib/grafana',
    '/tmp',
  ]);
});
