import { checkSidekick } from '../../lib/settings/checks/sidekick';
import { checkVariableNames } from '../../lib/settings/checks/variable-names';
import { checkVariables } from '../../lib/settings/checks/variables';
import { flat } from '../../lib/settings/finding';
import { fillDefaults, type FalcoEgressProps } from '../../lib/settings/settings';

function findings(props: Partial<FalcoEgressProps>): string[] {
  const settings = fillDefaults({ cluster: 'test', ...props });
  return [...flat([checkSidekick(settings), checkVariables(settings)]), ...checkVariableNames(settings)].map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
}

test.each<[string, Partial<FalcoEgressProps>]>([
  ['the defaults', {}],
  ['other fields', { sidekick: { customFields: { team: 'net' } } }],
  ['an output without secrets', { sidekick: { outputs: { teams: { minimumpriority: 'error' } } } }],
  ['a secret that is empty', { sidekick: { outputs: { teams: { webhookurl: '' } } } }],
  ['a URL without a password', { sidekick: { outputs: { nodered: { address: 'http://host:1880/a@b' } } } }],
  [
    "the webhook's other keys",
    { sidekick: { outputs: { webhook: { method: 'PUT', minimumpriority: 'error' } } } },
  ],
  [
    'a webhook of the user, without the responder',
    {
      responder: { enabled: false },
      sidekick: {
        outputs: { webhook: { address: 'https://hook.example.org' } },
        secretEnv: { WEBHOOK_CUSTOMHEADERS: { secret: 'hook', key: 'headers' } },
      },
    },
  ],
  ['the name of a file with a secret', { falco: { env: { A_TOKEN_FILE: '/run/token' } } }],
  ['any other variable', { sidekick: { env: { TZ: 'UTC' } }, sidekickUi: { env: { TZ: 'UTC' } } }],
])('%s: nothing to say', (_, props) => {
  expect(findings(props)).toEqual([]);
});

test.each<[Partial<FalcoEgressProps>, string]>([
  [
    { sidekick: { customFields: { Cluster: '' } } },
    'sidekick.customFields.Cluster: every alert has the field cluster already, with the value of the setting cluster; choose another name',
  ],
  [
    { cluster: '%CLUSTER' },
    `cluster: '%CLUSTER' begins with '%', which falcosidekick takes for the name of an environment variable; write the cluster's name`,
  ],
  [
    { sidekick: { outputs: { tlsserver: { deploy: false } } } },
    'sidekick.outputs.tlsserver: is not an output, and the stack writes it itself; remove it (fields go into sidekick.customFields, certificates into tls)',
  ],
  [
    { sidekick: { outputs: { webhook: { address: 'https://hook.example.org' } } } },
    'sidekick.outputs.webhook.address: falcosidekick has one webhook, and it leads to the responder; use another output, or set responder.enabled to false',
  ],
  [
    { sidekick: { outputs: { azure: { eventHub: { name: 'x' } } } } },
    `sidekick.outputs.azure.eventHub: falcosidekick reads keys in lower case, so 'eventHub' could stand twice; write it in lower case`,
  ],
  [
    { sidekick: { outputs: { teams: { webhookurl: 'https://example.org/s3cret' } } } },
    'sidekick.outputs.teams.webhookurl: would put a secret into a ConfigMap; put it into a Secret and name that in sidekick.secretEnv.TEAMS_WEBHOOKURL',
  ],
  [
    { sidekick: { outputs: { aws: { secretaccesskey: 's3cret' } } } },
    'sidekick.outputs.aws.secretaccesskey: would put a secret into a ConfigMap; put it into a Secret and name that in sidekick.secretEnv.AWS_SECRETACCESSKEY',
  ],
  [
    { sidekick: { outputs: { loki: { customheaders: { authorization: 'Bearer s3cret' } } } } },
    `sidekick.outputs.loki.customheaders.authorization: would put a secret into a ConfigMap; put it into a Secret and name that in sidekick.secretEnv.LOKI_CUSTOMHEADERS (with the content 'authorization:VALUE')`,
  ],
  [
    { sidekick: { outputs: { rabbitmq: { url: 'amqp://me:s3cret@queue:5672' } } } },
    'sidekick.outputs.rabbitmq.url: would put a secret into a ConfigMap; put it into a Secret and name that in sidekick.secretEnv.RABBITMQ_URL',
  ],
  [
    { sidekick: { env: { LOKI_APIKEY: 's3cret' } } },
    'sidekick.env.LOKI_APIKEY: the stack sets this variable itself; use sidekick.loki.credentials',
  ],
  [
    { sidekick: { secretEnv: { WEBHOOK_CUSTOMHEADERS: { secret: 'hook', key: 'headers' } } } },
    'sidekick.secretEnv.WEBHOOK_CUSTOMHEADERS: the stack sets this variable itself; use secrets.responderToken',
  ],
  [
    {
      sidekick: { env: { TEAMS_WEBHOOKURL: '' }, secretEnv: { TEAMS_WEBHOOKURL: { secret: 't', key: 'u' } } },
    },
    'sidekick.env.TEAMS_WEBHOOKURL: stands in sidekick.secretEnv too; remove it from one of them',
  ],
  [
    { sidekickUi: { env: { FALCOSIDEKICK_UI_USER: 'admin:s3cret' } } },
    'sidekickUi.env.FALCOSIDEKICK_UI_USER: the stack sets this variable itself; use secrets.sidekickUi',
  ],
  [
    { sidekickUi: { env: { FALCOSIDEKICK_UI_DISABLEAUTH: 'true' } } },
    `sidekickUi.env.FALCOSIDEKICK_UI_DISABLEAUTH: the UI always has its login and the stack's own store; remove it`,
  ],
  [
    { sidekickUi: { store: { env: { REDIS_ARGS: '--requirepass s3cret' } } } },
    'sidekickUi.store.env.REDIS_ARGS: the stack sets this variable itself; use sidekickUi.store.maxMemory',
  ],
  ...['TLSSERVER_MUTUALTLS', 'MUTUALTLSCLIENT_CACERTFILE', 'MUTUALTLSFILESPATH'].map(
    (name): [Partial<FalcoEgressProps>, string] => [
      { sidekick: { env: { [name]: 'x' } } },
      `sidekick.env.${name}: the stack sets this variable itself; use tls`,
    ],
  ),
  [
    { sidekick: { env: { LISTENPORT: '80' } } },
    'sidekick.env.LISTENPORT: the stack sets this variable itself; remove it',
  ],
  [
    { sidekick: { secretEnv: { WEBHOOK_ADDRESS: { secret: 'hook', key: 'url' } } } },
    'sidekick.secretEnv.WEBHOOK_ADDRESS: the stack sets this variable itself; use sidekick.webhook',
  ],
  ...['checkcert', 'mutualtls', 'customheaders'].map((key): [Partial<FalcoEgressProps>, string] => [
    { sidekick: { outputs: { webhook: { [key]: false } } } },
    `sidekick.outputs.webhook.${key}: falcosidekick has one webhook, and it leads to the responder; use another output, or set responder.enabled to false`,
  ]),
  [
    { sidekick: { outputs: { alertmanager: { hostport: ['http://am', 'http://me:s3cret@am'] } } } },
    'sidekick.outputs.alertmanager.hostport: would put a secret into a ConfigMap; put it into a Secret and name that in sidekick.secretEnv.ALERTMANAGER_HOSTPORT',
  ],
  [
    { sidekick: { outputs: { otlp: { traces: { headers: 'Authorization=Bearer s3cret' } } } } },
    'sidekick.outputs.otlp.traces.headers: would put a secret into a ConfigMap; put it into a Secret and name that in sidekick.secretEnv.OTLP_TRACES_HEADERS',
  ],
  [
    { sidekick: { outputs: { quickwit: { headerauthvalue: 's3cret' } } } },
    'sidekick.outputs.quickwit.headerauthvalue: would put a secret into a ConfigMap; put it into a Secret and name that in sidekick.secretEnv.QUICKWIT_HEADERAUTHVALUE',
  ],
  ...['DATADOG_APIKEY', 'TEAMS_WEBHOOKURL', 'A_PASSWORD', 'A_TOKEN', 'A_SECRET'].map(
    (name): [Partial<FalcoEgressProps>, string] => [
      { sidekick: { env: { [name]: 's3cret' } } },
      `sidekick.env.${name}: would put a secret into the manifest of a Pod; put it into a Secret and name that in sidekick.secretEnv.${name}`,
    ],
  ),
  [
    { falco: { env: { HTTPS_PROXY: 'http://me:s3cret@proxy:3128' } } },
    'falco.env.HTTPS_PROXY: would put a secret into the manifest of a Pod; remove it (a container in falco.sidecars can read a Secret)',
  ],
  [
    { collector: { env: { COLLECTOR_CONFIG: 'x' } } },
    'collector.env.COLLECTOR_CONFIG: the stack sets this variable itself; remove it',
  ],
  [
    { falco: { env: { HOST_ROOT: '/' } } },
    'falco.env.HOST_ROOT: the stack sets this variable itself; remove it',
  ],
  [
    { secrets: { job: { env: { PROGRAM_SHA256: '' } } } },
    'secrets.job.env.PROGRAM_SHA256: the stack sets this variable itself; remove it',
  ],
  [
    { metacollector: { env: { '1=': 'x' } } },
    `metacollector.env.1=: is not a name of a variable: letters, digits, '-', '_' and '.', not beginning with a digit; rename it`,
  ],
  [
    { sidekick: { secretEnv: { A: { secret: 'A b', key: 'k' } } } },
    `sidekick.secretEnv.A.secret: is not the name of a Secret; write one such as 'teams'`,
  ],
])('%j', (props, finding) => {
  expect(findings(props)).toEqual([finding]);
});

test('no finding repeats a secret', () => {
  const outputs = {
    teams: { webhookurl: 'https://example.org/s3cret' },
    loki: { customheaders: { authorization: 'Bearer s3cret' } },
    rabbitmq: { url: 'amqp://me:s3cret@queue:5672' },
  };
  expect(findings({ sidekick: { outputs } })).toHaveLength(3);
  expect(findings({ sidekick: { outputs } }).join()).not.toContain('s3cret');
});
