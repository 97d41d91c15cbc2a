import type { Event, FieldValue } from '../evaluate/event';

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

/** What the node's container runtime writes before each line of a Pod's log. */
const LOG_PREFIX = /^\S+ std(?:out|err) [FP] /;

/** Reads a line of a recording; it never throws. `undefined` for an empty line. */
export function readRecord(line: string): RecordedLine | undefined {
  const text = line.replace(/^\uFEFF/, '').replace(LOG_PREFIX, '');
  if (text.trim() === '') return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return bad('it is no JSON');
  }
  if (!isMapping(parsed)) return bad('it is no JSON object');
  const { rule, output_fields: outputFields } = parsed;
  if (rule === undefined) {
    if (typeof parsed['evt.type'] !== 'string') return bad("it has neither 'rule' nor 'evt.type'");
    return { kind: 'event', fields: fieldsOf(parsed, text) };
  }
  if (typeof rule !== 'string' || rule === '') return bad("its 'rule' is no text");
  if (!isMapping(outputFields)) return bad("it has no 'output_fields'");
  return {
    kind: 'alert',
    rule,
    fields: fieldsOf(outputFields, text),
    time: typeof parsed['time'] === 'string' ? parsed['time'] : '',
    hostname: typeof parsed['hostname'] === 'string' ? parsed['hostname'] : '',
  };
}

function bad(reason: string): BadLine {
  return { kind: 'bad', reason };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(raw: Readonly<Record<string, unknown>>, text: string): Event {
  // Names of fields come from strangers: none may be a property of every object.
  const fields = Object.create(null) as Record<string, FieldValue>;
  for (const [name, value] of Object.entries(raw)) fields[name] = valueOf(name, value, text);
  return fields;
}

function valueOf(name: string, value: unknown, text: string): FieldValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? wholeNumber(name, value, text) : value;
    default:
      return Array.isArray(value) ? value.filter((item) => isItem(item)) : null;
  }
}

function isItem(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** A number beyond 2^53, by its digits: within a text its name's quotes would be escaped, so this finds no other. */
function wholeNumber(name: string, value: number, text: string): number | bigint {
  const key = `${JSON.stringify(name)}:`;
  const at = text.lastIndexOf(key);
  const digits =
    at < 0 ? null : /^\s*(-?\d+)(?![\d.eE])/.exec(text.slice(at + key.length, at + key.length + 40));
  return digits?.[1] === undefined ? value : BigInt(digits[1]);
}
