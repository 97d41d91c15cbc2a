import type { Event, FieldValue } from '../evaluate/event';
import type { Field, FieldCatalogue } from '../fields/field';
import { ConditionError } from '../language/condition-error';
import type { Entry, Node, Report } from '../read/node';
import { placeInScalar } from '../read/scalar-places';
import { eventField } from './event-field';
import { eventValue } from './event-value';
import { resultName } from './errno';
import { entriesOf, INVALID_TEST } from './mapping';

/**
 * The fields that a mapping tells, each checked against the catalogue and read by its type; what is wrong is reported and
 * left out.
 */
export function readFields(node: Node, what: string, catalogue: FieldCatalogue, report: Report): Event {
  const fields: Record<string, FieldValue> = {};
  for (const entry of entriesOf(node, what, report)) {
    const field = fieldOf(entry, catalogue, report);
    const value = field === undefined ? undefined : valueOf(entry.value, field, catalogue, report);
    if (value !== undefined) fields[entry.key.text.replace(/\[(["'])(.*)\1\]$/s, '[$2]')] = value;
  }
  return fields;
}

/** As {@link readFields}, for an event; says so where it tells what Falco wouldn't. */
export function readEvent(node: Node, catalogue: FieldCatalogue, report: Report): Event {
  const event = readFields(node, 'an event', catalogue, report);
  if (node.type === 'mapping' && hasNoPeer(event)) {
    const at = node.entries.find(({ key }) => key.text === 'fd.sip')?.key ?? node;
    const hint =
      'tell evt.arg.addr: ADDRESS:PORT; or fd.name_changed: false if an earlier connect gave it one';
    report.error(INVALID_TEST, at, 'the socket of a connect that failed has no fd.sip', hint);
  }
  return event;
}

/** Connects that go on, or went well before. */
const NOT_FAILED: readonly FieldValue[] = ['SUCCESS', 'EINPROGRESS', 'EALREADY', 'EISCONN'];

/** A test that tells both would pass, and the rule would never fire in Falco. */
function hasNoPeer(event: Event): boolean {
  const { 'evt.type': type, 'evt.res': name, 'evt.rawres': number } = event;
  const result = name ?? (typeof number === 'number' ? resultName(number) : undefined);
  const isFailed = typeof result === 'string' && !NOT_FAILED.includes(result);
  const peer = event['fd.sip'];
  return type === 'connect' && isFailed && typeof peer === 'string' && event['fd.name_changed'] !== false;
}

function fieldOf({ key }: Entry, catalogue: FieldCatalogue, report: Report): Field | undefined {
  try {
    return eventField(key.text, catalogue);
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    const { start, end } = error.span;
    report.error(INVALID_TEST, placeInScalar(key, report, start, end), error.message, error.hint);
    return undefined;
  }
}

function valueOf(
  node: Node,
  field: Field,
  catalogue: FieldCatalogue,
  report: Report,
): FieldValue | undefined {
  if (node.type === 'null') return null;
  if (node.type === 'mapping' || (node.type === 'sequence' && !field.isList)) {
    report.error(INVALID_TEST, node, `${field.name} must be one value`);
    return undefined;
  }
  const items = node.type === 'sequence' ? node.items : [node];
  const values = items.map((item) => oneValue(item, field, catalogue, report));
  return field.isList
    ? values.filter((value) => typeof value !== 'boolean' && value !== undefined)
    : values[0];
}

type One = Exclude<FieldValue, null | readonly unknown[]>;

function oneValue(node: Node, field: Field, catalogue: FieldCatalogue, report: Report): One | undefined {
  if (node.type !== 'scalar') {
    report.error(INVALID_TEST, node, `${field.name} holds something that is neither text nor a number`);
    return undefined;
  }
  const read = eventValue(node.text, field, catalogue);
  if ('value' in read) return read.value as One;
  report.error(INVALID_TEST, node, `${field.name}: ${read.problem}`, read.hint);
  return undefined;
}
