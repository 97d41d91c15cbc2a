import { h, type Child, type PageElement } from './element';
import { short, whole } from './labels';
import type { MapGraph } from './map-graph';
import { mapLayout, type PlacedLink, type PlacedNode } from './map-layout';
import type { Scope } from '../history/scope-names';

const WIDTH = 1120;
const LEFT = 330;
const RIGHT = 740;
const BAR = 8;
const TOP = 30;

const HEADS: Readonly<Record<Scope, string>> = {
  internet: 'Internet',
  'link-local': 'Link-local',
  private: 'Private networks',
  loopback: 'Loopback',
  multicast: 'Multicast',
};

/** The picture of who reaches what: bars of workloads, bars of endpoints, and bands between them. */
export function mapPicture(graph: MapGraph): PageElement {
  const layout = mapLayout(graph);
  const height = Math.ceil(layout.height + TOP);
  return h(
    'svg',
    {
      ...{ viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', class: 'map', id: 'map-picture' },
      'aria-labelledby': 'map-title map-desc',
    },
    h('title', { id: 'map-title' }, 'Workloads and where they connect to'),
    h('desc', { id: 'map-desc' }, description(graph)),
    text(LEFT, 13, 'head end', 'Workloads'),
    text(RIGHT, 13, 'head', 'Destinations'),
    h('g', { class: 'links', 'aria-hidden': 'true' }, ...layout.links.map(band)),
    ...layout.heads.map(({ scope, y }) => text(RIGHT + BAR + 12, round(y + TOP), 'group', HEADS[scope])),
    ...layout.workloads.map((each, place) => leftNode(each, place)),
    ...layout.endpoints.map((each) => rightNode(each, graph.endpoints.indexOf(each.node))),
  );
}

/** What the picture says, for those who don't see it; the tables say it in full. */
function description({ workloads, endpoints, links }: MapGraph): string {
  const strongest = [...links].sort((a, b) => b.times - a.times).slice(0, 5);
  const nameOf = (nodes: MapGraph['workloads'], place: number): string => {
    const { context = '', label = '' } = nodes[place] ?? {};
    return context === '' ? label : `${context}/${label}`;
  };
  const lines = strongest.map(
    ({ from, to, times }) =>
      `${nameOf(workloads, from)} to ${nameOf(endpoints, to)}: ${whole(times)} connections`,
  );
  return lines.length === 0 ? 'No connections.' : `The most frequent: ${lines.join('; ')}.`;
}

function band({ link, fromY, toY, width }: PlacedLink): PageElement {
  const [x0, x1, y0, y1] = [LEFT + BAR, RIGHT, round(fromY + TOP), round(toY + TOP)];
  const middle = (x0 + x1) / 2;
  const kind = link.isNew ? 'new' : 'known';
  const failed = link.failed === link.times ? ' failed' : '';
  return h('path', {
    ...{ class: `link ${kind}${failed}`, 'data-from': link.from, 'data-to': link.to },
    ...{ d: `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`, 'stroke-width': round(width) },
  });
}

function leftNode({ node, y, height }: PlacedNode, place: number): PageElement {
  const context = node.context === '' ? [] : [h('tspan', { class: 'context' }, `${node.context} / `)];
  return h(
    'g',
    { class: 'node', 'data-from': place, 'data-search': node.search },
    h('title', {}, node.title),
    h('rect', { class: 'reach', x: 0, y: round(y + TOP), width: LEFT, height: round(height) }),
    h('rect', { class: 'bar', x: LEFT, y: round(y + TOP), width: BAR, height: round(height), rx: 2 }),
    text(LEFT - 12, middleOf(y, height), 'label end', ...context, node.label, amount(node.times)),
  );
}

function rightNode({ node, y, height }: PlacedNode, place: number): PageElement {
  const x = RIGHT + BAR + 12;
  const mark = node.isNew ? [h('tspan', { class: 'fresh', dx: 8 }, 'new')] : [];
  return h(
    'g',
    { class: 'node', 'data-to': place, 'data-search': node.search },
    h('title', {}, node.title),
    h('rect', {
      class: 'reach',
      x: RIGHT + BAR,
      y: round(y + TOP),
      width: WIDTH - RIGHT - BAR,
      height: round(height),
    }),
    h('rect', { class: 'bar', x: RIGHT, y: round(y + TOP), width: BAR, height: round(height), rx: 2 }),
    text(x, middleOf(y, height), 'label', node.label, amount(node.times), ...mark),
  );
}

function amount(times: number): PageElement {
  return h('tspan', { class: 'amount', dx: 8 }, short(times));
}

function text(x: number, y: number, kind: string, ...children: readonly Child[]): PageElement {
  return h('text', { x, y, class: kind }, ...children);
}

function middleOf(y: number, height: number): number {
  return round(y + TOP + height / 2 + 4.5);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
