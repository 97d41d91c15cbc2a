import type { Event, FieldValue } from '../evaluate/event';
import type { FieldCatalogue } from '../fields/field';
import { parsePriority, PRIORITIES } from '../priority';
import type { Node, Report } from '../read/node';
import { compileRegex, RegexError } from '../regex';
import { entriesOf, INVALID_TEST, textOf, valuesOf } from './mapping';
import type { ExpectedAlert, ExpectedOutput } from './test-file';
import { readFields } from './written-event';

const KEYS = ['rule', 'count', 'priority', 'fields', 'output'] as const;

/** Reads what a test expects: `none`, or `alerts: […]`. */
export function readExpected(
  node: Node,
  catalogue: FieldCatalogue,
  report: Report,
): readonly ExpectedAlert[] {
  if (isNone(node)) return [];
  if (node.type === 'scalar') {
    report.error(INVALID_TEST, node, "expect must be 'none' or 'alerts: […]'");
    return [];
  }
  const { alerts } = valuesOf(node, 'expect', ['alerts'], report);
  if (alerts === undefined || isNone(alerts)) {
    if (alerts === undefined && node.type === 'mapping' && node.entries.length === 0) {
      report.error(INVALID_TEST, node, "expect must be 'none' or 'alerts: […]'");
    }
    return [];
  }
  if (alerts.type !== 'sequence') {
    report.error(INVALID_TEST, alerts, "alerts must be a sequence, or 'none'");
    return [];
  }
  return alerts.items.flatMap((item) => readAlert(item, catalogue, report) ?? []);
}

function isNone(node: Node): boolean {
  return node.type === 'scalar' && node.text === 'none';
}

function readAlert(node: Node, catalogue: FieldCatalogue, report: Report): ExpectedAlert | undefined {
  const { rule, count, priority, fields, output } = valuesOf(node, 'an alert', KEYS, report);
  if (textOf(rule, 'rule of the alert', node, report) === undefined || rule?.type !== 'scalar')
    return undefined;
  return {
    rule,
    count: countOf(count, report),
    priority: priority === undefined ? undefined : priorityOf(priority, report),
    fields: fields === undefined ? {} : fieldsOf(fields, catalogue, report),
    output: output === undefined ? undefined : outputOf(output, report),
  };
}

function countOf(node: Node | undefined, report: Report): number {
  if (node === undefined) return 1;
  const text = node.type === 'scalar' ? node.text : '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  report.error(INVALID_TEST, node, 'count must be a whole number');
  return 1;
}

function priorityOf(node: Node, report: Report): ExpectedAlert['priority'] {
  const priority = node.type === 'scalar' ? parsePriority(node.text) : undefined;
  if (priority === undefined) {
    report.error(INVALID_TEST, node, `priority must be one of ${PRIORITIES.join(', ')}`);
  }
  return priority;
}

/** An output may tell `toupper(proc.name)`, which is then a field by that name: text. */
function fieldsOf(node: Node, catalogue: FieldCatalogue, report: Report): Event {
  const transformed = new Map<string, FieldValue>();
  if (node.type !== 'mapping') return readFields(node, 'fields', catalogue, report);
  const plain = entriesOf(node, 'fields', report).filter(({ key, value }) => {
    if (!key.text.includes('(')) return true;
    const text = value.type === 'null' ? null : textOf(value, key.text, value, report);
    if (text !== undefined) transformed.set(key.text, text);
    return false;
  });
  return {
    ...readFields({ ...node, entries: plain }, 'fields', catalogue, report),
    ...Object.fromEntries(transformed),
  };
}

function outputOf(node: Node, report: Report): ExpectedOutput | undefined {
  const text = textOf(node, 'output', node, report);
  if (text === undefined) return undefined;
  if (text.length < 2 || !text.startsWith('/') || !text.endsWith('/')) {
    return { text, fits: (output) => output === text };
  }
  try {
    return { text, fits: compileRegex(`(.|\\n)*(${text.slice(1, -1)})(.|\\n)*`) };
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    report.error(INVALID_TEST, node, `the regular expression ${error.message}`, error.hint);
    return undefined;
  }
}
