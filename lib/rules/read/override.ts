import { valueOf, type MappingNode, type Report } from './node';
import { optionalFlag, whole } from './values';

const INVALID = 'LOAD_ERR_YAML_VALIDATE';

/** What an item does to parts that are defined already. */
export type Overrides = ReadonlyMap<string, 'append' | 'replace'>;

export interface Extension {
  /** The old way, `append: true`. */
  readonly appends: boolean;
  readonly overrides: Overrides;
}

/** Reads `override` and `append`; `undefined` if Falco refuses them. */
export function readExtension(
  item: MappingNode,
  keys: { readonly append: readonly string[]; readonly replace: readonly string[] },
  report: Report,
): Extension | undefined {
  const before = report.findings.length;
  const appends = optionalFlag(item, 'append', report) ?? false;
  const appendEntry = item.entries.find((entry) => entry.key.text === 'append');
  if (appendEntry !== undefined && report.findings.length === before) {
    report.warning(
      'LOAD_DEPRECATED_ITEM',
      whole(appendEntry),
      "'append' is deprecated",
      'write for example: override: {condition: append}',
    );
  }
  const overrides = readOverrides(item, keys, report);
  if (appends && overrides.size > 0) {
    report.error(INVALID, item, "'override' and 'append: true' can't stand together");
  }
  const refused = report.findings.slice(before).some((finding) => finding.severity === 'error');
  return refused ? undefined : { appends, overrides };
}

function readOverrides(
  item: MappingNode,
  keys: { readonly append: readonly string[]; readonly replace: readonly string[] },
  report: Report,
): Overrides {
  const overrides = new Map<string, 'append' | 'replace'>();
  const node = valueOf(item, 'override');
  if (node?.type === 'sequence' && node.items.length > 0) {
    report.error(
      'LOAD_ERR_VALIDATE',
      node,
      "'override' must be a mapping",
      'write for example: override: {condition: append}',
    );
  }
  // Falco takes anything else but a mapping for no override at all.
  if (node?.type !== 'mapping') return overrides;
  for (const { key, value } of node.entries) {
    const name = key.text;
    if (value.type === 'sequence' || value.type === 'mapping') {
      report.error('LOAD_ERR_VALIDATE', value, `'${name}' can be overridden by 'append' or 'replace'`);
      continue;
    }
    const how = value.type === 'scalar' ? value.text : '';
    if (!keys.append.includes(name) && !keys.replace.includes(name)) {
      report.error(INVALID, key, `'${name}' can't be overridden`);
    } else if (how !== 'append' && how !== 'replace') {
      report.error(INVALID, value, `'${name}' can be overridden by 'append' or 'replace', not '${how}'`);
    } else if (!keys[how].includes(name)) {
      report.error(INVALID, value, `'${name}' can't be appended to`, 'use replace');
    } else if (valueOf(item, name) === undefined) {
      report.error(INVALID, whole({ key, value }), `override of '${name}', but the item has no '${name}'`);
    } else {
      overrides.set(name, how);
    }
  }
  return overrides;
}
