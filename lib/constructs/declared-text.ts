import { DECLARED, declaredConditions, declaredMacro, type Declared } from '../rules/library/declared';
import { undecided } from '../settings/token';
import { configText } from './config-text';

export { ASKED, CONNECTED, SENT } from '../rules/library/destination';
export { DECLARED, declaredMacro };

/**
 * The rules for declared destinations, in a form that a template can print too: in a chart only the values say what is
 * declared, and the helper `falco-egress.declaredText` makes the same of them.
 */
export function declaredText(declared: Declared): string {
  return (
    undecided()?.printed('declared', declared) ??
    configText(
      declaredConditions(declared).flatMap(([name, condition]) => [
        { macro: name, condition },
        { macro: DECLARED, condition: `or ${name}`, override: { condition: 'append' } },
      ]),
    )
  );
}
