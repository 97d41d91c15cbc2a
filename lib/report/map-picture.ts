import type { Scope } from '../history/scope-names';
import { h, type Child, type PageElement } from './element';
import { cut, short, whole } from './labels';
import type { MapGraph, MapNode } from './map-graph';
import { mapLayout, type NodeSizes, type PlacedLink, type PlacedNode } from './map-layout';

/** One of two shapes of the picture: labels stand beside the bars, or above them where the page is narrow. */
interface Shape extends NodeSizes {
  readonly name: 'wide' | 'narrow';
  readonly width: number;
  /** Where the bars of workloads and of destinations begin. */
  readonly left: number;
  readonly right: number;
  /** A label is no longer, in letters. */
  readonly longest: number;
}

const WIDE: Shape = {
  ...{ name: 'wide', width: 1120, left: 330, right: 740, longest: 37 },
  ...{ least: 19, above: 0, gap: 7 },
};
const NARROW: Shape = {
  ...{ name: 'narrow', width: 380, left: 0, right: 372, longest: 21 },
  ...{ least: 8, above: 16, gap: 9 },
};
const BAR = 8;
const TOP = 30;
/** Between a bar and its label beside it. */
const ASIDE = 12;

const HEADS: Readonly<Record<Scope, string>> = {
  internet: 'Internet',
  'link-local': 'Link-local',
  private: 'Private networks',
  loopback: 'Loopback',
  multicast: 'Multicast',
};

/** The picture of who reaches what, for wide pages and for narrow ones, of which one is shown. */
export function mapPictures(graph: MapGraph): PageElement[] {
  return [WIDE, NARROW].map((shape) => new MapPicture(graph, shape).draw());
}

/** Bars of workloads, bars of endpoints, and bands between them. */
class MapPicture {
  constructor(
    private readonly graph: MapGraph,
    private readonly shape: Shape,
  ) {}

  draw(): PageElement {
    const { graph, shape } = this;
    const { name, width, left, right } = shape;
    const layout = mapLayout(graph, shape);
    const height = Math.ceil(layout.height + TOP);
    const [titleId, textId] = [`map-title-${name}`, `map-desc-${name}`];
    const isWide = name === 'wide';
    const headX = isWide ? right + BAR + ASIDE : width;
    return h(
      'svg',
      {
        ...{ viewBox: `0 0 ${width} ${height}`, role: 'img', class: `map ${name}` },
        'aria-labelledby': `${titleId} ${textId}`,
      },
      h('title', { id: titleId }, 'Workloads and where they connect to'),
      h('desc', { id: textId }, description(graph)),
      text(left, 13, isWide ? 'head end' : 'head', 'Workloads'),
      text(isWide ? right : width, 13, isWide ? 'head' : 'head end', 'Destinations'),
      h('g', { class: 'links', 'aria-hidden': 'true' }, ...layout.links.map((link) => this.band(link))),
      ...layout.heads.map(({ scope, y }) =>
        text(headX, round(y + TOP), isWide ? 'group' : 'group end', HEADS[scope]),
      ),
      ...layout.workloads.map((each, place) => this.workload(each, place)),
      ...layout.endpoints.map((each) => this.endpoint(each, graph.endpoints.indexOf(each.node))),
    );
  }

  private band({ link, fromY, toY, width }: PlacedLink): PageElement {
    const { left, right } = this.shape;
    const [x0, x1, y0, y1] = [left + BAR, right, round(fromY + TOP), round(toY + TOP)];
    const middle = (x0 + x1) / 2;
    const kind = link.isNew ? 'new' : 'known';
    const failed = link.failed === link.times ? ' failed' : '';
    return h('path', {
      ...{ class: `link ${kind}${failed}`, 'data-from': link.from, 'data-to': link.to },
      ...{ d: `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`, 'stroke-width': round(width) },
    });
  }

  private workload(placed: PlacedNode, place: number): PageElement {
    const { node } = placed;
    const { left, name } = this.shape;
    const [x, kind] = name === 'wide' ? [left - ASIDE, 'label end'] : [0, 'label'];
    const reach = name === 'wide' ? [0, left] : [0, this.half];
    return h(
      'g',
      { class: 'node', 'data-from': place, 'data-search': node.search },
      ...this.parts(placed, left, reach),
      text(x, this.labelY(placed), kind, ...this.named(node), amount(node.times)),
    );
  }

  private endpoint(placed: PlacedNode, place: number): PageElement {
    const { node } = placed;
    const { width, right, name } = this.shape;
    const [x, kind] = name === 'wide' ? [right + BAR + ASIDE, 'label'] : [width, 'label end'];
    const reach = name === 'wide' ? [right + BAR, width - right - BAR] : [width - this.half, this.half];
    const mark = node.isNew ? [h('tspan', { class: 'fresh', dx: name === 'wide' ? 8 : 5 }, 'new')] : [];
    return h(
      'g',
      { class: 'node', 'data-to': place, 'data-search': node.search },
      ...this.parts(placed, right, reach),
      text(x, this.labelY(placed), kind, ...this.named(node, mark.length * 4), amount(node.times), ...mark),
    );
  }

  /** What can be pointed at, and the bar. */
  private parts({ node, y, height }: PlacedNode, bar: number, reach: readonly number[]): PageElement[] {
    const { above } = this.shape;
    const [x = 0, width = 0] = reach;
    const [top, tall] = [round(y + TOP - above), round(height + above)];
    return [
      h('title', {}, node.title),
      h('rect', { class: 'reach', x, y: top, width, height: tall }),
      h('rect', { class: 'bar', x: bar, y: round(y + TOP), width: BAR, height: round(height), rx: 2 }),
    ];
  }

  /** The label, with what is before it; above a bar, without the kind of a workload where there is no room for all. */
  private named({ context, label }: MapNode, less = 0): Child[] {
    const room = this.shape.longest - less;
    if (context === '') return [cut(label, room)];
    const before = `${context} / `;
    const fits = this.shape.name === 'wide' || before.length + label.length <= room;
    const name = fits ? label : label.replace(/^(~?)[^/]*\//, '$1');
    const told = cut(before, Math.ceil(room / 2));
    return [h('tspan', { class: 'context' }, told), cut(name, room - told.length)];
  }

  private labelY({ y, height }: PlacedNode): number {
    return round(this.shape.name === 'wide' ? y + TOP + height / 2 + 4.5 : y + TOP - 4);
  }

  private get half(): number {
    return this.shape.width / 2 - 2;
  }
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

function amount(times: number): PageElement {
  return h('tspan', { class: 'amount', dx: 8 }, short(times));
}

function text(x: number, y: number, kind: string, ...children: readonly Child[]): PageElement {
  return h('text', { x, y, class: kind }, ...children);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
