import type { ExceptionValue, RuleException } from '../rule';
import { valueOf, type MappingNode, type Node, type Report } from './node';
import { requiredText, texts } from './values';

const INVALID = 'LOAD_ERR_YAML_VALIDATE';

/** An exception, and the nodes that it was read from. */
export interface ExceptionItem {
  readonly exception: RuleException;
  readonly node: MappingNode;
  readonly fields: Node | undefined;
  readonly comps: Node | undefined;
  readonly values: readonly Node[];
}

/** Reads a rule's exceptions; whether their fields and values fit each other is for the checks of conditions. */
export function readExceptions(rule: MappingNode, report: Report): ExceptionItem[] | undefined {
  const node = valueOf(rule, 'exceptions');
  if (node === undefined) return undefined;
  if (node.type === 'null') return [];
  if (node.type !== 'sequence') {
    report.error(INVALID, node, "'exceptions' must be a sequence");
    return undefined;
  }
  const names = new Set<string>();
  const exceptions: ExceptionItem[] = [];
  for (const item of node.items) {
    if (item.type !== 'mapping') {
      report.error(INVALID, item, 'an exception must be a mapping');
      continue;
    }
    const exception = readException(item, rule, report);
    if (exception === undefined) continue;
    const { name } = exception.exception;
    if (names.has(name)) {
      report.warning('LOAD_EXCEPTION_NAME_NOT_UNIQUE', item, `there is an exception '${name}' already`);
    }
    names.add(name);
    exceptions.push(exception);
  }
  return exceptions;
}

function readException(item: MappingNode, rule: MappingNode, report: Report): ExceptionItem | undefined {
  const name = requiredText(item, 'name', report);
  if (name === undefined) return undefined;
  const fields = valueOf(item, 'fields');
  const comps = valueOf(item, 'comps');
  const extending = valueOf(rule, 'override') !== undefined || valueOf(rule, 'append') !== undefined;
  if (fields === undefined && !extending) {
    report.error(INVALID, name, `exception '${name.text}' has no 'fields'`);
  }
  const values = valueOf(item, 'values');
  if (values !== undefined && values.type !== 'sequence') {
    report.error(INVALID, values, "'values' must be a sequence");
  }
  const items = values?.type === 'sequence' ? values.items : [];
  const exception = {
    name: name.text,
    ...(fields !== undefined && { fields: textOrTexts(fields, 'fields', report) }),
    ...(comps !== undefined && { comps: textOrTexts(comps, 'comps', report) }),
    ...(values?.type === 'sequence' && { values: items.map(toValue) }),
  };
  return { exception, node: item, fields, comps, values: items };
}

function textOrTexts(node: Node, key: string, report: Report): string | string[] {
  if (node.type === 'scalar') return node.text;
  return (texts(node, key, report) ?? []).map((scalar) => scalar.text);
}

function toValue(node: Node): ExceptionValue {
  if (node.type === 'sequence') return node.items.map(toValue);
  return node.type === 'scalar' ? node.text : '';
}
