import type { Labels, LabelSelector, NetworkPolicy } from '../containment';
import { addressOf } from '../history/address';
import { isJsonObject } from '../rules/recorded/json-value';

/** A port of a container, of a Service, or of an endpoint. */
export interface StatePort {
  readonly name?: string;
  readonly protocol: string;
  readonly port: number;
  /** Of a Service: the port of its Pods, by number or by name. */
  readonly target?: number | string;
  /** Of a Service: at which port of every node it is reached too. */
  readonly nodePort?: number;
}

/** A Pod, as advice needs it. */
export interface StatePod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string | undefined;
  readonly labels: Labels;
  readonly owner: { readonly kind: string; readonly name: string } | undefined;
  readonly hostNetwork: boolean;
  readonly addresses: readonly string[];
  readonly ports: readonly StatePort[];
  /** In milliseconds since 1970. */
  readonly created: number | undefined;
  /** When its containers began, those that run now. */
  readonly started: readonly number[];
  /** Whether its address is no longer its own. */
  readonly isOver: boolean;
}

/** A Service. */
export interface StateService {
  readonly namespace: string;
  readonly name: string;
  readonly selector: Labels;
  readonly ports: readonly StatePort[];
  readonly addresses: readonly string[];
  /** Of its load balancer, and those that were given to it: packets may really go there. */
  readonly outerAddresses: readonly string[];
  readonly created: number | undefined;
}

/** Where a Service leads to. */
interface StateEndpoints {
  readonly namespace: string;
  readonly service: string;
  readonly addresses: readonly string[];
  readonly ports: readonly StatePort[];
}

/** What makes Pods. */
export interface StateOwner {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly owner: { readonly kind: string; readonly name: string } | undefined;
  /** What its own controller selects its Pods by, which can't change. */
  readonly selector: LabelSelector | undefined;
  readonly podLabels: Labels;
  readonly hostNetwork: boolean;
}

interface StateNode {
  readonly name: string;
  readonly addresses: readonly string[];
  /** Networks of which its Pods get their addresses. */
  readonly podNetworks: readonly string[];
}

/** What there is in the cluster now. */
export interface ClusterState {
  readonly pods: readonly StatePod[];
  readonly services: readonly StateService[];
  readonly endpoints: readonly StateEndpoints[];
  readonly owners: readonly StateOwner[];
  readonly nodes: readonly StateNode[];
  /** Labels of namespaces by their names. */
  readonly namespaces: ReadonlyMap<string, Labels>;
  readonly policies: readonly NetworkPolicy[];
  /** Where the DNS cache of each node answers, where there is one: an address of no Pod. */
  readonly nodeDns: readonly string[];
}

type Raw = Readonly<Record<string, unknown>>;

const OWNERS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob'];

/** Takes what is needed from objects of the API server; of kinds that it doesn't know it takes nothing. */
export function clusterState(objects: readonly unknown[]): ClusterState {
  const all = objects.filter(isJsonObject).flatMap(itemsOf);
  const of = (kind: string): Raw[] => all.filter((each) => each['kind'] === kind);
  return {
    pods: of('Pod').map(podOf),
    services: of('Service').map(serviceOf),
    endpoints: of('EndpointSlice').map(endpointsOf),
    owners: all.flatMap((each) => (OWNERS.includes(text(each, 'kind')) ? [ownerOf(each)] : [])),
    nodes: of('Node').map(nodeOf),
    namespaces: new Map(of('Namespace').map((each) => [text(metadata(each), 'name'), labelsOf(each)])),
    policies: of('NetworkPolicy').map((each): NetworkPolicy => ({
      metadata: {
        ...{ name: text(metadata(each), 'name'), namespace: namespaceOf(each), labels: labelsOf(each) },
        annotations: texts(object(metadata(each), 'annotations')),
      },
      spec: object(each, 'spec'),
    })),
    nodeDns: [...new Set([...of('Pod'), ...of('DaemonSet')].flatMap(nodeDnsOf))],
  };
}

/** The addresses that NodeLocal DNSCache takes, by its command line: `-localip 169.254.20.10,10.96.0.10`. */
function nodeDnsOf(raw: Raw): string[] {
  const spec =
    raw['kind'] === 'Pod' ? object(raw, 'spec') : object(object(object(raw, 'spec'), 'template'), 'spec');
  return list(spec, 'containers').flatMap((container) => {
    const args = [...words(container, 'command'), ...words(container, 'args')];
    const at = args.findIndex((arg) => /^--?localip(?:=|$)/.test(arg));
    const [, own = args[at + 1] ?? ''] = args[at]?.split('=', 2) ?? [];
    return at < 0 ? [] : own.split(',').flatMap((each) => addressOf(each.trim())?.text ?? []);
  });
}

/** Of a list, its items, which may not say their kind. */
function itemsOf(value: Raw): Raw[] {
  const { kind, items } = value;
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) return [value];
  const own = kind.slice(0, -'List'.length);
  return items.filter(isJsonObject).flatMap((item) => itemsOf(own === '' ? item : { kind: own, ...item }));
}

function podOf(raw: Raw): StatePod {
  const [spec, status] = [object(raw, 'spec'), object(raw, 'status')];
  const addresses = list(status, 'podIPs').map((each) => text(each, 'ip'));
  const first = text(status, 'podIP');
  const started = list(status, 'containerStatuses').map((each) =>
    time(object(object(each, 'state'), 'running'), 'startedAt'),
  );
  return {
    ...{ namespace: namespaceOf(raw), name: text(metadata(raw), 'name'), labels: labelsOf(raw) },
    uid: optional(metadata(raw), 'uid'),
    owner: controllerOf(raw),
    hostNetwork: spec['hostNetwork'] === true,
    addresses: [...new Set([...addresses, first])].filter((each) => each !== ''),
    // A sidecar of today is an init container that goes on.
    ports: [...list(spec, 'containers'), ...list(spec, 'initContainers')]
      .flatMap((container) => list(container, 'ports'))
      .map((port) => portOf(port, 'containerPort')),
    created: time(metadata(raw), 'creationTimestamp'),
    started: started.filter((each) => each !== undefined),
    isOver: ['Succeeded', 'Failed'].includes(text(status, 'phase')),
  };
}

function serviceOf(raw: Raw): StateService {
  const spec = object(raw, 'spec');
  const balancer = list(object(object(raw, 'status'), 'loadBalancer'), 'ingress');
  const inner = [...words(spec, 'clusterIPs'), text(spec, 'clusterIP')];
  const outer = [...words(spec, 'externalIPs'), ...balancer.map((each) => text(each, 'ip'))];
  return {
    ...{ namespace: namespaceOf(raw), name: text(metadata(raw), 'name') },
    selector: texts(object(spec, 'selector')),
    ports: list(spec, 'ports').map((port) => portOf(port, 'port')),
    addresses: [...new Set(inner)].filter((each) => each !== '' && each !== 'None'),
    outerAddresses: [...new Set(outer)].filter((each) => each !== ''),
    created: time(metadata(raw), 'creationTimestamp'),
  };
}

function endpointsOf(raw: Raw): StateEndpoints {
  return {
    namespace: namespaceOf(raw),
    service: labelsOf(raw)['kubernetes.io/service-name'] ?? '',
    addresses: list(raw, 'endpoints').flatMap((each) => words(each, 'addresses')),
    ports: list(raw, 'ports').map((port) => portOf(port, 'port')),
  };
}

function ownerOf(raw: Raw): StateOwner {
  const spec = object(raw, 'spec');
  const kind = text(raw, 'kind');
  const made = kind === 'CronJob' ? object(object(spec, 'jobTemplate'), 'spec') : spec;
  const template = object(made, 'template');
  return {
    ...{ kind, namespace: namespaceOf(raw), name: text(metadata(raw), 'name'), owner: controllerOf(raw) },
    // A Job selects by a number that each has of its own.
    selector: kind.endsWith('Job') || !isJsonObject(spec['selector']) ? undefined : spec['selector'],
    podLabels: labelsOf(template),
    hostNetwork: object(template, 'spec')['hostNetwork'] === true,
  };
}

function nodeOf(raw: Raw): StateNode {
  const spec = object(raw, 'spec');
  return {
    name: text(metadata(raw), 'name'),
    addresses: list(object(raw, 'status'), 'addresses').map((each) => text(each, 'address')),
    podNetworks: [...new Set([...words(spec, 'podCIDRs'), text(spec, 'podCIDR')])].filter(
      (each) => each !== '',
    ),
  };
}

function portOf(raw: Raw, key: string): StatePort {
  const { name, protocol, targetPort: target, nodePort } = raw;
  const port = raw[key];
  return {
    port: typeof port === 'number' ? port : 0,
    protocol: typeof protocol === 'string' ? protocol : 'TCP',
    ...(typeof name === 'string' && name !== '' && { name }),
    ...((typeof target === 'number' || typeof target === 'string') && { target }),
    ...(typeof nodePort === 'number' && nodePort > 0 && { nodePort }),
  };
}

function controllerOf(raw: Raw): StatePod['owner'] {
  const owner = list(metadata(raw), 'ownerReferences').find((each) => each['controller'] === true);
  return owner && { kind: text(owner, 'kind'), name: text(owner, 'name') };
}

const NOTHING: Raw = {};

function metadata(raw: Raw): Raw {
  return object(raw, 'metadata');
}

function namespaceOf(raw: Raw): string {
  const namespace = text(metadata(raw), 'namespace');
  return namespace === '' ? 'default' : namespace;
}

function labelsOf(raw: Raw): Labels {
  return texts(object(metadata(raw), 'labels'));
}

function object(raw: Raw, key: string): Raw {
  const value = raw[key];
  return isJsonObject(value) ? value : NOTHING;
}

function list(raw: Raw, key: string): Raw[] {
  const value = raw[key];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function words(raw: Raw, key: string): string[] {
  const value = raw[key];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function texts(raw: Raw): Labels {
  return Object.fromEntries(
    Object.entries(raw).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function text(raw: Raw, key: string): string {
  return optional(raw, key) ?? '';
}

function optional(raw: Raw, key: string): string | undefined {
  const value = raw[key];
  return typeof value === 'string' ? value : undefined;
}

/** YAML may have read it as a date. */
function time(raw: Raw, key: string): number | undefined {
  const value = raw[key];
  const at = value instanceof Date ? value.getTime() : typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? undefined : at;
}
