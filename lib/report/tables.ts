import { h, type Child, type PageElement } from './element';
import { whole } from './labels';

/** A column of a table. */
export interface Column {
  readonly head: string;
  readonly kind?: 'number' | 'time';
}

/** A table that can be scrolled by keyboard where it is wider than the page; its caption says what it holds. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Child[][])[],
  more?: string,
): PageElement {
  const head = columns.map(({ head: text, kind }) => h('th', { scope: 'col', class: kind }, text));
  const body = rows.map((cells) =>
    h('tr', {}, ...cells.map((cell, at) => h('td', { class: columns[at]?.kind }, ...cell))),
  );
  return scrollable(
    caption,
    h('table', {}, h('caption', {}, caption), h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...body)),
    ...(more === undefined ? [] : [h('p', { class: 'more' }, more)]),
  );
}

/** Something that may be wider than the page. */
export function scrollable(label: string, ...children: readonly Child[]): PageElement {
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label }, ...children);
}

/** `… and 12 more`; `undefined` where all of it is shown. */
export function moreText(all: number, shown: number, where: string): string | undefined {
  return all > shown ? `… and ${whole(all - shown)} more${where}` : undefined;
}

/** A number with a bar below it as long as its share. */
export function amountCell(value: number, most: number): Child[] {
  const share = Math.max(1, Math.round((100 * value) / Math.max(1, most)));
  const bar = h(
    'svg',
    { class: 'share', viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    h('rect', { width: share, height: 4, rx: 1 }),
  );
  return [whole(value), bar];
}
