/** The fields of an alert by Falco's names; what it does not tell is `undefined` or null. */
export type Fields = (name: string) => unknown;

/** What Falco prints in texts for "none", and in the protocol of a socket that it has lost track of. */
const NOT_KNOWN = '<NA>';

/** The first of some fields that has a text. */
export function textOf(fields: Fields, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields(name);
    if (typeof value === 'string' && value !== '' && value !== NOT_KNOWN) return value;
  }
  return undefined;
}

/** The first of some fields that has a whole number, or the text of one: what Loki stores beside a line is all text. */
export function numberOf(fields: Fields, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = fields(name);
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    if (typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value);
  }
  return undefined;
}
