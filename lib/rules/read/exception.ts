import type { ExceptionValue, RuleException } from '../rule';
import { valueOf, type MappingNode, type Node, type Range, type Report } from './node';
import { requiredText, texts } from './values';

const INVALID = 'LOAD_ERR_YAML_VALIDATE';

/** Reads a rule's exceptions; whether their fields and values fit each other is for the checks of conditions. */
export function readExceptions(rule: MappingNode, report: Report): RuleException[] | undefined {
  const node = valueOf(rule, 'exceptions');
  if (node === undefined) return undefined;
  if (node.type !== 'sequence') {
    report.error(INVALID, node, "'exceptions' must be a sequence");
    return undefined;
  }
  const names = new Set<string>();
  const exceptions: RuleException[] = [];
  for (const item of node.items) {
    if (item.type !== 'mapping') {
      report.error(INVALID, item, 'an exception must be a mapping');
      continue;
    }
    const exception = readException(item, rule, report);
    if (exception === undefined) continue;
    if (names.has(exception.name)) {
      report.warning(
        'LOAD_EXCEPTION_NAME_NOT_UNIQUE',
        item,
        `there is an exception '${exception.name}' already`,
      );
    }
    names.add(exception.name);
    exceptions.push(exception);
  }
  return exceptions;
}

function readException(item: MappingNode, rule: MappingNode, report: Report): RuleException | undefined {
  const name = requiredText(item, 'name', report);
  if (name === undefined) return undefined;
  const fields = valueOf(item, 'fields');
  const comps = valueOf(item, 'comps');
  const extending = valueOf(rule, 'override') !== undefined || valueOf(rule, 'append') !== undefined;
  if (fields === undefined && !extending) {
    report.error(INVALID, name, `exception '${name.text}' has no 'fields'`);
  }
  if (fields?.type === 'sequence' && comps !== undefined) checkLengths(fields.items, comps, item, report);
  if (fields?.type === 'scalar' && comps?.type === 'scalar' && isComparison(comps.text)) {
    report.error(
      'LOAD_ERR_VALIDATE',
      comps,
      `one field is compared with all values: '${comps.text}' can't be its operator`,
      'write comps: in',
    );
  }
  const values = valueOf(item, 'values');
  return {
    name: name.text,
    ...(fields !== undefined && { fields: textOrTexts(fields, 'fields', report) }),
    ...(comps !== undefined && { comps: textOrTexts(comps, 'comps', report) }),
    ...(values?.type === 'sequence' && { values: values.items.map(toValue) }),
  };
}

function checkLengths(fields: readonly Node[], comps: Node, item: Range, report: Report): void {
  if (comps.type === 'sequence' && comps.items.length === fields.length) return;
  report.error('LOAD_ERR_VALIDATE', item, "'fields' and 'comps' must have the same length");
}

function isComparison(operator: string): boolean {
  return ['=', '==', '!=', '<', '<=', '>', '>='].includes(operator);
}

function textOrTexts(node: Node, key: string, report: Report): string | string[] {
  if (node.type === 'scalar') return node.text;
  return (texts(node, key, report) ?? []).map((scalar) => scalar.text);
}

function toValue(node: Node): ExceptionValue {
  if (node.type === 'sequence') return node.items.map(toValue);
  return node.type === 'scalar' ? node.text : '';
}
