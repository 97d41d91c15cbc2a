import type { FieldCatalogue, FieldType } from '../../fields/field';
import { resolveField } from '../../fields/resolve-field';
import type { FieldReference } from '../../language/ast';
import type { Event, FieldValue } from '../event';
import { ancestor, ANCESTOR_FIELDS } from './ancestors';
import { DERIVED } from './derived';
import { environmentVariable } from './environment';
import type { EventArguments } from './event-arguments';

/** What takes a field's value from an event: `undefined` or `null` where there is none. */
export type Read = (event: Event) => FieldValue | undefined;

/** What a compiled condition shares among its fields. */
export interface Context {
  readonly catalogue: FieldCatalogue;
  readonly arguments: (event: Event) => EventArguments;
}

/** Falco knows these names, but no value of them ever: k8smeta has what they promise. */
const ALWAYS_EMPTY = /^k8s\.(?:ns\.(?:id|labels?)|(?:rc|svc|rs|deployment)\.(?:name|id|labels?))$/;

/** `evt.type.is.connect` is 1 of a connect. */
const TYPE_IS = 'evt.type.is.';

/** The argument that a field names, `addr` of `evt.arg.addr` and of `evt.arg[addr]`. */
function argumentName(prefix: string, field: FieldReference): string | undefined {
  if (field.name === prefix) return field.argument;
  return field.name.startsWith(`${prefix}.`) ? field.name.slice(prefix.length + 1) : undefined;
}

/** A field with its argument, as events have it for a key. */
export function fieldKey({ name, argument }: FieldReference): string {
  return argument === undefined ? name : `${name}[${argument}]`;
}

/** What reads a field from events. */
export function fieldReader(field: FieldReference, context: Context): Read {
  const { name, argument } = field;
  // The one field that nearly every condition asks for, by a name that the engine can look up at once.
  if (name === 'evt.type' && argument === undefined) return (event) => event['evt.type'];
  if (ALWAYS_EMPTY.test(name)) return () => undefined;
  const key = fieldKey(field);
  const otherwise = fallback(field, key, context);
  if (otherwise === undefined) return (event) => event[key];
  return (event) => {
    const value = event[key];
    return value === undefined ? otherwise(event) : value;
  };
}

/** How a field is found in events that don't tell it by its key. */
function fallback(field: FieldReference, key: string, context: Context): Read | undefined {
  const { name, argument } = field;
  const raw = argumentName('evt.rawarg', field);
  if (raw !== undefined) return rawArgument(raw, resolveField(field, context.catalogue).type, context);
  const shown = argumentName('evt.arg', field);
  if (shown !== undefined) return shownArgument(shown, context);
  if (name.startsWith(TYPE_IS)) {
    const type = name.slice(TYPE_IS.length);
    return (event) => (event['evt.type'] === type ? 1 : 0);
  }
  if (name === 'evt.buffer')
    return (event) => event['evt.arg.data'] ?? context.arguments(event).get('data')?.raw;
  if (name === 'proc.env' && argument !== undefined)
    return (event) => environmentVariable(event['proc.env'], argument);
  if (name === 'proc.aenv' && argument !== undefined && !/^\d+$/.test(argument)) return () => '';
  const derived = DERIVED.get(key);
  if (derived !== undefined || argument === undefined || !/^\d+$/.test(argument)) return derived;
  const index = Number(argument);
  if (name === 'proc.args') return (event) => word(event['proc.args'], index);
  if (ANCESTOR_FIELDS.has(name) && index > 0) return (event) => ancestor(name, event, index);
  return undefined;
}

function shownArgument(name: string, { arguments: argumentsOf }: Context): Read {
  if (/^\d+$/.test(name)) {
    const index = Number(name);
    return (event) => shown([...argumentsOf(event).values()][index]);
  }
  return (event) => shown(argumentsOf(event).get(name));
}

function shown(argument: { raw: string; resolved: string | undefined } | undefined): string | undefined {
  return argument?.resolved === undefined || argument.resolved === '' ? argument?.raw : argument.resolved;
}

/**
 * An argument before Falco made a name of it. Numbers that Falco prints in hexadecimal or octal can't be told from others
 * in `evt.args`: an event that needs them tells `evt.rawarg.*` itself.
 */
function rawArgument(name: string, type: FieldType, { arguments: argumentsOf }: Context): Read {
  const key = `evt.arg.${name}`;
  return (event) => {
    const argument = argumentsOf(event).get(name);
    if (argument !== undefined) return argument.raw;
    const value = event[key];
    return type === 'CHARBUF' || typeof value !== 'string' || /^-?\d+$/.test(value) ? value : undefined;
  };
}

/** The arguments of a process are printed with blanks between: right up to the first that holds one itself. */
function word(all: unknown, index: number): string | undefined {
  return typeof all === 'string' && all !== '' ? all.split(' ')[index] : undefined;
}
