import { mapGraph } from '../map-graph';
import { mapPictures } from '../map-picture';
import type { EdgeData, PageData } from '../page-data';
import { build } from './build';
import { find } from './find';

/** The picture in both its shapes, which shows what is found, and what belongs to the node under the pointer or the focus. */
export class LiveMap {
  private readonly holder = find('map-holder', HTMLDivElement);

  /** @param choose takes what finds a node */
  constructor(
    private readonly data: PageData,
    private readonly choose: (search: string) => void,
  ) {
    this.enliven();
  }

  /** Draws it anew, of these alone. */
  set(edges: readonly EdgeData[]): void {
    this.holder.replaceChildren(...mapPictures(mapGraph(this.data, edges)).map((picture) => build(picture)));
    this.enliven();
  }

  private enliven(): void {
    for (const picture of this.holder.querySelectorAll('svg')) {
      // An image hides from assistive technology what can be chosen in it.
      picture.setAttribute('role', 'group');
      for (const node of picture.querySelectorAll<SVGGElement>('.node')) this.enlivenNode(picture, node);
    }
  }

  private enlivenNode(picture: SVGSVGElement, node: SVGGElement): void {
    const { search } = node.dataset;
    const show = (): void => {
      emphasize(picture, node);
    };
    const hide = (): void => {
      picture.classList.remove('chosen');
    };
    node.addEventListener('pointerenter', show);
    node.addEventListener('pointerleave', hide);
    if (search === undefined) return;
    node.setAttribute('tabindex', '0');
    node.setAttribute('role', 'button');
    node.setAttribute('aria-label', node.querySelector('title')?.textContent ?? search);
    node.addEventListener('focus', show);
    node.addEventListener('blur', hide);
    node.addEventListener('click', () => {
      this.choose(search);
    });
    node.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      this.choose(search);
    });
  }
}

/** The node, its links, and what they lead to. */
function emphasize(picture: SVGSVGElement, node: SVGGElement): void {
  const side = node.dataset['from'] === undefined ? 'to' : 'from';
  const other = side === 'from' ? 'to' : 'from';
  const place = node.dataset[side];
  const others = new Set<string | undefined>();
  for (const link of picture.querySelectorAll<SVGPathElement>('.link')) {
    const isNear = link.dataset[side] === place;
    link.classList.toggle('near', isNear);
    if (isNear) others.add(link.dataset[other]);
  }
  for (const each of picture.querySelectorAll<SVGGElement>('.node')) {
    const isOther = each.dataset[other] !== undefined && others.has(each.dataset[other]);
    each.classList.toggle('near', each === node || isOther);
  }
  picture.classList.add('chosen');
}
