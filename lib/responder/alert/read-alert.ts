import type { Event, FieldValue } from '../../rules/evaluate/event';
import { parsePriority, printedPriority } from '../../rules/priority';
import { isItem, isJsonObject } from '../../rules/recorded/json-value';
import type { Alert, Way } from './alert';
import { alertId } from './alert-id';
import { alertedPod } from './alerted-pod';
import { parseBoundedExact } from './bounded-json';
import { parseEventTime } from './event-time';
import { harmless } from './harmless';
import { kindOf, MalformedBodyError } from './malformed';

/** An alert in Falco's words is at most so long; the largest that Falco can print by default is some tens of KiB. */
const LONGEST = 1024 * 1024;
const LONGEST_NAME = 1024;
const MOST_FIELDS = 1000;
const MOST_TAGS = 100;

/**
 * An alert out of its JSON. Falco's and falcosidekick's have the same fields; what falcosidekick changed is undone where it
 * can be.
 *
 * @param node on which it happened, where that is proven; else what the alert says counts
 * @throws {@link MalformedBodyError} that names the field
 */
export function readAlert(text: string, way: Way, node?: string): Alert {
  if (text.length > LONGEST) throw new MalformedBodyError('(body)', `longer than ${LONGEST} characters`);
  const body = parseBoundedExact(text);
  if (!isJsonObject(body))
    throw new MalformedBodyError('(body)', `expected an object, found ${kindOf(body)}`);
  const rule = harmless(textAt(body, 'rule', LONGEST_NAME));
  if (rule === '') throw new MalformedBodyError('rule', 'is empty');
  // Falco can be told to leave it out.
  const output = body['output'] === undefined ? '' : harmless(textAt(body, 'output'));
  const { time, timeText } = timeOf(body);
  const priority = priorityOf(body);
  const hostname =
    body['hostname'] === undefined ? undefined : harmless(textAt(body, 'hostname', LONGEST_NAME));
  const source = sourceOf(body);
  const tags = tagsOf(body);
  const event = fieldsOf(body);
  const pod = alertedPod(event);
  // What an alert says of itself comes last: a field of the same name, such as one that falcosidekick adds, is not it.
  Object.assign(event, { rule, priority, tags, source, output, hostname });
  const id = alertId({ rule, timeText, hostname, pod });
  return {
    ...{ id, way, rule, priority, source, tags, time, timeText, output, event, pod },
    node: node ?? (hostname === '' ? undefined : hostname),
  };
}

type Body = Readonly<Record<string, unknown>>;

function textAt(body: Body, field: string, longest = Infinity): string {
  const value = Object.hasOwn(body, field) ? body[field] : undefined;
  if (typeof value !== 'string')
    throw new MalformedBodyError(field, `expected a text, found ${kindOf(value)}`);
  if (value.length > longest) throw new MalformedBodyError(field, `longer than ${longest} characters`);
  return value;
}

function timeOf(body: Body): Pick<Alert, 'time' | 'timeText'> {
  const time = parseEventTime(textAt(body, 'time'));
  if (time === undefined) throw new MalformedBodyError('time', 'expected a time of RFC 3339');
  return time;
}

function priorityOf(body: Body): string {
  const priority = parsePriority(textAt(body, 'priority', LONGEST_NAME));
  if (priority === undefined) throw new MalformedBodyError('priority', 'expected a priority of Falco');
  return printedPriority(priority);
}

/** falcosidekick says `syscalls` where Falco said nothing. */
function sourceOf(body: Body): string {
  if ((body['source'] ?? '') === '') return 'syscall';
  const source = harmless(textAt(body, 'source', LONGEST_NAME));
  return source === 'syscalls' ? 'syscall' : source;
}

function tagsOf(body: Body): string[] {
  const tags = body['tags'] ?? [];
  if (!Array.isArray(tags)) throw new MalformedBodyError('tags', `expected a list, found ${kindOf(tags)}`);
  if (tags.length > MOST_TAGS) throw new MalformedBodyError('tags', `more than ${MOST_TAGS}`);
  return tags.map((tag: unknown, index) => {
    if (typeof tag === 'string') return harmless(tag, LONGEST_NAME);
    throw new MalformedBodyError(`tags[${index}]`, `expected a text, found ${kindOf(tag)}`);
  });
}

function fieldsOf(body: Body): Record<string, FieldValue | undefined> & Event {
  const raw = body['output_fields'];
  if (!isJsonObject(raw))
    throw new MalformedBodyError('output_fields', `expected an object, found ${kindOf(raw)}`);
  const entries = Object.entries(raw);
  if (entries.length > MOST_FIELDS) throw new MalformedBodyError('output_fields', `more than ${MOST_FIELDS}`);
  // Names of fields come from strangers: none may be a property of every object.
  const fields = Object.create(null) as Record<string, FieldValue | undefined>;
  for (const [name, value] of entries) fields[harmless(name, LONGEST_NAME)] = valueOf(value);
  return fields;
}

function valueOf(value: unknown): FieldValue {
  if (typeof value === 'string') return harmless(value);
  if (isItem(value) || typeof value === 'boolean') return value;
  if (!Array.isArray(value)) return null;
  return value
    .filter((item) => isItem(item))
    .map((item) => (typeof item === 'string' ? harmless(item) : item));
}
