import { nearest } from '../schema/nearest';
import { CHART, CHART_KEYS } from './chart';
import type { Draft, Item } from './draft';
import { isEmpty, isMap } from './mapping';

/** What stands below a path of the chart. */
const BELOW: ReadonlyMap<string, ReadonlySet<string>> = below();

/** Holds each value of a file against the chart's; nothing is passed over in silence. */
export function walk(root: unknown, draft: Draft): void {
  visit({ path: [], value: root }, root, draft);
}

function visit(item: Item, root: unknown, draft: Draft): void {
  if (!isMap(item.value)) {
    if (isEmpty(item.value)) draft.unneeded(item, 'empty');
    else draft.unmapped(item, 'expected a map');
    return;
  }
  for (const [key, value] of Object.entries(item.value)) {
    const entry = { path: [...item.path, key], value };
    const dotted = entry.path.join('.');
    const mapping = Object.hasOwn(CHART, dotted) ? CHART[dotted] : undefined;
    if (mapping !== undefined) {
      const means = !isEmpty(value) || (mapping.evenEmpty === true && value !== null);
      if (means) mapping.apply(entry, draft, root);
      else if (CHART_KEYS.has(dotted) && /VALUES$/.test(dotted)) mapping.apply(entry, draft, root);
      else draft.unneeded(entry, 'empty');
    } else if (BELOW.has(dotted)) {
      if (isMap(value) && Object.keys(value).length > 0) visit(entry, root, draft);
      else if (isEmpty(value)) draft.unneeded(entry, 'empty');
      else draft.unmapped(entry, 'expected a map');
    } else draft.unknown(entry, guess(item.path.join('.'), key));
  }
}

/** The likeliest right place of a key: beside it, or elsewhere in the chart. */
function guess(parent: string, key: string): string {
  const beside = nearest(key, BELOW.get(parent) ?? []);
  if (beside !== undefined) return `did you mean '${beside}'?`;
  if (parent === 'falco' || parent === '') {
    const places = [
      'falcosidekick',
      'falcosidekick.config',
      'falcosidekick.webui',
      'driver',
      'collectors',
    ].filter((place) => BELOW.get(place)?.has(key));
    if (places.length > 0) return `did you mean ${places[0] ?? ''}.${key}?`;
  }
  return '';
}

function below(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const path of Object.keys(CHART)) {
    const keys = path.split('.');
    for (const [depth, key] of keys.entries()) {
      const parent = keys.slice(0, depth).join('.');
      const known = found.get(parent) ?? new Set();
      found.set(parent, known.add(key));
    }
  }
  return found;
}
