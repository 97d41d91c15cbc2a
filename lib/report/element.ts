import { htmlText } from '../html-text';

/** A part of the page, before it is text or a node: nothing that it says can become markup. */
export interface PageElement {
  readonly tag: string;
  readonly attributes: Attributes;
  readonly children: readonly Child[];
}

/** What is `undefined` or `false` is left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** A part, or a text. */
export type Child = PageElement | string;

/** A part of the page. */
export function h(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): PageElement {
  return { tag, attributes, children };
}

const WITHOUT_END = new Set(['meta', 'input', 'br', 'col']);

/** As HTML. */
export function print(part: Child): string {
  if (typeof part === 'string') return htmlText(part);
  const { tag, attributes, children } = part;
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${htmlText(String(value))}"`))
    .join('');
  const end = WITHOUT_END.has(tag) ? '' : `</${tag}>`;
  return `<${tag}${written}>${children.map(print).join('')}${end}`;
}
