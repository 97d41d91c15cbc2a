import type { Condition, Loop, OpenNode, Scope } from './node';
import type { Scopes } from './scopes';
import { TokenError } from './token-error';
import { describe, Splice, type Tokens } from './tokens';

/** What is made of each item of a collection of which perhaps only Helm knows the items. */
export class Loops {
  constructor(
    private readonly tokens: Tokens,
    private readonly around: Scopes,
    private readonly choice: (condition: Condition, yes: unknown, no: unknown) => unknown,
  ) {}

  /**
   * @param begin gives the loop over a collection that is open, and what makes its body
   * @param again makes the same of an item that is there
   */
  over<R>(items: object, begin: (node: OpenNode) => [Loop, () => R], again: (item: unknown) => R): R[] {
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
}
