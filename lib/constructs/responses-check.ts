import { checkCooldowns } from '../responder/responses/check-cooldowns';
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

/** What of responses is hardly meant, though they do what they say. */
export function warningsOfResponses({ responses }: Settings): readonly SettingsFinding[] {
  return checkCooldowns(responses);
}

/** Tells them to a person, each once in a process, as a warning of Node's with the code `FALCO_EGRESS_RESPONSES`. */
export function warnOfResponses(settings: Settings): void {
  for (const { path, message } of warningsOfResponses(settings)) {
    const text = `${path.join('.')}: ${message}`;
    if (told.has(text)) continue;
    told.add(text);
    process.emitWarning(text, { type: 'SettingsWarning', code: 'FALCO_EGRESS_RESPONSES' });
  }
}

const told = new Set<string>();
