import { components } from '../components';
import { all, eachEntry, either, given, hasKey, matches, some, when } from '../decide';
import type { Findings } from '../finding';
import type { Settings } from '../settings';
import { holdsSecret, isSecretVariable } from './secret';

/** Names that the stack sets itself, or that would undo what it sets. */
interface Taken {
  readonly names: RegExp;
  /** The setting to use instead; empty where nothing is to be set. */
  readonly instead: string;
  /** @default always */
  readonly where?: boolean;
}

/**
 * Variables of falcosidekick: an output's key in capitals, `_` for each dot. They win over its file, in which the stack says
 * where its own outputs lead.
 */
function ofSidekick({ responder, sidekick, sidekickUi }: Settings): Taken[] {
  const { loki, slack, alertmanager } = sidekick;
  return [
    {
      names: /^(RESPONDER_TOKEN|WEBHOOK_CUSTOMHEADERS)$/,
      instead: 'secrets.responderToken',
      where: responder.enabled,
    },
    { names: /^WEBHOOK_/, instead: 'sidekick.webhook', where: responder.enabled },
    { names: /^WEBUI_/, instead: 'sidekickUi', where: sidekickUi.enabled },
    { names: /^LOKI_(USER|APIKEY)$/, instead: 'sidekick.loki.credentials' },
    {
      names: /^LOKI_(HOSTPORT|CHECKCERT|ENDPOINT|TENANT|FORMAT|MINIMUMPRIORITY|EXTRALABELS)$/,
      instead: 'sidekick.loki',
      where: given(loki.url),
    },
    { names: /^SLACK_WEBHOOKURL$/, instead: 'sidekick.slack.webhookUrl' },
    {
      names: /^SLACK_(CHANNEL|MINIMUMPRIORITY)$/,
      instead: 'sidekick.slack',
      where: given(slack.webhookUrl.secret),
    },
    {
      names: /^ALERTMANAGER_(HOSTPORT|CHECKCERT|ENDPOINT|MINIMUMPRIORITY)$/,
      instead: 'sidekick.alertmanager',
      where: given(alertmanager.url),
    },
    { names: /^CUSTOMFIELDS$/, instead: 'sidekick.customFields' },
    { names: /^LISTEN(ADDRESS|PORT)$/, instead: '' },
    { names: /^((TLSSERVER|MUTUALTLSCLIENT)_.*|MUTUALTLSFILESPATH)$/, instead: 'tls' },
  ];
}

const TAKEN: Readonly<Record<string, readonly Taken[]>> = {
  falco: [{ names: /^(HOST_ROOT|FALCO_HOSTNAME|FALCO_K8S_NODE_NAME)$/, instead: '' }],
  sidekickUi: [
    { names: /^FALCOSIDEKICK_UI_USER$/, instead: 'secrets.sidekickUi' },
    { names: /^FALCOSIDEKICK_UI_REDIS_PASSWORD$/, instead: 'secrets.sidekickUiStore' },
    { names: /^FALCOSIDEKICK_UI_TTL$/, instead: 'sidekickUi.ttl' },
  ],
  'sidekickUi.store': [
    { names: /^REDISCLI_AUTH$/, instead: 'secrets.sidekickUiStore' },
    { names: /^REDIS_ARGS$/, instead: 'sidekickUi.store.maxMemory' },
  ],
  collector: [
    { names: /^(COLLECTOR_CONFIG|K8S_NODE_NAME)$/, instead: '' },
    { names: /^LOKI_(USER|APIKEY)$/, instead: 'collector.loki.credentials' },
    { names: /^(GOMEMLIMIT|MEMORY_LIMIT_MIB)$/, instead: 'collector.resources.limits.memory' },
  ],
  loki: [{ names: /^(GOMEMLIMIT|MEMORY_LIMIT_MIB)$/, instead: 'loki.resources.limits.memory' }],
  grafana: [
    { names: /^GF_SECURITY_ADMIN_(PASSWORD|USER)$/, instead: 'secrets.grafana' },
    { names: /^LOKI_(USER|APIKEY)$/, instead: 'grafana.lokiCredentials' },
    { names: /^PROMETHEUS_(USER|PASSWORD|TOKEN)$/, instead: 'grafana.prometheusCredentials' },
    {
      names:
        /^GF_(ANALYTICS_(CHECK_FOR_PLUGIN_UPDATES|CHECK_FOR_UPDATES|REPORTING_ENABLED)|AUTH_ANONYMOUS_ENABLED|LOG_MODE|NEWS_NEWS_FEED_ENABLED|PATHS_PROVISIONING|PLUGINS_(PLUGIN_ADMIN_ENABLED|PREINSTALL_DISABLED)|SECURITY_DISABLE_GRAVATAR|SNAPSHOTS_EXTERNAL_ENABLED|USERS_ALLOW_SIGN_UP)$/,
      instead: '',
    },
  ],
  responder: [{ names: /^PROGRAM_SHA256$/, instead: '' }],
  'secrets.job': [{ names: /^PROGRAM_SHA256$/, instead: '' }],
};

const UI_FIXED = /^FALCOSIDEKICK_UI_(REDIS_URL|LOGLEVEL|DISABLEAUTH)$/;

/** Environment variables: those of the stack itself, and secrets. */
export function checkVariables(settings: Settings): Findings {
  const { env, secretEnv } = settings.sidekick;
  return [
    components(settings).map(({ path, pod }) =>
      eachEntry(pod.env, (name, value) =>
        refusal(settings, path, [...path, 'env', name], name, () => secretIn(path, name, value)),
      ),
    ),
    eachEntry(secretEnv, (name) => [
      refusal(settings, ['sidekick'], ['sidekick', 'secretEnv', name], name, () => undefined),
      when(hasKey(env, name), () => ({
        path: ['sidekick', 'env', name],
        message: `stands in sidekick.secretEnv too; remove it from one of them`,
      })),
    ]),
  ];
}

/** Why a component can't have a variable of this name; else what else there is to say about it. */
function refusal(
  settings: Settings,
  component: readonly string[],
  path: readonly string[],
  name: string,
  otherwise: () => Findings,
): Findings {
  const id = component.join('.');
  const taken = [...(id === 'sidekick' ? ofSidekick(settings) : []), ...(TAKEN[id] ?? [])];
  const chain = taken.reduceRight<() => Findings>(
    (next, { names, instead, where }) =>
      () =>
        either<Findings>(
          where === undefined ? matches(name, names) : all(where, matches(name, names)),
          () => ({
            path,
            message: `the stack sets this variable itself; ${instead === '' ? 'remove it' : `use ${instead}`}`,
          }),
          next,
        ),
    otherwise,
  );
  if (id !== 'sidekickUi') return chain();
  return either<Findings>(
    matches(name, UI_FIXED),
    () => ({ path, message: `the UI always has its login and the stack's own store; remove it` }),
    chain,
  );
}

/** The value is not repeated here: it may be a secret. */
function secretIn(component: readonly string[], name: string, value: string): Findings {
  return when(all(given(value), some(isSecretVariable(name), holdsSecret(value))), () => ({
    path: [...component, 'env', name],
    message:
      component.join('.') === 'sidekick'
        ? `would put a secret into the manifest of a Pod; put it into a Secret and name that in sidekick.secretEnv.${name}`
        : `would put a secret into the manifest of a Pod; remove it (a container in ${component.join('.')}.sidecars can read a Secret)`,
  }));
}
