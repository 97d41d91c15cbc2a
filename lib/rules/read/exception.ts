import type { ExceptionValue, RuleException } from '../rule';
import { valueOf, type MappingNode, type Node, type Report } from './node';
import { requiredText } from './values';

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
export function readExceptions(
  rule: MappingNode,
  how: 'define' | 'append' | 'replace',
  report: Report,
): ExceptionItem[] | undefined {
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
    const exception = readException(item, how, report);
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

function readException(
  item: MappingNode,
  how: 'define' | 'append' | 'replace',
  report: Report,
): ExceptionItem | undefined {
  const name = requiredText(item, 'name', report);
  if (name === undefined) return undefined;
  if (valueOf(item, 'fields') === undefined && how === 'define') {
    report.error(INVALID, name, `exception '${name.text}' has no 'fields'`);
  }
  const fields = textOrTexts(item, 'fields', report);
  const comps = textOrTexts(item, 'comps', report);
  const values = valueOf(item, 'values');
  if (values !== undefined && values.type !== 'sequence') {
    report.error(INVALID, values, "'values' must be a sequence");
  }
  if (values === undefined && how !== 'define') {
    const what = how === 'append' ? `to append to exception '${name.text}'` : `in exception '${name.text}'`;
    report.warning('LOAD_APPEND_NO_VALUES', name, `there are no 'values' ${what}`);
  }
  const items = values?.type === 'sequence' ? values.items : [];
  for (const value of items) refuseEmptyText(value, 'values', report);
  const exception = {
    name: name.text,
    ...(fields !== undefined && { fields: textsOf(fields) }),
    ...(comps !== undefined && { comps: textsOf(comps) }),
    ...(values?.type === 'sequence' && { values: items.map((value) => toValue(value)) }),
  };
  return { exception, node: item, fields, comps, values: items };
}

/** A text or a sequence; anything else is as good as nothing to Falco. */
function textOrTexts(item: MappingNode, key: string, report: Report): Node | undefined {
  const node = valueOf(item, key);
  if (node?.type !== 'scalar' && node?.type !== 'sequence') return undefined;
  refuseEmptyText(node, key, report);
  return node;
}

function refuseEmptyText(node: Node, key: string, report: Report): void {
  const open = [node];
  // By aliases, one node may stand in many places.
  const seen = new Set<Node>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (next.type === 'scalar' && next.text === '')
      report.error(INVALID, next, `'${key}' holds an empty text`);
    if (next.type === 'sequence') for (const item of next.items) open.push(item);
  }
}

function textsOf(node: Node): string | string[] {
  if (node.type !== 'sequence') return node.type === 'scalar' ? node.text : '';
  return node.items.map((item) => (item.type === 'scalar' ? item.text : ''));
}

/** Values of a row may be lists; Falco makes nothing of lists in them. */
const DEEPEST = 2;

function toValue(node: Node, depth = 0): ExceptionValue {
  if (node.type === 'sequence' && depth < DEEPEST) return node.items.map((item) => toValue(item, depth + 1));
  return node.type === 'scalar' ? node.text : '';
}
