import { nearest } from '../../schema/nearest';
import type { FieldReference } from '../language/ast';
import { ConditionError } from '../language/condition-error';
import { aboutField } from './about';
import type { Field, FieldCatalogue } from './field';
import { isWholeNumber } from './numbers';
import { UnknownFieldError } from './unknown-field-error';

const CODE = 'LOAD_ERR_COMPILE_CONDITION';

/**
 * The field that a reference means, with the type it has there: `evt.rawarg.res` is that of the argument.
 *
 * @throws ConditionError as Falco: no such field, an argument that is missing, not allowed or no number
 */
export function resolveField(reference: FieldReference, catalogue: FieldCatalogue): Field {
  const { name, argument } = reference;
  const special = resolveSpecial(reference, catalogue);
  if (special !== undefined) return special;
  const field = catalogue.field(name);
  if (field === undefined) throw unknownField(reference, catalogue);
  if (argument === undefined) {
    if (field.argument?.required === true) {
      const example = field.argument.key ? '[…]' : '[0]';
      throw refused(reference, `${name} needs an argument`, `write ${name}${example}`);
    }
    return field;
  }
  if (field.argument === undefined) {
    throw new UnknownFieldError(CODE, `${name} takes no argument`, reference, `write ${name}`);
  }
  if (!field.argument.key && !isWholeNumber(argument)) {
    throw new UnknownFieldError(
      CODE,
      `the argument of ${name} must be a number, not '${argument}'`,
      reference,
    );
  }
  if (field.plugin !== undefined && argument.includes(' ')) {
    throw refused(reference, `the argument of ${name} may not hold blanks`);
  }
  return field;
}

/** `false` for what is no field's name for certain: a quick look, for texts that hardly ever are one. */
export function mayBeField(name: string, catalogue: FieldCatalogue): boolean {
  return catalogue.field(name) !== undefined || SPECIAL.some(([prefix]) => name.startsWith(prefix));
}

/** Fields whose names go on behind their own: with an event's argument, an event or a controller's name. */
function resolveSpecial(reference: FieldReference, catalogue: FieldCatalogue): Field | undefined {
  const { name } = reference;
  for (const [prefix, resolve] of SPECIAL) {
    if (!name.startsWith(prefix)) continue;
    const field = catalogue.field(prefix);
    if (field === undefined) return undefined;
    const found = resolve(reference, name.slice(prefix.length), field, catalogue);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Resolver = (
  reference: FieldReference,
  rest: string,
  field: Field,
  catalogue: FieldCatalogue,
) => Field | undefined;

const SPECIAL: readonly (readonly [string, Resolver])[] = [
  ['evt.arg', (reference, rest, field, catalogue) => eventArgument(reference, rest, field, catalogue)],
  ['evt.rawarg', (reference, rest, field, catalogue) => eventArgument(reference, rest, field, catalogue)],
  [
    'evt.abspath',
    (reference, rest, field) => {
      if (rest !== '' && rest !== '.src' && rest !== '.dst') return undefined;
      return withoutArgument(reference, field);
    },
  ],
  [
    'evt.type.is',
    (reference, rest, field, catalogue) => {
      const type = rest.slice(1);
      if (!rest.startsWith('.'))
        throw refused(reference, 'evt.type.is needs an event', 'write evt.type.is.connect');
      if (!isWholeNumber(type) && !catalogue.eventTypes.has(type)) {
        throw new UnknownFieldError(CODE, `there is no event '${type}'`, reference, () =>
          meant(type, catalogue.eventTypes),
        );
      }
      return withoutArgument(reference, field);
    },
  ],
  [
    'thread.cgroup',
    (reference, rest, field) => {
      if (rest.startsWith('s')) return undefined;
      if (!/^\.[A-Za-z_]*$/.test(rest)) {
        throw refused(reference, 'thread.cgroup needs a controller', 'write thread.cgroup.cpu');
      }
      return withoutArgument(reference, field);
    },
  ],
];

function withoutArgument(reference: FieldReference, field: Field): Field {
  if (reference.argument === undefined) return field;
  throw new UnknownFieldError(CODE, `${reference.name} takes no argument`, reference);
}

/** `evt.arg.addr`, `evt.arg[0]`, `evt.rawarg.res`. */
function eventArgument(
  reference: FieldReference,
  rest: string,
  field: Field,
  catalogue: FieldCatalogue,
): Field | undefined {
  const { name, argument } = reference;
  const raw = name.startsWith('evt.rawarg');
  if (!raw && rest.startsWith('s')) return undefined;
  const hint = `write ${field.name}.addr${raw ? '' : ' or evt.arg[0]'}`;
  if (rest === '') {
    if (argument === undefined) throw refused(reference, `${name} needs an argument`, hint);
    if (raw) throw refused(reference, 'evt.rawarg takes the name of an argument, no number', hint);
    if (!isWholeNumber(argument)) throw refused(reference, `'${argument}' is no number of an argument`, hint);
    return field;
  }
  if (!rest.startsWith('.')) throw refused(reference, `there is no field ${name}`, hint);
  const parameter = rest.slice(1);
  const type = catalogue.eventParameters.get(parameter);
  if (type === undefined) {
    const known = (): string | undefined =>
      meant(parameter, catalogue.eventParameters.keys(), `${field.name}.`);
    throw refused(reference, `no event has an argument '${parameter}'`, known);
  }
  if (argument !== undefined) throw new UnknownFieldError(CODE, `${name} takes no argument`, reference);
  return raw ? { ...field, type } : field;
}

function unknownField(reference: FieldReference, catalogue: FieldCatalogue): ConditionError {
  const { name, argument } = reference;
  const message = `there is no field ${name}`;
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const keyed = catalogue.field(name.slice(0, dot));
    if (keyed?.argument?.key !== true) continue;
    const key = name.slice(dot + 1);
    const better = keyed.deprecated === undefined ? keyed.name : keyed.name.replace(/^k8s\./, 'k8smeta.');
    return refused(reference, `${keyed.name} takes its key in brackets`, `write ${better}[${key}]`);
  }
  const plugin = (): boolean =>
    name.startsWith('k8smeta.') && !catalogue.names.some((known) => known.startsWith('k8smeta.'));
  const hint = (): string | undefined =>
    plugin() ? 'it comes with the plugin k8smeta' : meant(name, catalogue.names);
  const span =
    argument === undefined ? reference : { start: reference.start, end: reference.start + name.length };
  return new UnknownFieldError(CODE, message, span, hint);
}

function meant(name: string, known: Iterable<string>, prefix = ''): string | undefined {
  const candidate = nearest(name, known);
  if (candidate === undefined) return undefined;
  const about = aboutField(candidate);
  return `did you mean ${prefix}${candidate}${about === undefined ? '' : ` (${about})`}?`;
}

function refused(
  reference: FieldReference,
  message: string,
  hint?: string | (() => string | undefined),
): ConditionError {
  return new ConditionError(CODE, message, reference, hint);
}
