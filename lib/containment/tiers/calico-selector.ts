import type { Labels } from '../objects';

/** Whether a Calico selector selects; `undefined` where it asks for what we don't know, or can't be read. */
export type Selected = boolean | undefined;

/** Labels of an endpoint, and keys of labels that it may have without our knowing. */
export interface CalicoLabels {
  readonly labels: Labels;
  readonly unknown: readonly string[];
}

const TOKEN = /\s*(?:(&&|\|\||==|!=|!|\(|\)|\{|\}|,)|"([^"]*)"|'([^']*)'|([a-zA-Z0-9_./-]+))/y;
const WORD_OPERATORS = ['contains', 'starts', 'ends'] as const;

interface Token {
  readonly type: 'sign' | 'text' | 'word';
  readonly value: string;
}

/**
 * Evaluates a selector of Calico's own language (`app == 'web' && has(tier)`; an empty one and `all()` select everything)
 * with three values: what is not known stays so unless the rest decides
 * (https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy#selector).
 */
export function calicoSelects(selector: string, labels: CalicoLabels): Selected {
  if (selector.trim() === '') return true;
  const tokens = tokensOf(selector);
  if (tokens === undefined) return undefined;
  const reader = new Reader(tokens, labels);
  try {
    const result = reader.either();
    return reader.atEnd() ? result : undefined;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** Thrown and caught in this file alone. */
class Unreadable extends Error {}

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const source = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source);
    if (match === null) return undefined;
    const [, sign, double, single, word] = match;
    if (sign !== undefined) tokens.push({ type: 'sign', value: sign });
    else if (word !== undefined) tokens.push({ type: 'word', value: word });
    else tokens.push({ type: 'text', value: double ?? single ?? '' });
  }
  return tokens;
}

class Reader {
  private place = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly known: CalicoLabels,
  ) {}

  atEnd(): boolean {
    return this.place === this.tokens.length;
  }

  either(): Selected {
    let result = this.both();
    while (this.takes('sign', '||')) {
      const other = this.both();
      result =
        result === true || other === true ? true : result === false && other === false ? false : undefined;
    }
    return result;
  }

  private both(): Selected {
    let result = this.one();
    while (this.takes('sign', '&&')) {
      const other = this.one();
      result =
        result === false || other === false ? false : result === true && other === true ? true : undefined;
    }
    return result;
  }

  private one(): Selected {
    if (this.takes('sign', '!')) {
      const result = this.one();
      return result === undefined ? undefined : !result;
    }
    if (this.takes('sign', '(')) {
      const result = this.either();
      this.need(')');
      return result;
    }
    const name = this.value('word');
    if (this.takes('sign', '(')) return this.call(name);
    return this.compare(name);
  }

  private call(name: string): Selected {
    if (name === 'has') {
      const key = this.value('word');
      this.need(')');
      return this.unknown(key) ? undefined : this.label(key) !== undefined;
    }
    this.need(')');
    if (name === 'all') return true;
    // Of what has no namespace: never a Pod.
    if (name === 'global') return false;
    throw new Unreadable();
  }

  private compare(key: string): Selected {
    const value = this.label(key);
    const result = (() => {
      if (this.takes('sign', '==')) return value === this.value('text');
      if (this.takes('sign', '!=')) return value !== this.value('text');
      if (this.takes('word', 'in')) return this.texts().some((each) => each === value);
      if (this.takes('word', 'not')) {
        if (!this.takes('word', 'in')) throw new Unreadable();
        return !this.texts().some((each) => each === value);
      }
      return this.partly(value);
    })();
    return this.unknown(key) ? undefined : result;
  }

  private partly(value: string | undefined): boolean {
    const operator = WORD_OPERATORS.find((word) => this.takes('word', word));
    if (operator === undefined) throw new Unreadable();
    if (operator !== 'contains' && !this.takes('word', 'with')) throw new Unreadable();
    const part = this.value('text');
    if (value === undefined) return false;
    if (operator === 'contains') return value.includes(part);
    return operator === 'starts' ? value.startsWith(part) : value.endsWith(part);
  }

  private texts(): string[] {
    const found: string[] = [];
    this.need('{');
    while (!this.takes('sign', '}')) {
      if (found.length > 0) this.need(',');
      found.push(this.value('text'));
    }
    return found;
  }

  private label(key: string): string | undefined {
    return Object.hasOwn(this.known.labels, key) ? this.known.labels[key] : undefined;
  }

  private unknown(key: string): boolean {
    return this.known.unknown.includes(key);
  }

  private takes(type: Token['type'], value: string): boolean {
    const token = this.tokens[this.place];
    if (token?.type !== type || token.value !== value) return false;
    this.place++;
    return true;
  }

  private need(sign: string): void {
    if (!this.takes('sign', sign)) throw new Unreadable();
  }

  private value(type: 'text' | 'word'): string {
    const token = this.tokens[this.place];
    if (token?.type !== type) throw new Unreadable();
    this.place++;
    return token.value;
  }
}
