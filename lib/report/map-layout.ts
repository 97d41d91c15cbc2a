import type { MapGraph, MapLink, MapNode } from './map-graph';
import { SCOPES, type Scope } from '../history/scope-names';

/** A node with its place: its bar reaches from `y` as far down as `height`. */
export interface PlacedNode {
  readonly node: MapNode;
  readonly y: number;
  readonly height: number;
}

/** A link with its places: the middles of its ends, and how thick it is. */
export interface PlacedLink {
  readonly link: MapLink;
  readonly fromY: number;
  readonly toY: number;
  readonly width: number;
}

/** A line of text above the first endpoint of a scope. */
interface PlacedHead {
  readonly scope: Scope;
  readonly y: number;
}

/** The picture with all its places. */
export interface MapLayout {
  readonly height: number;
  readonly workloads: readonly PlacedNode[];
  readonly endpoints: readonly PlacedNode[];
  readonly heads: readonly PlacedHead[];
  /** The thickest first, so that thin ones lie above them. */
  readonly links: readonly PlacedLink[];
}

/** What of the places depends on how wide the picture is. */
export interface NodeSizes {
  /** A node is as high at least. */
  readonly least: number;
  /** Room for its label above it. */
  readonly above: number;
  readonly gap: number;
}

const HEAD = 24;
/** So high all links are together, and each as least and as most: by the root of how often. */
const ALL_LINKS = 340;
const THINNEST = 1.25;
const THICKEST = 44;

/** Places nodes one below the other, endpoints by scope and so that few links cross. */
export function mapLayout({ workloads, endpoints, links }: MapGraph, sizes: NodeSizes): MapLayout {
  const roots = links.reduce((sum, { times }) => sum + Math.sqrt(times), 0);
  const widthOf = ({ times }: MapLink): number =>
    Math.min(THICKEST, Math.max(THINNEST, (ALL_LINKS * Math.sqrt(times)) / roots));
  const heightOf = (side: 'from' | 'to', place: number): number =>
    Math.max(
      sizes.least,
      links.filter((link) => link[side] === place).reduce((sum, link) => sum + widthOf(link), 0),
    );
  const order = ordered(endpoints, links);
  const left = placed(
    workloads.map((node, place) => ({ node, place })),
    (place) => heightOf('from', place),
    sizes,
  );
  const right = placed(order, (place) => heightOf('to', place), sizes);
  const height = Math.max(left.height, right.height);
  const [leftTop, rightTop] = [(height - left.height) / 2, (height - right.height) / 2];
  const leftNodes = moved(left.nodes, leftTop);
  const rightNodes = moved(right.nodes, rightTop);
  return {
    height,
    workloads: [...leftNodes.values()],
    endpoints: [...rightNodes.values()],
    heads: right.heads.map(({ scope, y }) => ({ scope, y: y + rightTop })),
    links: placedLinks(links, widthOf, leftNodes, rightNodes),
  };
}

interface Ordered {
  readonly node: MapNode;
  readonly place: number;
}

/** By scope, then by the middle of where their links come from; all others last. */
function ordered(endpoints: readonly MapNode[], links: readonly MapLink[]): Ordered[] {
  const middle = (place: number): number => {
    const own = links.filter(({ to }) => to === place);
    const weight = own.reduce((sum, { times }) => sum + Math.sqrt(times), 0);
    return own.reduce((sum, { from, times }) => sum + from * Math.sqrt(times), 0) / weight;
  };
  const rank = ({ scope }: MapNode): number => (scope === undefined ? SCOPES.length : SCOPES.indexOf(scope));
  return endpoints
    .map((node, place) => ({ node, place, middle: middle(place) }))
    .sort((a, b) => rank(a.node) - rank(b.node) || a.middle - b.middle);
}

interface Column {
  readonly height: number;
  readonly nodes: ReadonlyMap<number, PlacedNode>;
  readonly heads: readonly PlacedHead[];
}

function placed(
  nodes: readonly Ordered[],
  heightOf: (place: number) => number,
  { above, gap }: NodeSizes,
): Column {
  const found = new Map<number, PlacedNode>();
  const heads: PlacedHead[] = [];
  let y = 0;
  for (const { node, place } of nodes) {
    const { scope } = node;
    if (scope !== undefined && heads.at(-1)?.scope !== scope) {
      y += HEAD;
      heads.push({ scope, y: y - 9 });
    }
    y += above;
    const height = heightOf(place);
    found.set(place, { node, y, height });
    y += height + gap;
  }
  return { height: y, nodes: found, heads };
}

function moved(nodes: ReadonlyMap<number, PlacedNode>, by: number): ReadonlyMap<number, PlacedNode> {
  return new Map([...nodes].map(([place, node]) => [place, { ...node, y: node.y + by }]));
}

/** Links leave and reach a node in the order in which they lie on the other side. */
function placedLinks(
  links: readonly MapLink[],
  widthOf: (link: MapLink) => number,
  left: ReadonlyMap<number, PlacedNode>,
  right: ReadonlyMap<number, PlacedNode>,
): PlacedLink[] {
  const fromY = ends(links, widthOf, 'from', left, (link) => right.get(link.to)?.y ?? 0);
  const toY = ends(links, widthOf, 'to', right, (link) => left.get(link.from)?.y ?? 0);
  return links
    .map((link) => ({ link, fromY: fromY.get(link) ?? 0, toY: toY.get(link) ?? 0, width: widthOf(link) }))
    .sort((a, b) => Number(a.link.isNew) - Number(b.link.isNew) || b.width - a.width);
}

function ends(
  links: readonly MapLink[],
  widthOf: (link: MapLink) => number,
  side: 'from' | 'to',
  nodes: ReadonlyMap<number, PlacedNode>,
  other: (link: MapLink) => number,
): ReadonlyMap<MapLink, number> {
  const found = new Map<MapLink, number>();
  for (const [place, { y, height }] of nodes) {
    const own = links.filter((link) => link[side] === place).sort((a, b) => other(a) - other(b));
    const all = own.reduce((sum, link) => sum + widthOf(link), 0);
    let next = y + (height - all) / 2;
    for (const link of own) {
      found.set(link, next + widthOf(link) / 2);
      next += widthOf(link);
    }
  }
  return found;
}
