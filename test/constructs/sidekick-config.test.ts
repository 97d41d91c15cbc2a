import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { configText } from '../../lib/constructs/config-text';
import { sidekickConfig } from '../../lib/constructs/sidekick-config';
import { fillDefaults, type FalcoEgressProps } from '../../lib/settings/settings';

function config(props: Omit<FalcoEgressProps, 'cluster'> = {}) {
  return sidekickConfig(fillDefaults({ cluster: 'prod-eu-1', ...props }));
}

const everyOutput: Omit<FalcoEgressProps, 'cluster'> = {
  sidekick: {
    loki: { url: 'https://logs.example.org', tenant: 'security', extraLabels: ['proc.name', 'fd.sip'] },
    slack: { webhookUrl: { secret: 'slack' }, channel: '#egress' },
    alertmanager: { url: 'http://alertmanager.monitoring:9093', minimumPriority: 'error' },
  },
};

type Tree = Readonly<Record<string, unknown>>;

/** Each leaf by its path, with the type of its value. */
function types(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? types(value as Tree, `${prefix}${key}.`)
      : value === undefined
        ? []
        : [[`${prefix}${key}`, Array.isArray(value) ? 'array' : typeof value]],
  );
}

interface Recording {
  readonly kind: string;
  readonly run: string;
  readonly config: string;
}

const recordings = readFileSync(join(__dirname, '../fixtures/falcosidekick/configurations.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recording)
  .filter(({ kind }) => kind === 'config');

/** Keys that the recordings lack. Fact: falcosidekick 2.34, config.go and config_example.yaml. */
const ALSO_READ: Readonly<Record<string, string>> = {
  'loki.endpoint': 'string',
  'loki.minimumpriority': 'string',
  'loki.checkcert': 'boolean',
  'loki.maxconcurrentrequests': 'number',
  'slack.channel': 'string',
  'slack.minimumpriority': 'string',
  'slack.messageformat': 'string',
  'slack.outputformat': 'string',
  'alertmanager.endpoint': 'string',
  'alertmanager.minimumpriority': 'string',
  'alertmanager.checkcert': 'boolean',
  'webhook.checkcert': 'boolean',
  'webhook.maxconcurrentrequests': 'number',
  'webhook.mutualtls': 'boolean',
  'webui.url': 'string',
  'tlsserver.deploy': 'boolean',
  'tlsserver.certfile': 'string',
  'tlsserver.keyfile': 'string',
  'tlsserver.cacertfile': 'string',
  'tlsserver.mutualtls': 'boolean',
  'tlsserver.notlsport': 'number',
  'tlsserver.notlspaths': 'array',
  'mutualtlsclient.certfile': 'string',
  'mutualtlsclient.keyfile': 'string',
  'mutualtlsclient.cacertfile': 'string',
};

test('the configuration with every output', () => {
  expect(configText(config({ ...everyOutput, tls: { issuer: 'certManager' } }))).toMatchSnapshot();
});

test('every key is one that falcosidekick reads, with a value of the type that it reads', () => {
  const recorded = recordings.flatMap(({ config }) => types(load(config) as Tree));
  const known: Readonly<Record<string, string>> = { ...ALSO_READ, ...Object.fromEntries(recorded) };
  expect(recorded.length).toBeGreaterThan(20);
  const ours = types(config({ ...everyOutput, tls: { issuer: 'certManager' } }));
  expect(Object.fromEntries(ours)).toEqual(
    Object.fromEntries(ours.map(([key]) => [key, known[key] ?? `not a key of falcosidekick's: ${key}`])),
  );
});

test('the outputs of the recording come out as they were written there', () => {
  const recorded = load(recordings.find(({ run }) => run === 'full')?.config ?? '') as Record<string, Tree>;
  const { loki, alertmanager, customfields } = sidekickConfig(
    fillDefaults({
      cluster: 'demo',
      sidekick: {
        loki: {
          url: 'http://127.0.0.1:19002',
          tenant: 't1',
          extraLabels: ['proc.name', 'fd.sip', 'container.id'],
        },
        alertmanager: { url: 'http://127.0.0.1:19004' },
      },
    }),
  );
  expect(loki).toMatchObject(recorded['loki'] ?? {});
  expect(alertmanager).toMatchObject(recorded['alertmanager'] ?? {});
  expect(customfields).toEqual(recorded['customfields']);
});

test('no output is on but those that are set', () => {
  const written = (props?: Omit<FalcoEgressProps, 'cluster'>) =>
    Object.keys(load(configText(config(props))) as Tree);
  expect(written()).toEqual(['customfields', 'listenport', 'webhook', 'webui']);
  expect(written({ responder: { enabled: false }, sidekickUi: { enabled: false } })).toEqual([
    'customfields',
    'listenport',
  ]);
});

test('no credential is in it', () => {
  const text = configText(
    config({
      sidekick: {
        loki: { url: 'https://logs.example.org', credentials: { secret: 'grafana-cloud' } },
        slack: { webhookUrl: { secret: 'slack' } },
        secretEnv: { TEAMS_WEBHOOKURL: { secret: 'teams', key: 'url' } },
      },
    }),
  );
  expect(text).not.toMatch(
    /user(?!\.name)|apikey|webhookurl|customheaders|token|Bearer|grafana-cloud|teams/i,
  );
});

test('the field cluster stands in every alert, whatever else is set', () => {
  expect(config()['customfields']).toEqual({ cluster: 'prod-eu-1' });
  const overridden = config({
    sidekick: {
      customFields: { team: 'net', cluster: '' },
      outputs: { customfields: { cluster: '', site: 'x' } },
    },
  });
  expect(overridden['customfields']).toEqual({ cluster: 'prod-eu-1', team: 'net', site: 'x' });
});

test('outputs of the user are added, and merged into ours key by key', () => {
  const merged = config({
    sidekick: {
      loki: { url: 'https://logs.example.org' },
      outputs: { teams: { minimumpriority: 'error' }, loki: { format: 'text' } },
    },
  });
  expect(merged['teams']).toEqual({ minimumpriority: 'error' });
  expect(merged['loki']).toMatchObject({ format: 'text', hostport: 'https://logs.example.org' });
});

test('outputs cannot move the port or switch off mutual TLS', () => {
  const outputs = { listenport: 80, tlsserver: { deploy: false, mutualtls: false } } as unknown as Readonly<
    Record<string, Tree>
  >;
  const kept = config({ sidekick: { outputs }, tls: { issuer: 'existingSecrets' } });
  expect(kept['listenport']).toBe(2801);
  expect(kept['tlsserver']).toMatchObject({ deploy: true, mutualtls: true });
});

describe('the webhook', () => {
  test('leads to the responder with more than one request at a time', () => {
    expect(config()['webhook']).toEqual({
      address: 'http://falco-egress-responder.falco-egress.svc:8080/alerts',
      checkcert: true,
      maxconcurrentrequests: 16,
      minimumpriority: '',
    });
    expect(
      config({ sidekick: { webhook: { maxConcurrentRequests: 4, minimumPriority: 'notice' } } })['webhook'],
    ).toMatchObject({ maxconcurrentrequests: 4, minimumpriority: 'notice' });
  });

  test.each(['certManager', 'existingSecrets'] as const)('shows a certificate with %s', (issuer) => {
    const tls = config({ tls: { issuer } });
    expect(tls['webhook']).toMatchObject({
      address: 'https://falco-egress-responder.falco-egress.svc:8080/alerts',
      mutualtls: true,
      checkcert: true,
    });
    expect(tls['mutualtlsclient']).toEqual({
      certfile: '/etc/falco-egress/tls/tls.crt',
      keyfile: '/etc/falco-egress/tls/tls.key',
      cacertfile: '/etc/falco-egress/tls/ca.crt',
    });
    // Trusted for the responder alone, not for Loki or Slack.
    expect(tls).not.toHaveProperty('tlsclient');
  });
});

test('with the record on, outputs for people get all but the record, and storage gets all', () => {
  const recorded = (sidekick: FalcoEgressProps['sidekick'] = {}) => {
    const { loki, slack, alertmanager, webhook } = config({
      egress: { record: { enabled: true } },
      sidekick: { ...everyOutput.sidekick, alertmanager: { url: 'http://alertmanager:9093' }, ...sidekick },
    }) as Readonly<Record<string, Tree>>;
    return [loki, slack, alertmanager, webhook].map((output) => output?.['minimumpriority']);
  };
  expect(recorded()).toEqual(['', 'warning', 'notice', 'notice']);
  expect(recorded({ webhook: { minimumPriority: 'informational' } })[3]).toBe('informational');
});
