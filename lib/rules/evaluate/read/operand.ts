import type { FieldType } from '../../fields/field';
import { resolveField } from '../../fields/resolve-field';
import type { Operand, TransformerArgument } from '../../language/ast';
import { itemsOf } from '../compare/items';
import type { Shape } from '../compare/test';
import { textOf } from '../compare/text-test';
import type { Event, FieldValue } from '../event';
import { getopt } from '../transform/getopt';
import { decodeBase64, lengthOf, perText, type Transform } from '../transform/single';
import { asciiLower, asciiUpper } from '../compare/c-text';
import { fieldReader, type Context, type Read } from './field';

/** What a condition asks of events: what kind of value it is, and how to get it. */
export interface Source extends Shape {
  readonly read: Read;
}

/** Makes ready what reads a field, or a transformer's result, from events. */
export function sourceOf(operand: Operand, context: Context): Source {
  if (operand.kind === 'transformer') return transformed(operand.name, operand.arguments, context);
  const { type, isList } = resolveField(operand, context.catalogue);
  return {
    type,
    isList,
    unsized: operand.name.startsWith('evt.rawarg'),
    read: fieldReader(operand, context),
  };
}

function transformed(name: string, args: readonly TransformerArgument[], context: Context): Source {
  const sources = args.map((argument) => argumentSource(argument, context));
  const [first = text(() => undefined), second = text(() => undefined)] = sources;
  switch (name) {
    case 'val':
      return first;
    case 'len':
      return { type: 'UINT64', isList: false, unsized: false, read: lengthReader(first) };
    case 'join':
      return text((event) => join(first.read(event), second.read(event)));
    case 'concat':
      return text((event) => join('', valuesOf(sources, event)));
    case 'getopt':
      return { type: 'CHARBUF', isList: true, unsized: false, read: getoptReader(first, second) };
    default:
      return perItem(first, SINGLE[name]);
  }
}

const SINGLE: Readonly<Record<string, Transform | undefined>> = {
  tolower: asciiLower,
  toupper: asciiUpper,
  b64: decodeBase64,
  basename: (path) => path.slice(path.lastIndexOf('/') + 1),
};

function argumentSource(argument: TransformerArgument, context: Context): Source {
  switch (argument.kind) {
    case 'value':
      return text(() => argument.text);
    case 'arguments': {
      const items = argument.items.map((item) => argumentSource(item, context));
      return { type: 'CHARBUF', isList: true, unsized: false, read: (event) => valuesOf(items, event) };
    }
    default:
      return sourceOf(argument, context);
  }
}

function text(read: Read): Source {
  return { type: 'CHARBUF', isList: false, unsized: false, read };
}

function perItem(source: Source, transform: Transform | undefined): Source {
  const { type, isList, read }: { type: FieldType; isList: boolean; read: Read } = source;
  if (transform === undefined) return text(() => undefined);
  return {
    type,
    isList,
    unsized: false,
    read: (event) => {
      const value = read(event);
      return value === undefined || value === null ? undefined : perText(value, isList, transform);
    },
  };
}

function lengthReader({ read, isList }: Source): Read {
  return (event) => {
    const value = read(event);
    return value === undefined || value === null ? undefined : lengthOf(value, isList);
  };
}

function getoptReader(list: Source, options: Source): Read {
  return (event) => {
    const words = list.read(event);
    const known = options.read(event);
    if (words === undefined || words === null || known === undefined || known === null) return undefined;
    return getopt(itemsOf(words).map(String), textOf(known));
  };
}

/** All values, or none if one of them is missing. */
function valuesOf(sources: readonly Source[], event: Event): string[] | undefined {
  const values: string[] = [];
  for (const { read } of sources) {
    const value = read(event);
    if (value === undefined || value === null) return undefined;
    values.push(textOf(value));
  }
  return values;
}

function join(separator: FieldValue | undefined, values: FieldValue | undefined): string | undefined {
  if (separator === undefined || separator === null || values === undefined || values === null)
    return undefined;
  return itemsOf(values).map(String).join(textOf(separator));
}
