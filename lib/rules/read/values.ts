import { nearest } from '../../schema/nearest';
import { valueOf, type MappingNode, type Node, type Range, type Report, type ScalarNode } from './node';

const INVALID = 'LOAD_ERR_YAML_VALIDATE';

/** A scalar that the item must have; a finding and `undefined` if it is missing, empty or no scalar. */
export function requiredText(item: MappingNode, key: string, report: Report): ScalarNode | undefined {
  const value = valueOf(item, key);
  if (value !== undefined) return textOf(value, key, report);
  const first = item.entries[0];
  report.error(INVALID, first === undefined ? item : whole(first), `no '${key}'`, meantKey(item, key));
  return undefined;
}

/** The same, but it may be missing. */
export function optionalText(item: MappingNode, key: string, report: Report): ScalarNode | undefined {
  const value = valueOf(item, key);
  return value === undefined ? undefined : textOf(value, key, report);
}

/** A truth value as Falco's YAML reader takes it: `no` and `"false"` are false. */
export function optionalFlag(item: MappingNode, key: string, report: Report): boolean | undefined {
  const value = optionalText(item, key, report);
  if (value === undefined) return undefined;
  // All small, all capital or one capital first, as yaml-cpp has it.
  if (/^(?:[a-z]+|[A-Z][a-z]*|[A-Z]+)$/.test(value.text)) {
    if (/^(?:y|yes|true|on)$/i.test(value.text)) return true;
    if (/^(?:n|no|false|off)$/i.test(value.text)) return false;
  }
  report.error(INVALID, value, `'${key}' must be true or false, not '${value.text}'`);
  return undefined;
}

/** A sequence of scalars; one that holds anything else is a finding. */
export function texts(value: Node, key: string, report: Report): ScalarNode[] | undefined {
  if (value.type !== 'sequence') {
    report.error(INVALID, value, `'${key}' must be a sequence: [a, b]`);
    return undefined;
  }
  const wrong = value.items.find((item) => item.type !== 'scalar');
  if (wrong !== undefined) {
    report.error(INVALID, wrong, `'${key}' holds something that is neither text nor a number`);
    return undefined;
  }
  return value.items.filter((item) => item.type === 'scalar');
}

/** From the start of a key to the end of its value. */
export function whole(entry: { readonly key: Range; readonly value: Range }): Range {
  return { start: entry.key.start, end: Math.max(entry.key.end, entry.value.end) };
}

function textOf(value: Node, key: string, report: Report): ScalarNode | undefined {
  if (value.type === 'null') report.error(INVALID, value, `'${key}' has no value`);
  else if (value.type !== 'scalar') report.error(INVALID, value, `'${key}' must be text`);
  else if (value.text === '') report.error(INVALID, value, `'${key}' is empty`);
  else return value;
  return undefined;
}

function meantKey(item: MappingNode, key: string): string | undefined {
  const meant = item.entries.map((entry) => entry.key.text).find((text) => nearest(text, [key]) === key);
  return meant === undefined ? undefined : `'${meant}' should be '${key}'`;
}
