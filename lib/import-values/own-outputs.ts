import { OUTPUTS_SECRET, type SettingPath } from './draft';
import { gone, isScalar, isEmpty, text, unmapped, unneeded, valueAt, type Mapping } from './mapping';

const LOKI = ['sidekick', 'loki'] as const;
const CREDENTIALS = [...LOKI, 'credentials', 'secret'] as const;
const USER = { secret: OUTPUTS_SECRET, key: 'LOKI_USER' };
const API_KEY = { secret: OUTPUTS_SECRET, key: 'LOKI_APIKEY' };

/** A least severity; Falco's short word is spelled out. */
export function priority(setting: SettingPath): Mapping {
  return {
    apply: (item, draft) => {
      const word = String(item.value).toLowerCase();
      draft.take(item, setting, word === 'info' ? 'informational' : word);
    },
  };
}

/** `https://USER:APIKEY@host`, the form of 2021, or the URL alone. */
const lokiUrl: Mapping = {
  apply: (item, draft, root) => {
    const [, scheme = '', login, rest = ''] =
      /^(https?:\/\/)?(?:([^/]*)@)?(.*)$/is.exec(String(item.value)) ?? [];
    const url = `${scheme}${rest}`;
    if (login === undefined) {
      draft.take(item, [...LOKI, 'url'], url);
      return;
    }
    const [user = '', ...key] = login.split(':');
    if (user === '' || key.join(':') === '')
      draft.unmapped(item, 'expected USER:APIKEY before the @; falcosidekick sends both or none');
    else if (!isEmpty(valueAt(root, 'falcosidekick.config.loki.apikey')))
      draft.unmapped(item, 'it holds a user and a key, and loki.apikey is set too; keep one of them');
    else
      draft.takeSecret(
        item,
        [
          [[...LOKI, 'url'], url],
          [CREDENTIALS, OUTPUTS_SECRET],
        ],
        [
          { ...USER, part: 'before the colon' },
          { ...API_KEY, part: 'from the colon to the @' },
        ],
        'user and key are not written: see the command below',
      );
  },
};

/** falcosidekick shows Loki both or none. */
function lokiLogin(key: typeof USER, other: string): Mapping {
  return {
    apply: (item, draft, root) => {
      if (isEmpty(valueAt(root, `falcosidekick.config.loki.${other}`)))
        draft.unmapped(item, `falcosidekick sends user and apikey or none of them; loki.${other} is empty`);
      else draft.takeSecret(item, [[CREDENTIALS, OUTPUTS_SECRET]], [key]);
    },
  };
}

const list: Mapping = {
  apply: (item, draft) => {
    const fields = String(item.value)
      .split(/\\?,/)
      .map((field) => field.trim())
      .filter((field) => field !== '');
    draft.take(item, [...LOKI, 'extraLabels'], fields);
  },
};

const slackUrl: Mapping = {
  apply: (item, draft, root) => {
    const key = 'SLACK_WEBHOOKURL';
    const said = valueAt(root, 'falcosidekick.config.slack.minimumpriority');
    draft.takeSecret(
      item,
      [
        [['sidekick', 'slack', 'webhookUrl'], { secret: OUTPUTS_SECRET, key }],
        // Here Slack gets warnings and worse by default; with the chart it got all.
        ...(isEmpty(said) ? ([[['sidekick', 'slack', 'minimumPriority'], '']] as const) : []),
      ],
      [{ secret: OUTPUTS_SECRET, key }],
    );
  },
};

/** falcosidekick has one webhook, which leads to the responder unless that is off. */
const webhook: Mapping = {
  apply: (item, draft) => {
    if (isScalar(item.value))
      draft.takeAll(
        item,
        [
          [['sidekick', 'outputs', 'webhook', 'address'], item.value],
          [['responder', 'enabled'], false],
        ],
        'falcosidekick has one webhook: it leads here, so the responder is off',
      );
    else draft.unmapped(item, 'expected text');
  },
};

const alertmanager: Mapping = {
  apply: (item, draft) => {
    const value = String(item.value);
    if (value.includes(',')) draft.unmapped(item, 'several addresses: sidekick.alertmanager.url is one');
    else draft.take(item, ['sidekick', 'alertmanager', 'url'], value);
  },
};

const KUBELESS = 'Kubeless is archived; the responder answers alerts here: responses (docs/responder.md)';

/** Outputs for which the stack has settings of its own, by key; other keys are passed on. */
export const OWN_OUTPUTS: Readonly<Record<string, Readonly<Record<string, Mapping>>>> = {
  loki: {
    hostport: lokiUrl,
    user: lokiLogin(USER, 'apikey'),
    apikey: lokiLogin(API_KEY, 'user'),
    endpoint: text('sidekick.loki.endpoint'),
    tenant: text('sidekick.loki.tenant'),
    minimumpriority: priority([...LOKI, 'minimumPriority']),
    extralabels: list,
    format: unneeded('alerts go to Loki as JSON here, so that queries can ask for an address or a Pod'),
    checkcert: {
      apply: (item, draft) => {
        if (item.value === true) draft.unneeded(item, `the chart's default`);
        else draft.take(item, ['sidekick', 'outputs', 'loki', 'checkcert'], item.value);
      },
    },
    grafanadashboard: unneeded('this version makes no dashboards'),
  },
  slack: {
    webhookurl: slackUrl,
    channel: text('sidekick.slack.channel'),
    minimumpriority: priority(['sidekick', 'slack', 'minimumPriority']),
  },
  alertmanager: {
    hostport: alertmanager,
    endpoint: gone('Alertmanager 0.27 removed its API v1; v2 is always used'),
    minimumpriority: priority(['sidekick', 'alertmanager', 'minimumPriority']),
  },
  webhook: { address: webhook },
  kubeless: {
    function: unmapped(KUBELESS),
    namespace: gone(KUBELESS),
    port: gone(KUBELESS),
    kubeconfig: gone(KUBELESS),
    checkcert: gone(KUBELESS),
    mutualtls: gone(KUBELESS),
    minimumpriority: gone(KUBELESS),
  },
};
