import type { KeyWithin } from '../settings/decide';
import type { Undecided } from '../settings/token';
import { comparison, conjunction, disjunction, truthy } from './condition';
import { whereGiven } from './given';
import { Marks } from './marks';
import {
  literal,
  operand,
  ownValues,
  type Condition,
  type Loop,
  type OpenNode,
  type Scope,
  type ValueNode,
} from './node';
import { re2 } from './re2';
import { Scopes } from './scopes';
import { TokenError } from './token-error';
import { describe, Splice, Tokens } from './tokens';

/** The making of one chart: its tokens, and what becomes of decisions about them. */
export class Generation implements Undecided {
  readonly marks = new Marks();
  readonly tokens = new Tokens({
    text: (node) => this.textOf(node),
    field: (choice, name) =>
      this.choice(choice.condition, fieldOf(choice.yes, name), fieldOf(choice.no, name)),
  });
  private readonly around = new Scopes();

  isOpen(value: unknown): boolean {
    if (typeof value === 'string') return this.marks.in(value);
    if (typeof value !== 'object' || value === null) return false;
    if (this.tokens.nodeOf(value) !== undefined || value instanceof Splice) return true;
    if (Array.isArray(value))
      return value.some((item) => item instanceof Splice || this.tokens.nodeOf(item) !== undefined);
    return Object.entries(value).some(([key, item]) => this.tokens.isSplice(key, item));
  }

  scopes(): readonly Scope[] {
    return this.around.all();
  }

  given(value: unknown): boolean {
    return this.boolean(this.whereGiven(value));
  }

  is(setting: unknown, value: string | number | boolean): boolean {
    const node = typeof setting === 'string' ? this.marks.only(setting) : undefined;
    if (node?.is !== 'code') throw new TokenError(String(setting), "can't be compared");
    const sides = `${operand(node.code)} ${operand(this.code(String(value)))}`;
    return this.boolean(comparison(`eq ${sides}`, `ne ${sides}`));
  }

  holds(items: readonly unknown[], item: string): boolean {
    return this.boolean(truthy(`has ${operand(this.code(item))} ${operand(this.list(items).code)}`, true));
  }

  moreThan(setting: number, bound: number): boolean {
    const node = this.tokens.nodeOf(setting);
    if (node?.is !== 'number') throw new TokenError(String(setting), 'is no number');
    const code = `(int ${operand(node.code)})`;
    return this.boolean(comparison(`gt ${code} ${bound}`, `le ${code} ${bound}`));
  }

  matches(text: string, expression: RegExp): boolean {
    const code = `regexMatch ${literal(re2(expression))} ${operand(this.code(text))}`;
    return this.boolean(truthy(code, true));
  }

  hasKey(map: object, key: string): boolean {
    const code = `hasKey ${operand(this.list(map).code)} ${operand(this.code(key))}`;
    return this.boolean(truthy(code, true));
  }

  saysFalse(map: object, key: string): boolean {
    const sides = `(get ${operand(this.list(map).code)} ${literal(key)} | toJson) "false"`;
    return this.boolean(comparison(`eq ${sides}`, `ne ${sides}`));
  }

  lessThan(one: number, other: number): boolean {
    const sides = [one, other].map((side) => operand(this.number(side))).join(' ');
    return this.boolean(comparison(`lt ${sides}`, `ge ${sides}`));
  }

  part(map: object, key: string): Readonly<Record<string, unknown>> {
    const code = `dig ${operand(this.code(key))} dict ${operand(this.list(map).code)}`;
    return this.tokens.collection({ is: 'map', code, item: () => undefined }) as Readonly<
      Record<string, unknown>
    >;
  }

  listAt(map: object, key: string): readonly unknown[] {
    const code = `dig ${literal(key)} list ${operand(this.list(map).code)}`;
    return this.tokens.collection({ is: 'list', code, item: () => undefined }) as readonly unknown[];
  }

  valuesAt(items: readonly object[], key: string): readonly unknown[] {
    const code = `include "falco-egress.valuesAt" (list ${literal(key)} ${operand(this.list(items).code)}) | fromJsonArray`;
    return this.tokens.collection({ is: 'list', code, item: () => undefined }) as readonly unknown[];
  }

  times(texts: readonly string[], text: string): number {
    const all = operand(this.list(texts).code);
    const code = `sub (len ${all}) (len (without ${all} ${operand(this.code(text))}))`;
    return this.tokens.scalar({ is: 'number', code }) as unknown as number;
  }

  lengthOf(text: string): number {
    return this.tokens.scalar({
      is: 'number',
      code: `len ${operand(this.code(text))}`,
    }) as unknown as number;
  }

  without(text: string, ending: RegExp): string {
    const code = `regexReplaceAll ${literal(re2(ending))} ${operand(this.code(text))} ""`;
    return this.marks.add({ is: 'code', code });
  }

  lowerCase(text: string): string {
    return this.marks.add({ is: 'code', code: `lower ${operand(this.code(text))}` });
  }

  keysWithin(map: object): readonly KeyWithin[] {
    const code = `include "falco-egress.keysWithin" ${operand(ownValues(this.list(map).code))} | fromJsonArray`;
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

  not(condition: boolean): boolean {
    return this.boolean(this.condition(condition).negation);
  }

  all(conditions: readonly boolean[]): boolean {
    if (conditions.includes(false)) return false;
    return this.boolean(conjunction(this.conditions(conditions)));
  }

  some(conditions: readonly boolean[]): boolean {
    if (conditions.includes(true)) return true;
    return this.boolean(disjunction(this.conditions(conditions)));
  }

  when<T>(condition: boolean, make: () => T): T | undefined {
    return this.either<T | undefined>(condition, make, () => undefined);
  }

  either<T>(condition: boolean, yes: () => T, no: () => T): T {
    const decided = this.condition(condition);
    if (this.around.hold(decided)) return yes();
    if (this.around.hold(decided.negation)) return no();
    return this.choice(
      decided,
      this.around.within({ is: 'if', condition: decided }, yes),
      this.around.within({ is: 'if', condition: decided.negation }, no),
    ) as T;
  }

  each<T, R>(items: readonly T[], make: (item: T, index: number) => R): R[] {
    return this.over(
      items,
      (node) => {
        const loop = this.around.loop(node.code, 'index', 'item');
        const index = this.tokens.scalar({ is: 'number', code: loop.key });
        return [loop, () => make(node.item(loop.item) as T, index as unknown as number)];
      },
      (item) => make(item as T, NaN),
    );
  }

  eachEntry<T, R>(map: Readonly<Record<string, T>>, make: (key: string, value: T) => R): R[] {
    const pair = (entry: unknown) => {
      const [key, value] = entry as [string, T];
      return make(key, value);
    };
    const node = this.tokens.nodeOf(map);
    if (node === undefined)
      return Object.entries(map).flatMap(([key, value]) =>
        this.tokens.isSplice(key, value)
          ? [...this.eachEntry(value as unknown as Readonly<Record<string, T>>, make)]
          : [make(key, value)],
      );
    return this.over(
      map,
      (open) => {
        const loop = this.around.loop(open.code, 'key', 'value');
        const key = this.marks.add({ is: 'code', code: loop.key });
        return [loop, () => make(key, open.item(loop.item) as T)];
      },
      pair,
    );
  }

  joined(items: readonly string[], separator: string): string {
    const node = this.tokens.nodeOf(items);
    if (node?.is === 'list')
      return this.marks.add({ is: 'code', code: `join ${literal(separator)} ${operand(node.code)}` });
    return this.marks.add({ is: 'joined', items: [...items], separator });
  }

  overlaid(base: object, over: object): Readonly<Record<string, unknown>> {
    const layers = [base, over].flatMap((layer) => {
      const node = this.tokens.nodeOf(layer);
      return node?.is === 'overlay' ? node.layers : [layer];
    });
    return this.tokens.collection({ is: 'overlay', layers }) as Readonly<Record<string, unknown>>;
  }

  withoutKeys(map: object, keys: readonly string[]): Readonly<Record<string, unknown>> {
    const code = ['omit', operand(ownValues(this.list(map).code)), ...keys.map(literal)].join(' ');
    return this.tokens.collection({ is: 'map', code, item: () => undefined }) as Readonly<
      Record<string, unknown>
    >;
  }

  first(items: readonly string[]): string {
    return this.marks.add({ is: 'code', code: `first ${this.list(items).code}` });
  }

  valueAt(map: Readonly<Record<string, string>>, key: string): string {
    return this.marks.add({
      is: 'code',
      code: `get ${operand(this.list(map).code)} ${operand(this.code(key))}`,
    });
  }

  named(name: string, text: string): string {
    return this.marks.add({ is: 'named', name, text });
  }

  quoted(text: string): string {
    return this.marks.add({ is: 'quoted', text });
  }

  printed(form: 'config' | 'json' | 'declared', content: object): string | undefined {
    return this.mentions(content) ? this.marks.add({ is: 'printed', form, content }) : undefined;
  }

  digest(text: string, letters: number): string {
    return this.marks.add({ is: 'digest', text, letters });
  }

  listItem(text: string): string {
    return this.marks.add({
      is: 'code',
      code: `include "falco-egress.listItem" ${operand(this.code(text))}`,
    });
  }

  /** Where a value says something: a condition, or already known. */
  whereGiven(value: unknown): Condition | boolean {
    return whereGiven(value, this);
  }

  private over<R>(
    items: object,
    begin: (node: OpenNode) => [Loop, () => R],
    again: (item: unknown) => R,
  ): R[] {
    const node = this.tokens.nodeOf(items);
    switch (node?.is) {
      case 'list':
      case 'map': {
        const [loop, body] = begin(node);
        return this.range(loop, body);
      }
      case 'each':
        return this.range(node.loop, () => this.item(node.body, again));
      case 'choice':
        return this.choice(
          node.condition,
          this.around.within({ is: 'if', condition: node.condition }, () =>
            this.over(node.yes as object, begin, again),
          ),
          this.around.within({ is: 'if', condition: node.condition.negation }, () =>
            this.over(node.no as object, begin, again),
          ),
        ) as R[];
      case undefined:
        return (items as unknown[]).flatMap((item) =>
          item instanceof Splice ? [...this.over(item.of, begin, again)] : [this.item(item, again)],
        );
      default:
        throw new TokenError(node === undefined ? 'a value' : describe(node), 'has no items');
    }
  }

  /** What becomes of an item that is perhaps not there. */
  private item<R>(item: unknown, again: (item: unknown) => R): R {
    const node = this.tokens.nodeOf(item);
    if (node?.is !== 'choice') return again(item);
    if (node.no !== undefined) throw new TokenError(describe(node), 'is an item with an alternative');
    const scope: Scope = { is: 'if', condition: node.condition };
    return this.choice(
      node.condition,
      this.around.within(scope, () => again(node.yes)),
      undefined,
    ) as R;
  }

  private range<R>(loop: Loop, make: () => R): R[] {
    const body = this.around.within({ is: 'each', loop }, make);
    return this.tokens.collection({ is: 'each', loop, body }) as R[];
  }

  private choice(condition: Condition, yes: unknown, no: unknown): unknown {
    if (yes === no) return yes;
    if (typeof yes === 'string' && typeof no === 'string')
      return this.marks.add({ is: 'choice', condition, yes, no });
    return this.tokens.collection({ is: 'choice', condition, yes, no });
  }

  private textOf(node: ValueNode): string {
    switch (node.is) {
      case 'number':
        return this.marks.add({ is: 'code', code: `${node.code} | toJson` });
      case 'boolean':
        return this.marks.add({ is: 'code', code: node.condition.code });
      case 'choice':
        return this.marks.add({
          is: 'choice',
          condition: node.condition,
          yes: String(node.yes),
          no: String(node.no),
        });
      default:
        throw new TokenError(describe(node), 'was put into a text');
    }
  }

  private boolean(condition: Condition | boolean): boolean {
    if (typeof condition === 'boolean') return condition;
    return this.tokens.scalar({ is: 'boolean', condition }) as unknown as boolean;
  }

  private conditions(values: readonly boolean[]): Condition[] {
    return values.filter((value) => typeof value !== 'boolean').map((value) => this.condition(value));
  }

  private condition(value: boolean): Condition {
    const node = this.tokens.nodeOf(value);
    if (node?.is !== 'boolean') throw new TokenError(String(value), 'is no condition');
    return node.condition;
  }

  private list(items: object): OpenNode {
    const node = this.tokens.nodeOf(items);
    if (node?.is !== 'list' && node?.is !== 'map')
      throw new TokenError('a value', 'is no list or map of values');
    return node;
  }

  /** A text as an expression, as far as it is simple. */
  private code(text: string): string {
    const node = this.marks.only(text);
    if (node?.is === 'code') return node.code;
    const parts = this.marks.split(text);
    const codes = parts.flatMap((one) => (typeof one === 'object' && one.is === 'code' ? [one.code] : []));
    const literals = parts.filter((one) => typeof one === 'string').join('');
    if (codes.length === 0 && !this.marks.in(text)) return literal(text);
    if (parts.some((one) => typeof one === 'object' && one.is !== 'code') || literals.includes('%'))
      throw new TokenError(text, 'is no single value');
    const format = parts.map((one) => (typeof one === 'string' ? one : '%s')).join('');
    return `printf ${literal(format)} ${codes.map(operand).join(' ')}`;
  }

  private number(value: number): string {
    const node = this.tokens.nodeOf(value);
    return node?.is === 'number' ? node.code : String(value);
  }

  private mentions(value: unknown): boolean {
    if (this.isOpen(value)) return true;
    return (
      typeof value === 'object' && value !== null && Object.values(value).some((item) => this.mentions(item))
    );
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
