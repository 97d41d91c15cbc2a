import { eachEntry, matches, when } from '../decide';
import type { Findings } from '../finding';
import type { Settings } from '../settings';
import { checkSidekickOutputs } from './sidekick-outputs';

/** falcosidekick: fields and outputs that would undo what the stack relies on. */
export function checkSidekick(settings: Settings): Findings {
  return [checkFields(settings), checkSidekickOutputs(settings)];
}

/** The field `cluster` lets Falco's own failures pass, so it must always have a value. */
function checkFields({ cluster, sidekick }: Settings): Findings {
  // An environment file may lack it; another check says so.
  const value = (cluster as string | undefined) ?? '';
  return [
    eachEntry(sidekick.customFields, (name) =>
      when(matches(name, /^cluster$/i), () => ({
        path: ['sidekick', 'customFields', name],
        message: `every alert has the field cluster already, with the value of the setting cluster; choose another name`,
      })),
    ),
    when(matches(value, /^%/), () => ({
      path: ['cluster'],
      message: `'${value}' begins with '%', which falcosidekick takes for the name of an environment variable; write the cluster's name`,
    })),
  ];
}
