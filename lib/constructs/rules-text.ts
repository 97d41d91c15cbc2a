import type { RulesObject } from '../rules';
import { printRules } from '../rules/print';
import { each } from '../settings/decide';
import type { RuleItem } from '../settings/settings';
import { configText } from './config-text';

/** The text of a rules file with these items: objects of the rules library, or Falco's own keys as they are. */
export function rulesText(items: readonly RuleItem[]): string {
  return each(items, itemText).join('\n');
}

/** Objects of the library have a `kind`, which no item of a rules file has. */
function itemText(item: RuleItem): string {
  return 'kind' in item ? printRules([item as unknown as RulesObject]) : configText([item]);
}
