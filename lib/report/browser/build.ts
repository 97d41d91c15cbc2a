import type { Child } from '../element';

const SVG = 'http://www.w3.org/2000/svg';

/** A part of the page as a node: its texts are texts. */
export function build(part: Child, inSvg = false): Node {
  if (typeof part === 'string') return document.createTextNode(part);
  const isSvg = inSvg || part.tag === 'svg';
  const node = isSvg ? document.createElementNS(SVG, part.tag) : document.createElement(part.tag);
  for (const [name, value] of Object.entries(part.attributes))
    if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : String(value));
  node.append(...part.children.map((child) => build(child, isSvg)));
  return node;
}
