import type { Whose } from '../history/connection';
import { endpointText } from '../history/endpoint-text';
import type { DestinationData, PageData, WorkloadData } from './page-data';

const NONE = '-';

/** `shop/Deployment/cart`: by which a workload is searched for. */
export function workloadPath({ cluster, namespace, kind, name }: WorkloadData, hasClusters: boolean): string {
  const parts = [...(hasClusters ? [cluster ?? NONE] : []), namespace ?? NONE, kind, name];
  return parts.filter((part) => part !== undefined && part !== '').join('/');
}

/** `Deployment/cart`; `~` before what was only read off the Pod's name. */
export function workloadLabel({ kind, name, derived }: WorkloadData): string {
  const text = [kind, name].filter((part) => part !== undefined && part !== '').join('/');
  return derived ? `~${text}` : text;
}

/** `shop`, with its cluster where there are several. */
export function namespaceLabel({ cluster, namespace }: WorkloadData, hasClusters: boolean): string {
  return hasClusters ? `${cluster ?? NONE}/${namespace ?? NONE}` : (namespace ?? NONE);
}

/** The name of the destination's endpoint, where that is not the address itself. */
export function nameOf(destination: DestinationData, { endpoints }: PageData): string | undefined {
  const label = endpoints[destination.endpoint]?.label;
  return label === undefined || label === endpointText(destination.address, destination.port)
    ? undefined
    : label;
}

/** `Deployment/cart (shop)`, `Service/cart (shop)`, `Node/node-1`. */
export function whoseLabel({ namespace, workload: { kind, name }, others = 0 }: Whose): string {
  const text = kind === undefined ? name : `${kind}/${name}`;
  const more = others === 0 ? '' : ` and ${others} more`;
  return namespace === '' ? text : `${text} (${namespace})${more}`;
}

/** 1234567 as `1,234,567`. */
export function whole(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** 1234567 as `1.2M`. */
export function short(value: number): string {
  if (value < 10_000) return whole(value);
  const [size, unit] = [[1e9, 'G'] as const, [1e6, 'M'] as const, [1e3, 'k'] as const].find(
    ([each]) => value >= each,
  ) ?? [1, ''];
  const scaled = value / size;
  return `${scaled < 10 ? (Math.floor(scaled * 10) / 10).toFixed(1) : Math.floor(scaled)}${unit}`;
}

/** Seconds since 1970 as `2026-11-22 07:41`, in UTC. */
export function minuteOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');
}

/** At most so many characters. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
