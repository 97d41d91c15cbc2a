import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';
import { checkSidekickOutputs } from './sidekick-outputs';

/** Variables of falcosidekick that other settings set, and the settings. */
const SIDEKICK_VARIABLES = {
  LOKI_USER: 'sidekick.loki.credentials',
  LOKI_APIKEY: 'sidekick.loki.credentials',
  SLACK_WEBHOOKURL: 'sidekick.slack.webhookUrl',
  CUSTOMFIELDS: 'sidekick.customFields',
};

/** The same, where falcosidekick's one webhook leads to the responder. */
const RESPONDER_VARIABLES = {
  RESPONDER_TOKEN: 'secrets.responderToken',
  WEBHOOK_CUSTOMHEADERS: 'secrets.responderToken',
};

const UI_VARIABLES = {
  FALCOSIDEKICK_UI_USER: 'secrets.sidekickUi',
  FALCOSIDEKICK_UI_REDIS_PASSWORD: 'secrets.sidekickUiStore',
  FALCOSIDEKICK_UI_TTL: 'sidekickUi.ttl',
};

const UI_FIXED = new Set([
  'FALCOSIDEKICK_UI_REDIS_URL',
  'FALCOSIDEKICK_UI_LOGLEVEL',
  'FALCOSIDEKICK_UI_DISABLEAUTH',
]);

const STORE_VARIABLES = {
  REDISCLI_AUTH: 'secrets.sidekickUiStore',
  REDIS_ARGS: 'sidekickUi.store.maxMemory',
};

/** falcosidekick, its UI and the UI's store: fields, outputs and variables that would undo what the stack relies on. */
export function checkSidekick(settings: Settings): SettingsFinding[] {
  const { sidekick, sidekickUi, responder } = settings;
  const taken = { ...SIDEKICK_VARIABLES, ...(responder.enabled ? RESPONDER_VARIABLES : {}) };
  return [
    ...checkFields(settings),
    ...checkSidekickOutputs(settings),
    ...checkVariables(['sidekick', 'env'], sidekick.env, taken),
    ...checkVariables(['sidekick', 'secretEnv'], sidekick.secretEnv, taken),
    ...Object.keys(sidekick.secretEnv)
      .filter((name) => name in sidekick.env)
      .map((name) => ({
        path: ['sidekick', 'env', name],
        message: `stands in sidekick.secretEnv too; remove it from one of them`,
      })),
    ...checkVariables(['sidekickUi', 'env'], sidekickUi.env, UI_VARIABLES),
    ...Object.keys(sidekickUi.env)
      .filter((name) => UI_FIXED.has(name))
      .map((name) => ({
        path: ['sidekickUi', 'env', name],
        message: `the UI always has its login and the stack's own store; remove it`,
      })),
    ...checkVariables(['sidekickUi', 'store', 'env'], sidekickUi.store.env, STORE_VARIABLES),
  ];
}

/** The field `cluster` lets Falco's own failures pass, so it must always have a value. */
function checkFields({ cluster, sidekick }: Settings): SettingsFinding[] {
  const findings: SettingsFinding[] = Object.keys(sidekick.customFields)
    .filter((name) => name.toLowerCase() === 'cluster')
    .map((name) => ({
      path: ['sidekick', 'customFields', name],
      message: `every alert has the field cluster already, with the value of the setting cluster; choose another name`,
    }));
  // An environment file may lack it; another check says so.
  if ((cluster as string | undefined)?.startsWith('%'))
    findings.push({
      path: ['cluster'],
      message: `'${cluster}' begins with '%', which falcosidekick takes for the name of an environment variable; write the cluster's name`,
    });
  return findings;
}

function checkVariables(
  path: readonly string[],
  variables: Readonly<Record<string, unknown>>,
  taken: Readonly<Record<string, string>>,
): SettingsFinding[] {
  return Object.keys(variables).flatMap((name) => {
    const setting = taken[name];
    return setting === undefined
      ? []
      : [{ path: [...path, name], message: `the stack sets this variable itself; use ${setting}` }];
  });
}
