import type { Event, FieldValue } from '../evaluate/event';
import { parseExactJson } from '../recorded/exact-json';
import { isItem, isJsonObject } from '../recorded/json-value';
import { recordText } from '../recorded/record-text';

/** An alert as Falco's JSON has it; falcosidekick's has more keys, which don't matter here. */
export interface RecordedAlert {
  readonly kind: 'alert';
  readonly rule: string;
  readonly fields: Event;
  /** As written: RFC 3339; empty if it isn't there. */
  readonly time: string;
  readonly hostname: string;
}

/** An event without the rule that it raised. */
export interface RecordedEvent {
  readonly kind: 'event';
  readonly fields: Event;
}

/** A line that holds neither. */
interface BadLine {
  readonly kind: 'bad';
  readonly reason: string;
}

/** What a line of a recording holds. */
export type RecordedLine = RecordedAlert | RecordedEvent | BadLine;

/** Reads a line of a recording; it never throws. `undefined` for an empty line. */
export function readRecord(line: string): RecordedLine | undefined {
  const text = recordText(line);
  if (text.trim() === '') return undefined;
  let parsed: unknown;
  try {
    parsed = parseExactJson(text);
  } catch {
    return bad('it is no JSON');
  }
  if (!isJsonObject(parsed)) return bad('it is no JSON object');
  const { rule, output_fields: outputFields } = parsed;
  if (rule === undefined) {
    if (typeof parsed['evt.type'] !== 'string') return bad("it has neither 'rule' nor 'evt.type'");
    return { kind: 'event', fields: fieldsOf(parsed) };
  }
  if (typeof rule !== 'string' || rule === '') return bad("its 'rule' is no text");
  if (!isJsonObject(outputFields)) return bad("it has no 'output_fields'");
  return {
    kind: 'alert',
    rule,
    fields: fieldsOf(outputFields),
    time: typeof parsed['time'] === 'string' ? parsed['time'] : '',
    hostname: typeof parsed['hostname'] === 'string' ? parsed['hostname'] : '',
  };
}

function bad(reason: string): BadLine {
  return { kind: 'bad', reason };
}

function fieldsOf(raw: Readonly<Record<string, unknown>>): Event {
  // Names of fields come from strangers: none may be a property of every object.
  const fields = Object.create(null) as Record<string, FieldValue>;
  for (const [name, value] of Object.entries(raw)) fields[name] = valueOf(value);
  return fields;
}

function valueOf(value: unknown): FieldValue {
  if (isItem(value) || typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.filter((item) => isItem(item)) : null;
}
