import {
  BLANK,
  ENDS_BARE_ARGUMENT,
  ENDS_BARE_TEXT,
  SPACE,
  endOfFieldName,
  endOfIdentifier,
  endOfNumber,
  endOfOthers,
  endOfRun,
  isOneOf,
} from './characters';
import { unescape } from './quoting';

/** Whose conditions they are: those of alerts have fields without a dot, no macros, and priorities in an order. */
export type Dialect = 'rules' | 'alerts';

/** Reads the tokens of a condition, one after another: each method takes what it names, or leaves the position alone. */
export class Scanner {
  position = 0;

  constructor(
    readonly text: string,
    readonly dialect: Dialect = 'rules',
  ) {}

  get done(): boolean {
    return this.position >= this.text.length;
  }

  /** Whether there were blanks. */
  skipBlanks(): boolean {
    const start = this.position;
    this.position = endOfRun(BLANK, this.text, start);
    return this.position > start;
  }

  skip(token: string): boolean {
    if (!this.text.startsWith(token, this.position)) return false;
    this.position += token.length;
    return true;
  }

  /** A word that needs a blank behind it; the blanks are taken too. */
  skipWord(word: string): boolean {
    if (!this.text.startsWith(word, this.position)) return false;
    if (!isOneOf(BLANK, this.text, this.position + word.length)) return false;
    this.position += word.length;
    this.skipBlanks();
    return true;
  }

  /** `not` and the spaces behind it. */
  skipNot(): boolean {
    if (!this.text.startsWith('not', this.position)) return false;
    const end = endOfRun(SPACE, this.text, this.position + 3);
    if (end === this.position + 3) return false;
    this.position = end;
    return true;
  }

  identifier(): string | undefined {
    return this.#takeTo(endOfIdentifier(this.text, this.position));
  }

  fieldName(): string | undefined {
    const { text, position } = this;
    const end = endOfFieldName(text, position);
    if (end > position || this.dialect === 'rules') return this.#takeTo(end);
    const bare = endOfIdentifier(text, position);
    // A transformer, or what was meant for one.
    return text[bare] === '(' ? undefined : this.#takeTo(bare);
  }

  number(): string | undefined {
    return this.#takeTo(endOfNumber(this.text, this.position));
  }

  bareText(): string | undefined {
    return this.#takeTo(endOfOthers(ENDS_BARE_TEXT, this.text, this.position));
  }

  bareArgument(): string | undefined {
    return this.#takeTo(endOfOthers(ENDS_BARE_ARGUMENT, this.text, this.position));
  }

  /** Whether the character at the position is a quote. */
  get atQuote(): boolean {
    const character = this.text[this.position];
    return character === '"' || character === "'";
  }

  /**
   * A text in quotes, unescaped; `undefined` where there is none, or its end is missing.
   *
   * @throws ConditionError for an escape that Falco doesn't know; the position is then behind the text
   */
  quotedText(): string | undefined {
    if (!this.atQuote) return undefined;
    const { text, position } = this;
    const end = endOfQuoted(text, position);
    if (end === undefined) return undefined;
    this.position = end;
    return unescape(text, position, end);
  }

  #takeTo(end: number): string | undefined {
    const start = this.position;
    if (end === start) return undefined;
    this.position = end;
    return this.text.slice(start, end);
  }
}

/**
 * The offset behind the closing quote. As in Falco, a quote behind any backslash doesn't close, even if that backslash is
 * escaped itself; and the text may not hold NUL.
 */
function endOfQuoted(text: string, start: number): number | undefined {
  const quote = text.charCodeAt(start);
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0) return undefined;
    if (code === quote && text[i - 1] !== '\\') return i + 1;
  }
  return undefined;
}
