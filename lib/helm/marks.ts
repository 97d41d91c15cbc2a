import { randomBytes } from 'node:crypto';
import type { TextNode } from './node';
import { TokenError } from './token-error';

/**
 * Marks: what stands in texts in the place of what the chart fills in. Letters and digits only, so that a mark goes
 * through YAML and JSON unquoted; with random ones among them, so that no text of a setting can hold one by chance or on
 * purpose.
 */
export class Marks {
  private readonly prefix = `m${randomBytes(12).toString('hex')}n`;
  private readonly pattern = new RegExp(`${this.prefix}(\\d+)e`, 'g');
  private readonly nodes: TextNode[] = [];

  /** A new mark. */
  add(node: TextNode): string {
    return `${this.prefix}${this.nodes.push(node) - 1}e`;
  }

  /** Whether a text holds a mark. */
  in(text: string): boolean {
    return text.includes(this.prefix);
  }

  /** The literal parts of a text and the nodes between them, none of them empty. */
  split(text: string): (string | TextNode)[] {
    if (!this.in(text)) return text === '' ? [] : [text];
    return text.split(this.pattern).flatMap((part, index): (string | TextNode)[] => {
      if (index % 2 === 0) {
        if (this.in(part)) throw new TokenError(part, 'a mark was cut into pieces');
        return part === '' ? [] : [part];
      }
      const node = this.nodes[Number(part)];
      if (node === undefined) throw new TokenError(part, 'no such mark');
      return [node];
    });
  }

  /** The one node of which a text consists, if it does. */
  only(text: string): TextNode | undefined {
    const parts = this.split(text);
    const [part] = parts;
    return parts.length === 1 && typeof part === 'object' ? part : undefined;
  }

  /** What is left of marks in a finished template is lost. */
  assertNone(text: string, where: string): void {
    if (this.in(text)) throw new TokenError(where, 'a mark is left in the template');
  }
}
