import { EDGE_COLUMNS, edgeRow, type EdgeColumnKey } from '../edge-row';
import { edgeOrder } from '../edge-order';
import { whole } from '../labels';
import type { EdgeData, PageData } from '../page-data';
import { build } from './build';
import { find } from './find';

const ROWS = 100;

/** The table of connections: a page of its rows at a time, in the order of a column. */
export class EdgeTable {
  private readonly table = find('edges', HTMLTableElement);
  private readonly pages = find('pages', HTMLParagraphElement);
  private readonly place = document.createElement('span');
  private readonly heads = new Map<EdgeColumnKey, HTMLTableCellElement>();
  private readonly back: HTMLButtonElement;
  private readonly forth: HTMLButtonElement;
  private edges: readonly EdgeData[];
  private ordered: readonly EdgeData[];
  private order: { key: EdgeColumnKey; isDescending: boolean } = { key: 'times', isDescending: true };
  private page = 0;

  constructor(private readonly data: PageData) {
    this.edges = data.edges;
    this.ordered = data.edges;
    this.back = button('‹ Previous', () => {
      this.turn(-1);
    });
    this.forth = button('Next ›', () => {
      this.turn(1);
    });
    this.place.setAttribute('aria-live', 'polite');
    this.pages.append(this.back, this.place, this.forth);
    this.pages.hidden = false;
    document.getElementById('edges-more')?.remove();
    for (const { key, head } of EDGE_COLUMNS) this.addHead(key, head);
    this.show();
  }

  /** Shows these, from the first page on. */
  set(edges: readonly EdgeData[]): void {
    this.edges = edges;
    this.sort();
  }

  private addHead(key: EdgeColumnKey, text: string): void {
    const head = this.table.querySelector<HTMLTableCellElement>(`th[data-key="${key}"]`);
    if (head === null) return;
    this.heads.set(key, head);
    head.replaceChildren(
      button(text, () => {
        const isText = ['workload', 'process', 'destination'].includes(key);
        const isDescending = this.order.key === key ? !this.order.isDescending : !isText;
        this.order = { key, isDescending };
        this.sort();
      }),
    );
  }

  private sort(): void {
    this.ordered = edgeOrder(this.data, this.edges, this.order);
    this.page = 0;
    this.show();
  }

  private turn(by: number): void {
    this.page += by;
    this.show();
  }

  private show(): void {
    const first = this.page * ROWS;
    const rows = this.ordered.slice(first, first + ROWS);
    const body = this.table.tBodies[0];
    body?.replaceChildren(...rows.map((edge) => build(edgeRow(this.data, edge))));
    const all = whole(this.ordered.length);
    this.place.textContent =
      rows.length === 0 ? 'none' : `${whole(first + 1)}–${whole(first + rows.length)} of ${all}`;
    this.back.disabled = this.page === 0;
    this.forth.disabled = first + ROWS >= this.ordered.length;
    for (const [key, head] of this.heads) {
      const { key: by, isDescending } = this.order;
      if (key === by) head.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    }
  }
}

function button(text: string, act: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.addEventListener('click', act);
  return made;
}
