import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';
import { checkSidekickOutputs } from './sidekick-outputs';

/** falcosidekick: fields and outputs that would undo what the stack relies on. */
export function checkSidekick(settings: Settings): SettingsFinding[] {
  return [...checkFields(settings), ...checkSidekickOutputs(settings)];
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
