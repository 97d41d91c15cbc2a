import type { KeyWithin } from '../settings/decide';
import type { Codes } from './codes';
import type { Marks } from './marks';
import { literal, operand, ownValues } from './node';
import { re2 } from './re2';
import type { Tokens } from './tokens';

/** Values that are read out of others, or counted in them, where only Helm knows these. */
export abstract class DerivedValues {
  abstract readonly marks: Marks;
  abstract readonly tokens: Tokens;
  protected abstract readonly codes: Codes;

  part(map: object, key: string): Readonly<Record<string, unknown>> {
    const code = `dig ${operand(this.codes.code(key))} dict ${operand(this.codes.list(map).code)}`;
    return this.tokens.collection({ is: 'map', code, item: () => undefined }) as Readonly<
      Record<string, unknown>
    >;
  }

  textsAt(map: object, key: string): readonly string[] {
    const code = `dig ${literal(key)} list ${operand(this.codes.list(map).code)}`;
    const item = (text: string) => this.marks.add({ is: 'code', code: text });
    return this.tokens.collection({ is: 'list', code, item }) as readonly string[];
  }

  valuesAt(items: readonly object[], key: string): readonly unknown[] {
    const code = `include "falco-egress.valuesAt" (list ${literal(key)} ${operand(this.codes.list(items).code)}) | fromJsonArray`;
    return this.tokens.collection({ is: 'list', code, item: () => undefined }) as readonly unknown[];
  }

  times(texts: readonly string[], text: string): number {
    const all = operand(this.codes.list(texts).code);
    const code = `sub (len ${all}) (len (without ${all} ${operand(this.codes.code(text))}))`;
    return this.tokens.scalar({ is: 'number', code }) as unknown as number;
  }

  lengthOf(text: string): number {
    return this.tokens.scalar({
      is: 'number',
      code: `len ${operand(this.codes.code(text))}`,
    }) as unknown as number;
  }

  without(text: string, ending: RegExp): string {
    const code = `regexReplaceAll ${literal(re2(ending))} ${operand(this.codes.code(text))} ""`;
    return this.marks.add({ is: 'code', code });
  }

  lowerCase(text: string): string {
    return this.marks.add({ is: 'code', code: `lower ${operand(this.codes.code(text))}` });
  }

  keysWithin(map: object): readonly KeyWithin[] {
    const code = `include "falco-egress.keysWithin" ${operand(ownValues(this.codes.list(map).code))} | fromJsonArray`;
    const field = (item: string, name: string) => this.marks.add({ is: 'code', code: `${item}.${name}` });
    const item = (one: string): KeyWithin => ({
      path: [field(one, 'path')],
      key: field(one, 'key'),
      variable: field(one, 'variable'),
      above: field(one, 'above'),
      parent: field(one, 'parent'),
      texts: this.tokens.collection({
        is: 'list',
        code: `${one}.texts`,
        item: (text) => this.marks.add({ is: 'code', code: text }),
      }) as string[],
    });
    return this.tokens.collection({ is: 'list', code, item }) as KeyWithin[];
  }

  withoutKeys(map: object, keys: readonly string[]): Readonly<Record<string, unknown>> {
    const code = ['omit', operand(ownValues(this.codes.list(map).code)), ...keys.map(literal)].join(' ');
    return this.tokens.collection({ is: 'map', code, item: () => undefined }) as Readonly<
      Record<string, unknown>
    >;
  }

  first(items: readonly string[]): string {
    return this.marks.add({ is: 'code', code: `first ${this.codes.list(items).code}` });
  }

  valueAt(map: Readonly<Record<string, string>>, key: string): string {
    return this.marks.add({
      is: 'code',
      code: `get ${operand(this.codes.list(map).code)} ${operand(this.codes.code(key))}`,
    });
  }

  listItem(text: string): string {
    return this.marks.add({
      is: 'code',
      code: `include "falco-egress.listItem" ${operand(this.codes.code(text))}`,
    });
  }
}
