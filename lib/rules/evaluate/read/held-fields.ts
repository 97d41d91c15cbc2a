import type { Comparison, Exists, FieldReference } from '../../language/ast';
import { fieldsOf } from '../../language/walk';
import { fieldKey } from './field';

/** Fields that stand for either end of a socket, and the fields that hold the ends. */
const BOTH_ENDS: Readonly<Record<string, readonly string[] | undefined>> = {
  'fd.ip': ['fd.cip', 'fd.sip'],
  'fd.net': ['fd.cip', 'fd.sip'],
  'fd.port': ['fd.cport', 'fd.sport'],
  'fd.proto': ['fd.cport', 'fd.sport'],
};

/** The fields of an event that hold what a check asks for, each once. */
export function heldFields(check: Comparison | Exists): FieldReference[] {
  const all = fieldsOf(check).flatMap((field) =>
    (BOTH_ENDS[field.name] ?? [field.name]).map((name) => ({ ...field, name })),
  );
  return [...new Map(all.map((field) => [fieldKey(field), field])).values()];
}
