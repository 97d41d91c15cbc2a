import type { ListItem, RulesObject } from '../rules';
import { askedMacros } from '../rules/library/egress-to';
import { printAsIs } from '../rules/print';
import { decided, each, joined, present } from '../settings/decide';
import type { RuleItem } from '../settings/settings';
import { configText } from './config-text';

/**
 * The text of a rules file with these items: objects of the rules library, or Falco's own keys as they are. Macros that
 * `egressTo` counts on are added; the list that it names may be an item of either form.
 */
export function rulesText(items: readonly RuleItem[]): string {
  // Values of a chart are YAML, which has no objects of the library.
  if (!decided(items))
    return joined(
      each(items, (item) => configText([item])),
      '\n',
    );
  const asked = askedMacros(present(each(items, objectOf)));
  return each(items, (item) => {
    const object = objectOf(item);
    if (!isObject(item) || object === undefined) return configText([item]);
    return printAsIs([...(asked.get(object) ?? []), object]);
  }).join('\n');
}

/** Objects of the library have a `kind`, which no item of a rules file has. */
function isObject(item: RuleItem): item is RulesObject {
  return 'kind' in item;
}

/** What of an item tells {@link askedMacros} anything: an object of the library, or a list in Falco's own keys. */
function objectOf(item: RuleItem): RulesObject | undefined {
  if (isObject(item)) return item;
  const { list: name, items, override } = item;
  if (typeof name !== 'string' || !Array.isArray(items)) return undefined;
  const value = (items as unknown[]).filter(isListItem);
  return isAppend(override)
    ? { kind: 'list-override', name, items: { how: 'append', value } }
    : { kind: 'list', name, items: value };
}

function isListItem(value: unknown): value is ListItem {
  return typeof value === 'string' || typeof value === 'number';
}

function isAppend(override: unknown): boolean {
  return (
    typeof override === 'object' && override !== null && 'items' in override && override.items === 'append'
  );
}
