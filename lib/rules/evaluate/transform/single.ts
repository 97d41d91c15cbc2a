import { itemsOf } from '../compare/items';
import { bytesOf } from '../compare/c-text';
import { textOf } from '../compare/text-test';
import type { FieldValue } from '../event';

/** What makes one text of another; `undefined` where it can't, and then there is no value. */
export type Transform = (text: string) => string | undefined;

/** Transforms a text, or each of a list. */
export function perText(value: FieldValue, isList: boolean, transform: Transform): FieldValue | undefined {
  if (!isList) return transform(textOf(value));
  const results: string[] = [];
  for (const item of itemsOf(value)) {
    const result = transform(String(item));
    if (result === undefined) return undefined;
    results.push(result);
  }
  return results;
}

/** How many bytes a text has, or how many items a list. */
export function lengthOf(value: FieldValue, isList: boolean): number {
  return isList ? itemsOf(value).length : bytesOf(textOf(value)).length;
}

/** What base64 says; its padding may be missing. */
export function decodeBase64(text: string): string | undefined {
  const digits = text.replace(/={0,2}$/, '');
  if (!/^[A-Za-z\d+/]*$/.test(digits) || digits.length % 4 === 1) return undefined;
  return Buffer.from(digits, 'base64').toString('utf8');
}
