import { checkBaseSyscalls } from '../../lib/settings/checks/base-syscalls';
import { checkDeclared, checkDeclaredNetworks } from '../../lib/settings/checks/declared';
import { checkRecord } from '../../lib/settings/checks/record';
import { flat } from '../../lib/settings/finding';
import { hasCanary } from '../../lib/settings/has-canary';
import { fillDefaults, type FalcoEgressProps } from '../../lib/settings/settings';

type Props = Partial<FalcoEgressProps>;

const RECORD: Props = { egress: { record: { enabled: true } }, sidekickUi: { enabled: false } };

function findings(props: Props): string[] {
  const settings = fillDefaults({ cluster: 'test', ...props });
  return flat(checkRecord(settings)).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const STATE = 'notice leaves the record out, informational takes it';

test.each<[string, Props]>([
  ['the record', RECORD],
  ['no record', { falco: { priority: 'error' }, sidekick: { outputs: { teams: {} } } }],
  ['no rules of ours', { egress: { enabled: false, record: { enabled: true } } }],
  ['no falcosidekick', { egress: RECORD.egress ?? {}, sidekick: { enabled: false, outputs: { teams: {} } } }],
  ['a priority that lets it pass', { ...RECORD, falco: { priority: 'informational' } }],
  ['one in Falco’s own words', { ...RECORD, falco: { priority: 'error', config: { priority: 'info' } } }],
  ['somebody else’s Falco', { ...RECORD, falco: { install: false, priority: 'error' } }],
  ['Loki', { ...RECORD, sidekick: { outputs: { loki: { format: 'json' } } } }],
  ['an output that says', { ...RECORD, sidekick: { outputs: { teams: { minimumpriority: 'notice' } } } }],
  [
    'a service that says',
    {
      ...RECORD,
      sidekick: { outputs: { aws: { region: 'x', sqs: { minimumpriority: 'informational' } } } },
    },
  ],
  [
    'a variable of an output that says',
    {
      ...RECORD,
      sidekick: {
        outputs: { teams: { minimumpriority: 'notice' } },
        secretEnv: { TEAMS_WEBHOOKURL: { secret: 'a', key: 'b' } },
      },
    },
  ],
  [
    'a variable that says',
    {
      ...RECORD,
      sidekick: { env: { KAFKA_HOSTPORT: 'kafka:9092', KAFKA_MINIMUMPRIORITY: 'informational' } },
    },
  ],
  ['what is no output', { ...RECORD, sidekick: { outputs: { templatedfields: { a: 'b' } } } }],
  ['other variables', { ...RECORD, sidekick: { env: { TZ: 'UTC', HTTPS_PROXY: 'http://proxy:3128' } } }],
  [
    'our own outputs',
    {
      ...RECORD,
      sidekick: {
        slack: { webhookUrl: { secret: 'slack' } },
        outputs: { slack: { footer: 'x' }, webhook: { method: 'PUT' } },
      },
    },
  ],
])('%s: nothing to say', (_, props) => {
  expect(findings(props)).toEqual([]);
});

test.each<[Props, string]>([
  [
    { egress: { record: { enabled: true } } },
    `egress.record.enabled: falcosidekick sends its UI every alert, the record too, which would push all others out of the UI's store; set sidekickUi.enabled to false`,
  ],
  ...(
    [
      [{ priority: 'notice' }, 'falco.priority'],
      [{ config: { priority: 'error' } }, 'falco.config.priority'],
    ] as const
  ).map(([falco, path]): [Props, string] => [
    { ...RECORD, falco },
    `${path}: Falco would not emit the record, whose priority is informational; set it to informational or debug, or egress.record.enabled to false`,
  ]),
  [
    { ...RECORD, falco: { config: { rule_matching: 'first' } } },
    'falco.config.rule_matching: an event that raised an alert would be missing from the record; remove it, or set egress.record.enabled to false',
  ],
  ...(
    [
      [{ teams: { outputformat: 'all' } }, 'teams'],
      [{ slack: { footer: 'x' } }, 'slack'],
      [{ aws: { sqs: { url: 'https://x' } } }, 'aws.sqs'],
    ] as const
  ).map(([outputs, path]): [Props, string] => [
    { ...RECORD, sidekick: { outputs } },
    `sidekick.outputs.${path}: would get every record; state its minimumpriority: ${STATE}`,
  ]),
  [
    { ...RECORD, sidekick: { secretEnv: { TEAMS_WEBHOOKURL: { secret: 'a', key: 'b' } } } },
    `sidekick.secretEnv.TEAMS_WEBHOOKURL: switches an output on that would get every record; state its least severity in sidekick.outputs.teams.minimumpriority: ${STATE}`,
  ],
  [
    { ...RECORD, sidekick: { env: { KAFKA_HOSTPORT: 'kafka:9092' } } },
    `sidekick.env.KAFKA_HOSTPORT: switches an output on that would get every record; state its least severity in sidekick.outputs.kafka.minimumpriority: ${STATE}`,
  ],
])('%j', (props, finding) => {
  expect(findings(props)).toEqual([finding]);
});

test('declared destinations are names, networks and ports', () => {
  const declared = {
    ok: { networks: ['10.0.0.0/8'], ports: [1, 65535] },
    'a b': { ports: [80] },
    nothing: {},
    wrong: { networks: ['10.0.0.0', '::/0', '::ffff:10.0.0.0/104', '0.0.0.0/0'], ports: [0, 1.5] },
  };
  const settings = fillDefaults({ cluster: 'test', egress: { declared } });
  expect(checkDeclared(settings).map(({ path }) => path.slice(2).join('.'))).toEqual([
    'a b',
    'nothing',
    'wrong.networks.0',
    'wrong.ports.0',
    'wrong.ports.1',
  ]);
  const refused = flat(checkDeclaredNetworks(settings));
  expect(refused.map(({ path, message }) => `${path.slice(2).join('.')}: ${message}`)).toEqual([
    expect.stringMatching(/^wrong\.networks\.1: '::\/0' is all of IPv6, which Falco refuses/),
    expect.stringMatching(/^wrong\.networks\.2: '::ffff:10\.0\.0\.0\/104' has an IPv4 address within/),
  ]);
});

test('egressOnly is refused where it does nothing', () => {
  const said = (falco: FalcoEgressProps['falco']) =>
    flat(checkBaseSyscalls(fillDefaults({ cluster: 'test', falco }))).map(({ message }) => message);
  const baseSyscalls = { egressOnly: true };
  expect(said({ stockRules: false, baseSyscalls })).toEqual([]);
  expect(said({ baseSyscalls })).toEqual([expect.stringContaining('set falco.stockRules to false')]);
  expect(said({ install: false, baseSyscalls })).toEqual([expect.stringContaining('somebody else')]);
});

describe('the canary', () => {
  const canary = { collector: { enabled: true }, loki: { enabled: true } };
  const collector = { enabled: true };
  const url = 'http://loki:3100';

  test('is for storage alone, like the record, but for the UI', () => {
    expect(findings(canary)).toEqual([]);
    expect(findings({ ...canary, sidekick: { outputs: { teams: { minimumpriority: 'notice' } } } })).toEqual(
      [],
    );
    expect(findings({ ...canary, sidekick: { outputs: { teams: {} } } })).toEqual([
      'sidekick.outputs.teams: would get an alert a minute of each node; state its minimumpriority: notice leaves the canary out, informational takes it',
    ]);
    expect(findings({ ...canary, falco: { priority: 'notice' } })).toEqual([
      'falco.priority: Falco would not emit the canary, whose priority is informational; set it to informational or debug, or collector.canary.enabled to false',
    ]);
  });

  test('says nothing twice where there is a record too', () => {
    expect(findings({ ...RECORD, ...canary, falco: { priority: 'notice' } })).toHaveLength(1);
  });

  test.each<[string, boolean, Props]>([
    ["the stack's own Loki", true, canary],
    ["the collector's", true, { collector: { ...collector, loki: { url } } }],
    ["falcosidekick's", true, { collector, sidekick: { loki: { url } } }],
    ['no Loki', false, { collector }],
    ['no collector', false, { loki: { enabled: true } }],
    ['switched off', false, { ...canary, collector: { ...collector, canary: { enabled: false } } }],
  ])('is there with the collector and a Loki: %s', (_, there, props) => {
    expect(hasCanary(fillDefaults({ cluster: 'test', ...props }))).toBe(there);
    expect(findings({ ...props, falco: { priority: 'notice' } })).toHaveLength(there ? 1 : 0);
  });
});
