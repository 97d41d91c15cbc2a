import type { ChoiceNode, CollectionNode, ValueNode } from './node';
import { TokenError } from './token-error';

/** How a token becomes a part of a text, and a field of a choice a token of its own. */
export interface TokenUse {
  text(node: ValueNode): string;
  field(choice: ChoiceNode, name: string): unknown;
}

/** Fields that only a list has. */
const LIST_FIELDS = new Set(['length', 'map', 'filter', 'forEach', 'flatMap', 'flat', 'join', 'includes']);

/** The tokens of one chart that are no texts. They can be put somewhere and spread, and not looked into. */
export class Tokens {
  private readonly nodes = new WeakMap<object, ValueNode>();
  private readonly keys = new WeakMap<object, string>();
  private count = 0;

  constructor(private readonly use: TokenUse) {}

  /** The node of a token; nothing for what is none. */
  nodeOf(value: unknown): ValueNode | undefined {
    return typeof value === 'object' && value !== null ? this.nodes.get(value) : undefined;
  }

  /** Whether a key of a map stands for all keys of its value. */
  isSplice(key: string, value: unknown): value is object {
    return typeof value === 'object' && value !== null && this.keys.get(value) === key;
  }

  /** A plain object that stands for a map of values, as it is. */
  branch(code: string, content: object, oneLine: boolean): void {
    this.nodes.set(content, { is: 'map', code, item: () => undefined, oneLine });
  }

  /** A number, or whether something holds. */
  scalar(node: Extract<ValueNode, { is: 'number' | 'boolean' }>): object {
    const token = new Scalar(node, this.use);
    this.nodes.set(token, node);
    return token;
  }

  /** A list, map, choice, range or overlay. */
  collection(node: CollectionNode): object {
    const key = `…${this.count++}`;
    const fail = (what: string): never => {
      throw new TokenError(describe(node), what);
    };
    const token: object = new Proxy(
      {},
      {
        get: (_target, property) => {
          if (property === Symbol.iterator) return () => [new Splice(key, token)].values();
          if (property === Symbol.toPrimitive)
            return (hint: string) => (hint === 'string' ? this.use.text(node) : fail('was counted with'));
          if (typeof property === 'symbol') return undefined;
          if (property === key) return token;
          if (node.is === 'choice' && !LIST_FIELDS.has(property)) return this.use.field(node, property);
          return fail(`'.${property}' was read`);
        },
        has: (_target, property) => fail(`'${String(property)}' was looked for`),
        ownKeys: () => [key],
        getOwnPropertyDescriptor: (_target, property) =>
          property === key ? { configurable: true, enumerable: true, value: token } : undefined,
        set: () => fail('was written to'),
      },
    );
    this.nodes.set(token, node);
    this.keys.set(token, key);
    return token;
  }
}

/** The items of a token, as one item of a list around it. */
export class Splice {
  constructor(
    private readonly key: string,
    readonly of: object,
  ) {}

  /** As an entry of `Object.fromEntries`: a key that stands for all keys. */
  get 0(): string {
    return this.key;
  }

  get 1(): object {
    return this.of;
  }

  [Symbol.toPrimitive](): never {
    throw new TokenError('the items of a list', 'were put into a text: go through them by each()');
  }
}

class Scalar {
  constructor(
    private readonly node: ValueNode,
    private readonly use: TokenUse,
  ) {}

  toString(): string {
    return this.use.text(this.node);
  }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString();
    throw new TokenError(describe(this.node), 'was compared or counted with');
  }

  toJSON(): never {
    throw new TokenError(describe(this.node), 'was printed as JSON');
  }
}

/** What a token stands for, for messages. */
export function describe(node: ValueNode): string {
  switch (node.is) {
    case 'boolean':
      return node.condition.code;
    case 'choice':
      return `the choice by ${node.condition.code}`;
    case 'each':
      return `the range over ${node.loop.code}`;
    case 'overlay':
      return 'an overlay';
    default:
      return node.code;
  }
}
