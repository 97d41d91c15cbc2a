import type { EndpointRecord } from '../../inventory/record';
import { addressOf } from '../address';
import { plainName } from '../asked';
import type { Destination } from '../connection';
import { parseTime } from '../time';
import { NEAR, type Holding } from './holding';
import type { Named } from './known';
import type { Pictures } from './pictures';

/** What records tell that give one beginning. */
interface Told {
  readonly from: bigint;
  seen: bigint;
  ended: bigint | undefined;
}

/** An address, or a host name, in one slice of a Service. */
interface Endpoint {
  readonly known: Named;
  readonly address: string;
  readonly ports: readonly string[];
  /** By when it began: a responder that began later may know only a later time. */
  readonly told: Map<bigint, Told>;
}

/**
 * What stood behind Services that no selector of their own leads to, and when, out of records in any order, told by any number of replicas.
 * Several Services may have the same, at the same time; and what has an address in the cluster keeps it.
 */
export class Endpoints {
  private readonly all = new Map<string, Endpoint>();
  private readonly byAddress = new Map<string, Endpoint[]>();
  private readonly byService = new Map<string, Endpoint[]>();
  /** Until a record or a picture more is known. */
  private readonly settled = new Map<Endpoint, readonly Holding[]>();
  private kept = 0;

  /** @param most so many are kept */
  constructor(
    private readonly pictures: Pictures,
    private readonly most: number,
  ) {}

  /** Whether there was room for it. */
  add(record: EndpointRecord): boolean {
    const [from, seen] = [parseTime(record.since), parseTime(record.time)];
    if (seen === undefined) return true;
    const ended = record.ended === undefined ? undefined : parseTime(record.ended);
    const key = keyOf(record);
    const before = this.all.get(key)?.told.get(from ?? seen);
    if (before === undefined) {
      if (this.kept >= this.most) return false;
      this.kept++;
      const { told } = this.all.get(key) ?? this.begin(key, record);
      told.set(from ?? seen, { from: from ?? seen, seen, ended });
      return true;
    }
    if (seen > before.seen) before.seen = seen;
    // Of several who saw it gone, the first was nearest to it.
    if (ended !== undefined && (before.ended === undefined || ended < before.ended)) before.ended = ended;
    return true;
  }

  /** After any record: what was told last may mean another end now. */
  unsettle(): void {
    if (this.settled.size > 0) this.settled.clear();
  }

  /** The Services behind which a destination stood at some time from `first` to `last`. */
  leadingTo(
    cluster: string,
    destination: Pick<Destination, 'address' | 'names' | 'port' | 'protocol'>,
    first: bigint,
    last: bigint,
  ): readonly Named[] {
    const found = [destination.address, ...destination.names.map(plainName)]
      .flatMap((address) => this.byAddress.get(`${cluster}\0${address}`) ?? [])
      .filter(({ ports }) => isAtPort(destination, ports))
      .filter((each) =>
        this.holdingsOf(each).some(({ from, to }) => from <= last + NEAR && to > first - NEAR),
      );
    // One Service may have it in several slices.
    const services = found.map(({ known }) => [`${known.namespace}/${known.name}`, known] as const);
    return [...new Map(services.sort(([a], [b]) => (a < b ? -1 : 1))).values()];
  }

  /** What stood behind a Service of that name, in whichever cluster, and when. */
  behind(namespace: string, name: string): readonly Holding[] {
    const found = this.byService.get(`${namespace}\0${name}`) ?? [];
    return joined(found.flatMap((each) => this.holdingsOf(each)));
  }

  private begin(key: string, { cluster, namespace, name, address: text, ports }: EndpointRecord): Endpoint {
    const address = spelled(text);
    const workload = { kind: 'Service', name, derived: false };
    const known: Named = { kind: 'service', cluster, namespace, name, workload, isEndpoint: true };
    const endpoint = { known, address, ports, told: new Map<bigint, Told>() };
    this.all.set(key, endpoint);
    push(this.byAddress, `${cluster}\0${address}`, endpoint);
    push(this.byService, `${namespace}\0${name}`, endpoint);
    return endpoint;
  }

  private holdingsOf(endpoint: Endpoint): readonly Holding[] {
    const before = this.settled.get(endpoint);
    if (before !== undefined) return before;
    const holdings = this.settle(endpoint);
    this.settled.set(endpoint, holdings);
    return holdings;
  }

  private settle({ known, address, ports, told }: Endpoint): readonly Holding[] {
    const ends = [...told.values()].map(({ ended }) => ended).filter((ended) => ended !== undefined);
    return joined(
      [...told.values()].map(({ from, seen }) => {
        // Another replica may have seen the end. It was none if it was there again after that.
        const over = ends.filter((end) => end > from && end + NEAR >= seen);
        const to =
          over.length > 0 ? over.reduce((a, b) => (a < b ? a : b)) : this.knownUntil(known.cluster, seen);
        return { known, address, from, to: to > from ? to : from + 1n, ports };
      }),
    );
  }

  private knownUntil(cluster: string, seen: bigint): bigint {
    const { pictures } = this;
    return pictures.hasPassedOver(cluster, seen) ? seen : seen + 2n * pictures.every(cluster);
  }
}

function keyOf({ cluster, namespace, name, uid, address, ports }: EndpointRecord): string {
  return [cluster, namespace, name, uid, spelled(address), ...ports].join('\0');
}

/** As destinations are. */
function spelled(address: string): string {
  return addressOf(address)?.text ?? plainName(address);
}

/** Whether a destination is at one of some ports, as far as it tells its own. */
export function isAtPort(
  { port, protocol }: Pick<Destination, 'port' | 'protocol'>,
  ports: readonly string[],
): boolean {
  if (port === undefined || ports.length === 0) return true;
  return ports.some((each) =>
    protocol === undefined ? each.startsWith(`${port}/`) : each === `${port}/${protocol}`,
  );
}

/** Times of the same that touch each other become one. */
function joined(holdings: readonly Holding[]): readonly Holding[] {
  const byWhat = new Map<string, Holding[]>();
  const inOrder = [...holdings].sort((a, b) => Number(a.from > b.from) - Number(a.from < b.from));
  for (const holding of inOrder) {
    const { known, address, ports = [] } = holding;
    const key = [known.cluster, address, ...ports].join('\0');
    const before = byWhat.get(key)?.at(-1);
    if (before === undefined || holding.from > before.to + NEAR) push(byWhat, key, holding);
    else if (holding.to > before.to) byWhat.get(key)?.splice(-1, 1, { ...before, to: holding.to });
  }
  return [...byWhat.values()].flat();
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
