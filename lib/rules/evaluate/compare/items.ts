import type { FieldValue } from '../event';

/** The values of a field that holds several: as they are, or from the text `(a,b)` that Falco prints. */
export function itemsOf(value: FieldValue): readonly (string | number | bigint | boolean)[] {
  if (Array.isArray(value)) return value as readonly (string | number | bigint)[];
  if (value === null) return [];
  if (typeof value !== 'string') return [value as number | bigint | boolean];
  const inner = /^\((.*)\)$/s.exec(value)?.[1];
  if (inner === undefined) return [value];
  return inner === '' ? [] : inner.split(',');
}
