import { components } from '../components';
import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';
import { holdsSecret, isSecretVariable } from './secret';
import { isDnsSubdomain } from './syntax';

/** A way out: the setting to use instead; empty where nothing is to be set. */
type Taken = Readonly<Record<string, string>>;

/** Variables of falcosidekick that other settings set, and the settings; `*` stands for any ending. */
const SIDEKICK: Taken = {
  LOKI_USER: 'sidekick.loki.credentials',
  LOKI_APIKEY: 'sidekick.loki.credentials',
  SLACK_WEBHOOKURL: 'sidekick.slack.webhookUrl',
  CUSTOMFIELDS: 'sidekick.customFields',
  LISTENADDRESS: '',
  LISTENPORT: '',
  'TLSSERVER_*': 'tls',
  'MUTUALTLSCLIENT_*': 'tls',
  MUTUALTLSFILESPATH: 'tls',
};

/** The same, where falcosidekick's one webhook leads to the responder. */
const TO_RESPONDER: Taken = {
  RESPONDER_TOKEN: 'secrets.responderToken',
  WEBHOOK_CUSTOMHEADERS: 'secrets.responderToken',
  'WEBHOOK_*': 'sidekick.webhook',
};

const TAKEN: Readonly<Record<string, Taken>> = {
  falco: { HOST_ROOT: '', FALCO_HOSTNAME: '', FALCO_K8S_NODE_NAME: '' },
  sidekick: SIDEKICK,
  sidekickUi: {
    FALCOSIDEKICK_UI_USER: 'secrets.sidekickUi',
    FALCOSIDEKICK_UI_REDIS_PASSWORD: 'secrets.sidekickUiStore',
    FALCOSIDEKICK_UI_TTL: 'sidekickUi.ttl',
  },
  'sidekickUi.store': {
    REDISCLI_AUTH: 'secrets.sidekickUiStore',
    REDIS_ARGS: 'sidekickUi.store.maxMemory',
  },
  collector: { COLLECTOR_CONFIG: '', K8S_NODE_NAME: '', GOMEMLIMIT: 'collector.resources.limits.memory' },
  responder: { PROGRAM_SHA256: '' },
  'secrets.job': { PROGRAM_SHA256: '' },
};

const UI_FIXED = new Set([
  'FALCOSIDEKICK_UI_REDIS_URL',
  'FALCOSIDEKICK_UI_LOGLEVEL',
  'FALCOSIDEKICK_UI_DISABLEAUTH',
]);

/** Environment variables: those of the stack itself, names that no Pod can have, and secrets. */
export function checkVariables(settings: Settings): SettingsFinding[] {
  const { env, secretEnv } = settings.sidekick;
  return [
    ...components(settings).flatMap(({ path, pod }) =>
      Object.entries(pod.env).flatMap(([name, value]) => checkVariable(settings, path, name, value)),
    ),
    ...Object.entries(secretEnv).flatMap(([name, { secret, key }]) =>
      checkReference(settings, name, secret, key),
    ),
    ...Object.keys(secretEnv)
      .filter((name) => Object.hasOwn(env, name))
      .map((name) => ({
        path: ['sidekick', 'env', name],
        message: `stands in sidekick.secretEnv too; remove it from one of them`,
      })),
  ];
}

function checkVariable(
  settings: Settings,
  component: readonly string[],
  name: string,
  value: string,
): SettingsFinding[] {
  const path = [...component, 'env', name];
  const message = refusal(settings, component.join('.'), name) ?? secretIn(component, name, value);
  return message === undefined ? [] : [{ path, message }];
}

function checkReference(settings: Settings, name: string, secret: string, key: string): SettingsFinding[] {
  const path = ['sidekick', 'secretEnv', name];
  const message = refusal(settings, 'sidekick', name);
  if (message !== undefined) return [{ path, message }];
  if (!isDnsSubdomain(secret))
    return [{ path: [...path, 'secret'], message: `is not the name of a Secret; write one such as 'teams'` }];
  return /^[-._a-zA-Z0-9]{1,253}$/.test(key)
    ? []
    : [{ path: [...path, 'key'], message: `is not a key of a Secret; write one such as 'url'` }];
}

/** Why a component can't have a variable of this name. */
function refusal(settings: Settings, component: string, name: string): string | undefined {
  if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name))
    return `is not a name of a variable: letters, digits, '-', '_' and '.', not beginning with a digit; rename it`;
  if (component === 'sidekickUi' && UI_FIXED.has(name))
    return `the UI always has its login and the stack's own store; remove it`;
  const leads = component === 'sidekick' && settings.responder.enabled;
  const taken: Taken = { ...(leads ? TO_RESPONDER : {}), ...TAKEN[component] };
  const found = [name, `${name.split('_', 1)[0] ?? ''}_*`].find((key) => Object.hasOwn(taken, key));
  if (found === undefined) return undefined;
  const instead = taken[found] ?? '';
  return `the stack sets this variable itself; ${instead === '' ? 'remove it' : `use ${instead}`}`;
}

/** The value is not repeated here: it may be a secret. */
function secretIn(component: readonly string[], name: string, value: string): string | undefined {
  if (value === '' || !(isSecretVariable(name) || holdsSecret(value))) return undefined;
  return component.join('.') === 'sidekick'
    ? `would put a secret into the manifest of a Pod; put it into a Secret and name that in sidekick.secretEnv.${name}`
    : `would put a secret into the manifest of a Pod; remove it (a container in ${component.join('.')}.sidecars can read a Secret)`;
}
