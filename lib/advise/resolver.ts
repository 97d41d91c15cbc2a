import { selects } from '../containment';
import { parseCidr, within, type AddressRange } from '../containment/address';
import { addressOf } from '../history/address';
import type { Whose } from '../history/connection';
import { scopeOf } from '../history/scope';
import type { ClusterState, StatePod, StatePort, StateService } from './cluster-state';
import { reachableFrom } from './reachable';
import type { PolicyProtocol, Reached, Target, Unneeded } from './target';
import { workloadName, type KnownWorkload, type Workloads } from './workloads';

/** A destination as an alert tells it, with a protocol that policies know. */
interface Told {
  readonly address: string;
  readonly protocol: PolicyProtocol;
  readonly port: number;
  /** When the last attempt was, in milliseconds since 1970. */
  readonly at: number;
  /** What had the address then, where an inventory tells. */
  readonly was?: Whose | undefined;
}

const METADATA_SERVICE = ['169.254.169.254/32', 'fd00:ec2::254/128'].map(rangeOf);
const METADATA_WARNING = "the cloud's metadata service, which may hand out credentials of the node";
/** So many Pods of a target are kept to try policies on. */
const MOST_ENDS = 5;
const REMEMBERED = 50_000;

/** Says where packets go that were sent to an address: to which Pods, by what is in the cluster now. */
export class Resolver {
  private readonly services = new Map<string, StateService>();
  private readonly byName = new Map<string, StateService>();
  private readonly outer = new Map<string, StateService>();
  /** Services without a selector, by the addresses that they lead to. */
  private readonly leading = new Map<string, Set<string>>();
  private readonly pods = new Map<string, StatePod>();
  private readonly nodes = new Map<string, string>();
  private readonly podNetworks: readonly AddressRange[];
  private readonly remembered = new Map<string, readonly Reached[]>();

  constructor(
    private readonly state: ClusterState,
    private readonly workloads: Workloads,
  ) {
    const note = <T>(map: Map<string, T>, addresses: readonly string[], value: T): void => {
      for (const address of addresses) map.set(addressOf(address)?.text ?? address, value);
    };
    for (const service of state.services) {
      this.byName.set(`${service.namespace}/${service.name}`, service);
      note(this.services, service.addresses, service);
      note(this.outer, service.outerAddresses, service);
    }
    for (const { namespace, service, addresses } of state.endpoints) {
      const key = `${namespace}/${service}`;
      if (Object.keys(this.byName.get(key)?.selector ?? {}).length > 0) continue;
      for (const address of addresses.map((each) => addressOf(each)?.text ?? each))
        this.leading.set(address, (this.leading.get(address) ?? new Set()).add(key));
    }
    for (const pod of state.pods) if (!pod.hostNetwork && !pod.isOver) note(this.pods, pod.addresses, pod);
    for (const { name, addresses } of state.nodes) note(this.nodes, addresses, name);
    this.podNetworks = state.nodes.flatMap(({ podNetworks }) => podNetworks.map(parseCidr)).filter(isRange);
  }

  /** What a policy has to let open for it; all of it, where it is several. */
  resolve(told: Told): readonly Reached[] | Unneeded {
    const { address, at } = told;
    const then = this.whatWas(told);
    if (then !== undefined) return then;
    const service = this.services.get(address);
    if (service !== undefined && reachableFrom(service) <= at) return this.reachedThrough(service, told);
    const pod = this.pods.get(address);
    if (pod !== undefined && reachableFrom(pod) <= at)
      return this.remember(told, () => this.ofPod(pod, told));
    const range = addressOf(address)?.range;
    if (range === undefined) return 'no port';
    const scope = scopeOf(address);
    if (scope === 'loopback') return 'the Pod itself';
    if (scope === 'multicast') return scope;
    const isPods = this.podNetworks.some((network) => within(range, network));
    if (pod !== undefined || service !== undefined || isPods) return 'an address of a Pod that is gone';
    return this.remember(told, () => this.outside(told, range), this.ledBy(told));
  }

  /** From when on, in milliseconds since 1970, whatever is asked of an address has the answer that it has at any later time. */
  lastChange(address: string): number {
    const there = [this.services.get(address), this.pods.get(address)];
    return Math.max(...there.map((each) => reachableFrom(each)));
  }

  /** Pods and Services come and go, and their addresses with them; what they belonged to, and what they are called, stays. */
  private whatWas(told: Told): readonly Reached[] | Unneeded | undefined {
    const { address, protocol, port, was } = told;
    // What a Service led to is there without it.
    if (was?.kind === 'service' && was.isEndpoint !== true) {
      const there = this.byName.get(`${was.namespace}/${was.name}`);
      if (there !== undefined)
        return [...there.addresses, ...there.outerAddresses].includes(address)
          ? undefined
          : this.reachedThrough(there, told);
      return this.byName.size === 0 ? undefined : 'an address of a Service that is gone';
    }
    if (was?.kind !== 'pod') return undefined;
    const { namespace, name, workload } = was;
    const known = this.workloads.ofConnection({ namespace, pod: name, workload });
    if (known?.selector === undefined || known.hostNetwork) return undefined;
    return [{ target: this.podsTarget(known, address), protocol, port }];
  }

  private reachedThrough(service: StateService, told: Told): readonly Reached[] | Unneeded {
    const { namespace, name } = service;
    const reached = this.remember(told, () => this.throughService(service, told), `${namespace}/${name}`);
    return reached.length === 0 ? 'a port that the Service does not have' : reached;
  }

  private remember(told: Told, find: () => readonly Reached[], what = ''): readonly Reached[] {
    const key = `${told.address} ${told.protocol} ${told.port} ${what}`;
    const known = this.remembered.get(key);
    if (known !== undefined) return known;
    const found = find();
    if (this.remembered.size >= REMEMBERED) this.remembered.clear();
    this.remembered.set(key, found);
    return found;
  }

  /** Which Service leads to it, or did then, by something else than a selector. */
  private ledBy({ address, was }: Told): string | undefined {
    const services = this.leading.get(address);
    if (services !== undefined) return `Service ${[...services].sort().join(' and ')}, an endpoint`;
    if (was?.isEndpoint !== true) return undefined;
    const more = was.others === undefined ? '' : ` and ${was.others} more`;
    return `Service ${was.namespace}/${was.name}${more}, an endpoint then`;
  }

  private outside(told: Told, range: AddressRange): readonly Reached[] {
    const { address, protocol, port } = told;
    const node = this.nodes.get(address);
    const balanced = this.outer.get(address);
    const name =
      balanced !== undefined
        ? `Service ${balanced.namespace}/${balanced.name} from outside`
        : node === undefined
          ? this.ledBy(told)
          : `node ${node}`;
    const warning = METADATA_SERVICE.some((each) => within(range, each)) ? METADATA_WARNING : undefined;
    const target = addressTarget(address, range, name, warning, node !== undefined);
    const own: Reached = { target, protocol, port };
    // Within the cluster most networks take a shorter way than through the load balancer.
    const inner =
      balanced === undefined ? [] : this.throughService(balanced, { address, protocol, port, at: Infinity });
    const byNode = node === undefined ? [] : this.throughNode({ address, protocol, port, at: Infinity });
    return [own, ...inner, ...byNode];
  }

  /** A port of the node is turned into a Pod's where the packet starts, mostly before policies are asked. */
  private throughNode(told: Told): readonly Reached[] {
    const { protocol, port } = told;
    return this.state.services.flatMap((service) => {
      const found = service.ports.find((each) => each.nodePort === port && each.protocol === protocol);
      return found === undefined ? [] : this.throughService(service, { ...told, port: found.port });
    });
  }

  private ofPod(pod: StatePod, { address, protocol, port }: Told): readonly Reached[] {
    const workload = this.workloads.ofPod(pod);
    const range = addressOf(address)?.range;
    const target =
      workload?.selector === undefined && range !== undefined
        ? addressTarget(
            address,
            range,
            `Pod ${pod.namespace}/${pod.name}`,
            'the Pod has no label that tells it from others, and its address will change',
          )
        : workload && this.podsTarget(workload, address);
    return target === undefined ? [] : [{ target, protocol, port }];
  }

  private throughService(service: StateService, told: Told): readonly Reached[] {
    const declared = service.ports.find(
      ({ port, protocol }) => port === told.port && protocol === told.protocol,
    );
    if (declared === undefined) return [];
    const found = Object.keys(service.selector).length > 0 ? this.podsOf(service) : [];
    const reached =
      found.length > 0
        ? found.flatMap((pod) => this.behind(pod, service, declared, told))
        : this.withoutPods(service, declared, told);
    return [
      ...new Map(reached.map((each) => [`${each.target.key} ${each.protocol} ${each.port}`, each])).values(),
    ];
  }

  private podsOf({ namespace, selector }: StateService): StatePod[] {
    return this.state.pods.filter(
      (pod) => pod.namespace === namespace && !pod.isOver && selects({ matchLabels: selector }, pod.labels),
    );
  }

  private behind(pod: StatePod, service: StateService, declared: StatePort, told: Told): readonly Reached[] {
    const { protocol } = told;
    const { target: wanted = declared.port } = declared;
    const port =
      typeof wanted === 'number'
        ? wanted
        : pod.ports.find(({ name, protocol: by }) => name === wanted && by === protocol)?.port;
    if (port === undefined) return [];
    const six = told.address.includes(':');
    const address = pod.addresses.find((each) => each.includes(':') === six) ?? pod.addresses[0];
    if (!pod.hostNetwork) {
      const workload = this.workloads.ofPod(pod);
      const target =
        workload?.selector === undefined
          ? serviceTarget(service, [this.workloads.end(pod, address)])
          : this.podsTarget(workload, told.address);
      return [{ target, protocol, port }];
    }
    const range = address === undefined ? undefined : addressOf(address)?.range;
    if (address === undefined || range === undefined) return [];
    const name = `Service ${service.namespace}/${service.name} on the node's network`;
    return [{ target: addressTarget(address, range, name, undefined), protocol, port }];
  }

  /** Its endpoints where it has some that are no Pods; the Pods that it will have; else its own address. */
  private withoutPods(service: StateService, declared: StatePort, told: Told): readonly Reached[] {
    const { protocol } = told;
    const name = `Service ${service.namespace}/${service.name}`;
    const isOfPods = Object.keys(service.selector).length > 0;
    const reached = this.state.endpoints
      .filter((each) => each.namespace === service.namespace && each.service === service.name)
      .flatMap(({ addresses, ports }): Reached[] => {
        const port = ports.find(
          (each) => each.protocol === protocol && (each.name ?? '') === (declared.name ?? ''),
        );
        return addresses.flatMap((text) => {
          const found = addressOf(text);
          if (port === undefined || found === undefined) return [];
          const pod = isOfPods ? undefined : this.pods.get(found.text);
          if (pod !== undefined)
            return [...this.ofPod(pod, { ...told, address: found.text, port: port.port })];
          // A Pod that is not known has another address tomorrow; one on its node's network has no labels for policies.
          const target =
            isOfPods && !this.nodes.has(found.text)
              ? serviceTarget(service, [])
              : addressTarget(found.text, found.range, `${name}, an endpoint`, undefined);
          return [{ target, protocol, port: port.port }];
        });
      });
    if (reached.length > 0) return reached;
    const { target: wanted = declared.port } = declared;
    if (isOfPods && typeof wanted === 'number')
      return [{ target: serviceTarget(service, []), protocol, port: wanted }];
    const own = addressOf(told.address);
    if (own === undefined) return [];
    const warning = 'nothing is known of what stands behind the Service, and most networks ask only for that';
    return [{ target: addressTarget(own.text, own.range, name, warning), protocol, port: told.port }];
  }

  private podsTarget(workload: KnownWorkload, address: string): Target {
    const { namespace, selector = {}, pods } = workload;
    const name = workloadName(workload);
    const six = address.includes(':');
    const ends = pods
      .filter(({ isOver }) => !isOver)
      .slice(0, MOST_ENDS)
      .map((pod) =>
        this.workloads.end(
          pod,
          pod.addresses.find((each) => each.includes(':') === six),
        ),
      );
    return { kind: 'pods', key: `pods ${namespace}/${name}`, namespace, selector, name, ends };
  }
}

function serviceTarget(
  { namespace, name, selector }: StateService,
  ends: Extract<Target, { kind: 'pods' }>['ends'],
): Target {
  return {
    ...{ kind: 'pods', key: `service ${namespace}/${name}`, namespace, name: `Service/${name}` },
    ...{ selector: { matchLabels: selector }, ends },
  };
}

function addressTarget(
  address: string,
  range: AddressRange,
  name: string | undefined,
  warning: string | undefined,
  isNode = false,
): Target {
  return { kind: 'address', key: `address ${address}`, address, range, name, warning, isNode };
}

function isRange(range: AddressRange | undefined): range is AddressRange {
  return range !== undefined;
}

function rangeOf(cidr: string): AddressRange {
  const range = parseCidr(cidr);
  if (range === undefined) throw new Error(`${cidr} is no network`);
  return range;
}
