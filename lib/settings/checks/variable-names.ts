import { components } from '../components';
import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';
import { isDnsSubdomain, isSecretsKey, isVariable } from './syntax';

/** Environment variables: names that no Pod can have, and references to no Secret. */
export function checkVariableNames(settings: Settings): SettingsFinding[] {
  const named = (path: readonly string[], map: object) =>
    Object.keys(map)
      .filter((name) => !isVariable(name))
      .map((name) => ({
        path: [...path, name],
        message: `is not a name of a variable: letters, digits, '-', '_' and '.', not beginning with a digit; rename it`,
      }));
  const { secretEnv } = settings.sidekick;
  return [
    ...components(settings).flatMap(({ path, pod }) => named([...path, 'env'], pod.env)),
    ...named(['sidekick', 'secretEnv'], secretEnv),
    ...Object.entries(secretEnv).flatMap(([name, { secret, key }]) => checkReference(name, secret, key)),
  ];
}

function checkReference(name: string, secret: string, key: string): SettingsFinding[] {
  const path = ['sidekick', 'secretEnv', name];
  if (!isDnsSubdomain(secret))
    return [{ path: [...path, 'secret'], message: `is not the name of a Secret; write one such as 'teams'` }];
  return isSecretsKey(key)
    ? []
    : [{ path: [...path, 'key'], message: `is not a key of a Secret; write one such as 'url'` }];
}
