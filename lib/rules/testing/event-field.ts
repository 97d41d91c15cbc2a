import type { Field, FieldCatalogue } from '../fields/field';
import { resolveField } from '../fields/resolve-field';
import type { FieldReference } from '../language/ast';
import { ConditionError } from '../language/condition-error';

/** Fields that Falco makes of others, and what to tell instead; comparisons never look at them in an event. */
const MADE_OF: Readonly<Record<string, readonly string[]>> = {
  'fd.ip': ['fd.cip', 'fd.sip'],
  'fd.port': ['fd.cport', 'fd.sport'],
  'fd.proto': ['fd.cport', 'fd.sport'],
  'fd.net': ['fd.cip', 'fd.sip'],
  'fd.cnet': ['fd.cip'],
  'fd.snet': ['fd.sip'],
  'fd.lnet': ['fd.lip'],
  'fd.rnet': ['fd.rip'],
};

/** Falco takes these names and never gives them a value. */
const NEVER_SET = /^k8s\.(?:ns\.(?:id|labels?)|(?:rc|svc|rs|deployment)\.(?:name|id|labels?))$/;

/** A field as text, `proc.aname[2]`, taken apart. */
function fieldReference(text: string): FieldReference {
  const [, name = text, quoted] = /^([^[\]]+)\[(.*)\]$/s.exec(text) ?? [];
  const argument = quoted === undefined ? undefined : (/^(["'])(.*)\1$/s.exec(quoted)?.[2] ?? quoted);
  return { kind: 'field', name, argument, start: 0, end: text.length };
}

/**
 * The field that an event tells by a key.
 *
 * @throws {@link ConditionError} where there is no such field, or it can't be told; its span is within the key
 */
export function eventField(key: string, catalogue: FieldCatalogue): Field {
  const reference = fieldReference(key);
  const field = resolveField(reference, catalogue);
  const instead = Object.hasOwn(MADE_OF, reference.name) ? MADE_OF[reference.name] : undefined;
  if (instead !== undefined) {
    throw new ConditionError(
      'invalid-event',
      `${key} follows from other fields`,
      reference,
      `tell ${instead.join(' and ')}`,
    );
  }
  if (NEVER_SET.test(reference.name)) {
    const hint = `write ${key.replace(/^k8s\./, 'k8smeta.')}`;
    throw new ConditionError('invalid-event', `Falco never gives ${reference.name} a value`, reference, hint);
  }
  if (field.type === 'IPNET' || field.type === 'DYNAMIC') {
    throw new ConditionError('invalid-event', `an event can't tell ${key}`, reference);
  }
  return field;
}

/**
 * Whether a recorded event loses nothing by what it tells under a key: notes of the recorder (no field's name begins with
 * `_`), no value of a field that Falco makes of others or never sets, and values that follow from others it tells.
 */
export function tellsNothing(key: string, event: Readonly<Record<string, unknown>>): boolean {
  if (key.startsWith('_')) return true;
  const { name } = fieldReference(key);
  const isEmpty = event[key] === null;
  if (NEVER_SET.test(name)) return isEmpty;
  const parts = Object.hasOwn(MADE_OF, name) ? MADE_OF[name] : undefined;
  return parts !== undefined && (isEmpty || parts.every((part) => Object.hasOwn(event, part)));
}
