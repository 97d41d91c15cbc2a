import { isDeepStrictEqual } from 'node:util';
import { droppedFields } from '../../rules/fields/output-format';
import type { RulesObject } from '../../rules/object';
import type { Definition } from '../../rules/read/item';
import { valueOf, type MappingNode, type Range, type Report, type ScalarNode } from '../../rules/read/node';
import { placeInScalar } from '../../rules/read/scalar-places';
import { whole } from '../../rules/read/values';
import { directionsIn, withoutDirection, type Dispensable } from './direction';
import { EditedText, type Edit } from './edited-text';
import { BEGINNING, conditionOf, readCondition, readItems, type ImportedItem, type ReadItems } from './item';

/** A change after which an item says to Falco what it said before. */
export interface Repair extends Edit {
  readonly item: ImportedItem;
  /** Where people see it: an offset. */
  readonly at: number;
  /** What was changed, and why nothing else changes. */
  readonly message: string;
}

const DIRECTION = 'evt.dir = < is left out: it is always true since Falco 0.42';
const INFO = '%container.info is left out: it is printed as nothing since Falco 0.41';
const APPEND = 'append: true is deprecated, and written as override';

/** The changes to a rules file that need nobody's decision; each is held against what the item said before. */
export function repairsOf(text: string, { items, report }: ReadItems): Repair[] {
  const wanted = items.flatMap((item) => repairsOfItem(item, report));
  if (wanted.length === 0) return [];
  const after = readItems(new EditedText(text, wanted).text);
  if (after?.items.length !== items.length) return [];
  const safe = new Set(items.filter((item, index) => saysTheSame(item, after.items[index])));
  return wanted.filter(({ item }) => safe.has(item));
}

function repairsOfItem(item: ImportedItem, report: Report): Repair[] {
  const { node, defines, object } = item;
  if (node.type !== 'mapping' || defines === undefined || object === undefined) return [];
  return [
    ...stretches(defines.condition, directionsOf(defines), report).map((edit) => ({
      ...edit,
      item,
      message: DIRECTION,
    })),
    ...stretches(defines.output, infosIn(defines.output?.text ?? ''), report).map((edit) => ({
      ...edit,
      item,
      message: INFO,
    })),
    ...(defines.how === 'append' ? appendOf(node) : []).map((edit) => ({
      ...edit,
      at: edit.start,
      item,
      message: APPEND,
    })),
  ];
}

function directionsOf(defines: Definition): Dispensable[] {
  const condition = conditionOf(defines);
  if (defines.condition === undefined || condition === undefined) return [];
  const before = defines.how === 'append' ? BEGINNING : '';
  const text = before + defines.condition.text;
  return directionsIn(text, condition).map(({ start, end, at }) => {
    const isAtBeginning = start < before.length;
    // What comes next is what is appended now.
    const blanks = isAtBeginning ? (/^\s*/.exec(text.slice(end))?.[0].length ?? 0) : 0;
    return {
      start: isAtBeginning ? 0 : start - before.length,
      end: end + blanks - before.length,
      at: at - before.length,
    };
  });
}

/** With the blanks behind it. */
function infosIn(text: string): Dispensable[] {
  return droppedFields(text).map(({ start, end }) => {
    return { start, end: end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0), at: start };
  });
}

function stretches(
  scalar: ScalarNode | undefined,
  dispensable: readonly Dispensable[],
  report: Report,
): (Edit & { readonly at: number })[] {
  if (scalar === undefined) return [];
  const place = (offset: number): Range => placeInScalar(scalar, report, offset, offset + 1);
  return dispensable.map(({ start, end, at }) => {
    // Up to the next character, if it is one: line ends and indentation belong to no character of the text.
    const isBeforeText = end < scalar.text.length && !/\s/.test(scalar.text.charAt(end));
    const to = isBeforeText ? place(end).start : place(end - 1).end;
    return { start: place(start).start, end: to, at: place(at).start, text: '' };
  });
}

/** `append: true`, where all beside it is what it appends: Falco passes over other keys, `override` doesn't. */
function appendOf(node: MappingNode): Edit[] {
  const entry = node.entries.find(({ key }) => key.text === 'append');
  if (entry === undefined || valueOf(node, 'override') !== undefined) return [];
  const kind = ['rule', 'macro', 'list'].find((key) => valueOf(node, key) !== undefined);
  const parts = node.entries.map(({ key }) => key.text).filter((key) => key !== kind && key !== 'append');
  if (parts.length === 0 || !parts.every((part) => ['condition', 'exceptions', 'items'].includes(part)))
    return [];
  const at: Range = whole(entry);
  return [{ ...at, text: `override: { ${parts.map((part) => `${part}: append`).join(', ')} }` }];
}

function saysTheSame(before: ImportedItem, after: ImportedItem | undefined): boolean {
  return isDeepStrictEqual(sense(before.object), sense(after?.object));
}

/** An object as far as Falco can tell it from others, without what repairs drop. */
function sense(object: RulesObject | undefined): unknown {
  return object && senseOf(object, '');
}

function senseOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => senseOf(item, ''));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      // A change to a part holds it as its value.
      Object.entries(value).map(([name, part]) => [name, senseOf(part, name === 'value' ? key : name)]),
    );
  if (typeof value !== 'string') return value;
  if (key === 'condition') return senseOfCondition(value);
  return key === 'output'
    ? value
        .replace(/%container\.info/g, '')
        .replace(/\s+/g, ' ')
        .trim()
    : value;
}

function senseOfCondition(text: string): unknown {
  const condition = readCondition(text) ?? readCondition(BEGINNING + text);
  return condition === undefined ? text : withoutPlaces(withoutDirection(condition));
}

function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !['start', 'end', 'operatorSpan'].includes(key))
      .map(([key, part]) => [key, withoutPlaces(part)]),
  );
}
