import { literal, operand, type Condition, type OpenNode } from './node';
import type { Marks } from './marks';
import { TokenError } from './token-error';
import type { Tokens } from './tokens';

/** Values that only Helm knows, as expressions of its templates. */
export class Codes {
  constructor(
    private readonly marks: Marks,
    private readonly tokens: Tokens,
  ) {}

  /** A text as an expression, as far as it is simple. */
  code(text: string): string {
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

  number(value: number): string {
    const node = this.tokens.nodeOf(value);
    return node?.is === 'number' ? node.code : String(value);
  }

  /** A list or a map. */
  list(items: object): OpenNode {
    const node = this.tokens.nodeOf(items);
    if (node?.is !== 'list' && node?.is !== 'map')
      throw new TokenError('a value', 'is no list or map of values');
    return node;
  }

  conditions(values: readonly boolean[]): Condition[] {
    return values.filter((value) => typeof value !== 'boolean').map((value) => this.condition(value));
  }

  condition(value: boolean): Condition {
    const node = this.tokens.nodeOf(value);
    if (node?.is !== 'boolean') throw new TokenError(String(value), 'is no condition');
    return node.condition;
  }
}
