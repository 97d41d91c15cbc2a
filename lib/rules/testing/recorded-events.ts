import type { Event, FieldValue } from '../evaluate/event';
import type { Field, FieldCatalogue } from '../fields/field';
import { ConditionError } from '../language/condition-error';
import type { Finding } from '../finding';
import type { RulesFile } from '../render';
import { isItem, isJsonObject } from '../recorded/json-value';
import { recordText } from '../recorded/record-text';
import { eventField, tellsNothing } from './event-field';
import { eventValue } from './event-value';
import { parseExactJson } from '../recorded/exact-json';
import { INVALID_TEST } from './mapping';

/** Events of a file, and what is wrong with it. */
export interface RecordedEvents {
  readonly events: readonly Event[];
  readonly findings: readonly Finding[];
}

/**
 * Reads recorded events: JSON objects, one a line. One with `output_fields` is an alert of Falco, whose fields are taken
 * as they are: who sets up Falco may add fields of any name. The fields of any other must be in the catalogue, but for what
 * {@link tellsNothing}.
 */
export function readRecordedEvents(file: RulesFile, catalogue: FieldCatalogue): RecordedEvents {
  const events: Event[] = [];
  const findings: Finding[] = [];
  const known = new Map<string, Field | undefined>();
  for (const { text, line } of objectsOf(file.text)) {
    const problem = (message: string, hint?: string): void => {
      const finding = { file: file.name, line, column: 1, length: 1, severity: 'error', message } as const;
      findings.push({ ...finding, code: INVALID_TEST, ...(hint !== undefined && { hint }) });
    };
    const event = eventOf(text, catalogue, known, problem);
    if (event !== undefined) events.push(event);
    if (findings.length >= MOST_FINDINGS) break;
  }
  return { events, findings };
}

/** One mistake is likely on every line: so many are enough. */
const MOST_FINDINGS = 20;

type Problem = (message: string, hint?: string) => void;

function* objectsOf(text: string): Generator<{ readonly text: string; readonly line: number }> {
  const whole = text.replace(/^\ufeff/, '');
  const lines = whole.split('\n');
  // One object, printed over several lines.
  if (lines.length > 1 && lines[0]?.trim() === '{') {
    yield { text: whole, line: 1 };
    return;
  }
  for (const [index, line] of lines.entries()) {
    if (line.trim() !== '') yield { text: line, line: index + 1 };
  }
}

function eventOf(
  text: string,
  catalogue: FieldCatalogue,
  known: Map<string, Field | undefined>,
  problem: Problem,
): Event | undefined {
  let value: unknown;
  try {
    value = parseExactJson(recordText(text));
  } catch (error) {
    problem(`not JSON: ${(error as Error).message}`, 'write one event or alert a line');
    return undefined;
  }
  if (!isJsonObject(value)) {
    problem('an event is a JSON object', 'write one event or alert a line');
    return undefined;
  }
  const { output_fields: alerted } = value;
  if (alerted !== undefined && !isJsonObject(alerted)) {
    problem('output_fields must be an object');
    return undefined;
  }
  // Names of fields come from strangers: none may be a property of every object.
  const fields = Object.create(null) as Record<string, FieldValue>;
  for (const [key, raw] of Object.entries(alerted ?? value)) {
    if (alerted === undefined && tellsNothing(key, value)) continue;
    const field = fieldValue(raw);
    if (alerted === undefined) {
      if (!known.has(key)) known.set(key, fieldOf(key, catalogue, problem));
      const typed = known.get(key);
      if (typed !== undefined) checkType(key, raw, typed, catalogue, problem);
    }
    if (field === undefined)
      problem(`${key}: a field is text, a number, true, false, null or a list of them`);
    else fields[key] = field;
  }
  return fields;
}

/** Said once of each field, however many events tell it. */
function fieldOf(key: string, catalogue: FieldCatalogue, problem: Problem): Field | undefined {
  try {
    return eventField(key, catalogue);
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    problem(error.message, error.hint);
    return undefined;
  }
}

function checkType(
  key: string,
  value: unknown,
  field: Field,
  catalogue: FieldCatalogue,
  problem: Problem,
): void {
  // Falco may record events that have no name of their own.
  if (!isItem(value) && typeof value !== 'boolean') return;
  if (field.isList || field.name === 'evt.type') return;
  const read = eventValue(String(value), field, catalogue);
  if ('problem' in read) problem(`${key}: ${read.problem}`, read.hint);
}

function fieldValue(value: unknown): FieldValue | undefined {
  if (value === null || typeof value === 'boolean' || isItem(value)) return value;
  return Array.isArray(value) && value.every(isItem) ? value : undefined;
}
