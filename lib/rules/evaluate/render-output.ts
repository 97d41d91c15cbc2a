import type { FieldCatalogue } from '../fields/field';
import type { OutputFormat } from '../fields/output-format';
import type { Operand } from '../language/ast';
import { printCondition } from '../language/print';
import type { Event, FieldValue } from './event';
import { argumentsReader } from './read/event-arguments';
import { fieldKey, type Context } from './read/field';
import { sourceOf } from './read/operand';
import { timeText } from './read/time-text';

/** What an alert tells of its event. */
export interface RenderedOutput {
  /** The output with its fields filled in; `<NA>` for what has no value. */
  readonly text: string;
  /** The fields by name, as in an alert's `output_fields`; `null` for what has no value. */
  readonly fields: Record<string, FieldValue>;
}

/**
 * The text and the fields of an alert, without what Falco puts before the text (time and priority) and behind it
 * (`append_output`).
 *
 * @param catalogue that the output was checked with
 */
export function renderOutput(format: OutputFormat, event: Event, catalogue: FieldCatalogue): RenderedOutput {
  const context: Context = { catalogue, arguments: argumentsReader(catalogue) };
  const fields: Record<string, FieldValue> = {};
  const texts = format.parts.map((part) => {
    if (part.kind === 'text') return part.text;
    const { operand, width } = part;
    const value = sourceOf(operand, context).read(event) ?? null;
    fields[nameOf(operand)] = value;
    return sized(shown(operand, value), width);
  });
  return { text: texts.join(''), fields };
}

/** As the output has it. */
function nameOf(operand: Operand): string {
  if (operand.kind === 'field') return fieldKey(operand);
  return printCondition({ kind: 'exists', left: operand, start: 0, end: 0 }).replace(/ exists$/, '');
}

function shown(operand: Operand, value: FieldValue): string {
  if (value === null) return '<NA>';
  if (Array.isArray(value)) return `(${value.join(',')})`;
  const time = operand.kind === 'field' ? timeText(operand.name, value) : undefined;
  return time ?? String(value);
}

function sized(text: string, width: number | undefined): string {
  return width === undefined ? text : text.slice(0, width).padEnd(width);
}
