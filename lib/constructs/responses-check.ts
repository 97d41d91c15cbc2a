import { checkResponses } from '../responder/responses/check-responses';
import type { LoadedRules } from '../rules';
import type { SettingsFinding } from '../settings/finding';
import type { Settings } from '../settings/settings';
import { APPEND_OUTPUT } from './falco-config';
import { stockNamesOf } from './rules-check';

/**
 * What responses and rules do not agree on: a response that names a rule which isn't loaded, or one whose alerts don't tell
 * which Pod they are of. A check, as that of the rules is: it runs at synth time only.
 */
export function findingsOfResponses(
  settings: Settings,
  { ruleset }: LoadedRules,
): readonly SettingsFinding[] {
  const { install, config } = settings.falco;
  return checkResponses(settings.responses, {
    ruleset,
    stockRules: stockNamesOf(settings).rules,
    // Of a Falco that somebody else installs we hope for what its own configuration says.
    appendOutput: (install ? config.append_output : undefined) ?? APPEND_OUTPUT,
    others: !install,
  });
}
