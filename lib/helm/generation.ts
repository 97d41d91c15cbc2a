import type { Undecided } from '../settings/token';
import { Codes } from './codes';
import { comparison, conjunction, disjunction, truthy } from './condition';
import { DerivedValues } from './derived-values';
import { whereGiven } from './given';
import { Loops } from './loops';
import { Marks } from './marks';
import { literal, operand, type Condition, type Scope, type ValueNode } from './node';
import { re2 } from './re2';
import { Scopes } from './scopes';
import { TokenError } from './token-error';
import { describe, Splice, Tokens } from './tokens';

/** The making of one chart: its tokens, and what becomes of decisions about them. */
export class Generation extends DerivedValues implements Undecided {
  readonly marks = new Marks();
  readonly tokens = new Tokens({
    text: (node) => this.textOf(node),
    field: (choice, name) =>
      this.choice(choice.condition, fieldOf(choice.yes, name), fieldOf(choice.no, name)),
  });
  private readonly around = new Scopes();
  protected readonly codes = new Codes(this.marks, this.tokens);
  private readonly loops = new Loops(this.tokens, this.around, (condition, yes, no) =>
    this.choice(condition, yes, no),
  );

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
    const sides = `${operand(node.code)} ${operand(this.codes.code(String(value)))}`;
    return this.boolean(comparison(`eq ${sides}`, `ne ${sides}`));
  }

  holds(items: readonly unknown[], item: string): boolean {
    return this.boolean(
      truthy(`has ${operand(this.codes.code(item))} ${operand(this.codes.list(items).code)}`, true),
    );
  }

  moreThan(setting: number, bound: number): boolean {
    const node = this.tokens.nodeOf(setting);
    if (node?.is !== 'number') throw new TokenError(String(setting), 'is no number');
    const code = `(int ${operand(node.code)})`;
    return this.boolean(comparison(`gt ${code} ${bound}`, `le ${code} ${bound}`));
  }

  matches(text: string, expression: RegExp): boolean {
    const code = `regexMatch ${literal(re2(expression))} ${operand(this.codes.code(text))}`;
    return this.boolean(truthy(code, true));
  }

  hasKey(map: object, key: string): boolean {
    const code = `hasKey ${operand(this.codes.list(map).code)} ${operand(this.codes.code(key))}`;
    return this.boolean(truthy(code, true));
  }

  saysFalse(map: object, key: string): boolean {
    const sides = `(get ${operand(this.codes.list(map).code)} ${literal(key)} | toJson) "false"`;
    return this.boolean(comparison(`eq ${sides}`, `ne ${sides}`));
  }

  lessThan(one: number, other: number): boolean {
    const sides = [one, other].map((side) => operand(this.codes.number(side))).join(' ');
    return this.boolean(comparison(`lt ${sides}`, `ge ${sides}`));
  }

  not(condition: boolean): boolean {
    return this.boolean(this.codes.condition(condition).negation);
  }

  all(conditions: readonly boolean[]): boolean {
    if (conditions.includes(false)) return false;
    return this.boolean(conjunction(this.codes.conditions(conditions)));
  }

  some(conditions: readonly boolean[]): boolean {
    if (conditions.includes(true)) return true;
    return this.boolean(disjunction(this.codes.conditions(conditions)));
  }

  when<T>(condition: boolean, make: () => T): T | undefined {
    return this.either<T | undefined>(condition, make, () => undefined);
  }

  either<T>(condition: boolean, yes: () => T, no: () => T): T {
    const decided = this.codes.condition(condition);
    if (this.around.hold(decided)) return yes();
    if (this.around.hold(decided.negation)) return no();
    return this.choice(
      decided,
      this.around.within({ is: 'if', condition: decided }, yes),
      this.around.within({ is: 'if', condition: decided.negation }, no),
    ) as T;
  }

  each<T, R>(items: readonly T[], make: (item: T, index: number) => R): R[] {
    return this.loops.over(
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
    return this.loops.over(
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

  /** Where a value says something: a condition, or already known. */
  whereGiven(value: unknown): Condition | boolean {
    return whereGiven(value, this);
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
