import { checkTogether } from '../settings/check';
import type { SettingsFinding } from '../settings/finding';
import type { Settings } from '../settings/settings';
import { conditional, repeated } from './conditional';
import { textCode, type Print } from './expression';
import { operand } from './node';
import { TOP, written, type Place } from './page';
import { Splice } from './tokens';

const HEAD = `{{- /* What lib/settings/checks finds wrong with values that values.schema.json lets pass. Prints nothing. */}}
{{- $found := list }}
`;

const END = `{{- with $found }}
{{- fail (join "\\n" . | printf "\\n%s") }}
{{- end }}
`;

/** The checks of settings against each other, on settings that nobody has set: a template that fails with all findings. */
export function checksTemplate(settings: Settings, print: Print): string {
  return `${HEAD}${lines(checkTogether(settings), print, TOP)}${END}`;
}

/** Lines that add to the list `$found`. */
function lines(findings: unknown, print: Print, place: Place): string {
  if (findings === undefined) return '';
  const node = print.generation.tokens.nodeOf(findings instanceof Splice ? findings.of : findings);
  if (node?.is === 'choice')
    return conditional(node.condition, place, (side, at) => lines(node[side], print, at));
  if (node?.is === 'each') return repeated(node.loop, place, (at) => lines(node.body, print, at));
  if (Array.isArray(findings)) return findings.map((one) => lines(one, print, place)).join('');
  const { path, message } = findings as SettingsFinding;
  const text = written(operand(textCode(`${path.join('.')}: ${message}`, print)), place);
  return `{{- $found = append $found ${text} }}\n`;
}
