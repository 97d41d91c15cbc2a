import { addressOf } from '../../history/address';
import { literal, plainName } from '../../history/asked';
import { counted } from '../../history/holes';
import type { Connection } from '../../history/connection';
import { isAtPort } from '../../history/inventory/endpoints';
import type { Holding } from '../../history/inventory/holding';
import type { InventoryHistory } from '../../history/inventory/inventory';
import { nameOf, type Known } from '../../history/inventory/known';
import { dateOf, printMinute } from '../../history/time';
import { UsageError } from '../../synth/usage-error';
import type { AskedAddress } from './asked';

/** A Pod or a Service that is asked for by name. */
export interface AskedObject {
  readonly kind: 'pod' | 'service';
  readonly namespace: string;
  readonly name: string;
}

/** So many of its addresses are told with their times. */
const MOST_TOLD = 20;
const NAME = String.raw`[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?`;
const OBJECT = new RegExp(`^(pod|service|svc):(${NAME})/(${NAME})$`);

/**
 * The Pod or Service that an ADDRESS such as `pod:shop/cart-0` names; `undefined` for what is none.
 *
 * @throws UsageError
 */
export function askedObject(text: string): AskedObject | undefined {
  const [, kind, namespace, name] = OBJECT.exec(text) ?? [];
  if (namespace !== undefined && name !== undefined)
    return { kind: kind === 'pod' ? 'pod' : 'service', namespace, name };
  if (/^(pod|service|svc):/.test(text))
    throw new UsageError(`'${text}': write it as pod:NAMESPACE/NAME or service:NAMESPACE/NAME`);
  return undefined;
}

/** What records of the inventory that tell of it hold. */
export function patternsOfObject({ kind, name }: AskedObject): readonly string[] {
  const text = literal(name);
  // A Pod tells of the Services that select it.
  return [kind === 'pod' ? `"name":"${text}"` : `"${text}"`];
}

/**
 * The addresses and names that it had, each in its time; `undefined` where the inventory tells of no such thing.
 *
 * @param today the addresses that names have today, which count as long as the names did
 */
export function addressesThen(
  asked: AskedObject,
  inventory: InventoryHistory,
  today: ReadonlyMap<string, readonly string[]> = new Map(),
): AskedAddress | undefined {
  const { kind, namespace, name } = asked;
  const found = inventory.named(kind, namespace, name, undefined);
  const ledTo = kind === 'service' ? inventory.holdingsLedTo(namespace, name) : [];
  if (found.length === 0 && ledTo.length === 0) return undefined;
  const holdings = [...found.flatMap((known) => holdingsOf(known, inventory)), ...ledTo];
  const byAddress = new Map<string, Holding[]>();
  for (const holding of holdings)
    for (const address of [holding.address, ...(today.get(holding.address) ?? [])])
      byAddress.set(address, [...(byAddress.get(address) ?? []), holding]);
  return {
    ...sorted([...byAddress.keys()]),
    resolved: today.size === 0 ? undefined : [...today.values()].flat(),
    isThen: (connection) =>
      [connection.destination.address, ...connection.destination.names.map(plainName)].some((address) =>
        (byAddress.get(address) ?? []).some(holds(connection)),
      ),
    remarks:
      holdings.length === 0 ? [`${nameOf(asked)} had no address of its own`] : inWordsOf(holdings, asked),
  };
}

/** The addresses that it has today: then it may have had others, and others these. */
export function addressesToday(
  asked: AskedObject,
  found: readonly string[],
  today: ReadonlyMap<string, readonly string[]> = new Map(),
): AskedAddress {
  const list = found.length === 0 ? 'no address' : found.join(', ');
  const resolved = [...today.values()].flat();
  return {
    ...sorted([...found, ...resolved]),
    resolved: today.size === 0 ? undefined : resolved,
    remarks: [`as the cluster is today, ${nameOf(asked)} has ${list}; then perhaps others`],
  };
}

/** Addresses apart from host names. */
function sorted(found: readonly string[]): Pick<AskedAddress, 'ranges' | 'names' | 'addresses'> {
  const ranges = found.map((each) => addressOf(each)?.range);
  return {
    ranges: ranges.filter((range) => range !== undefined),
    names: found
      .filter((_, at) => ranges[at] === undefined)
      .map(plainName)
      .sort(),
    addresses: found.filter((_, at) => ranges[at] !== undefined).sort(),
  };
}

/** Who connects to a headless Service connects to its Pods. */
function holdingsOf(known: Known, inventory: InventoryHistory): readonly Holding[] {
  const own = inventory.holdingsOf(known);
  if (known.kind === 'pod' || own.length > 0) return own;
  return inventory.holdingsBehind(known);
}

function holds({ cluster, destination, first, last }: Connection): (holding: Holding) => boolean {
  return ({ known, from, to, ports = [] }) =>
    (cluster === undefined || cluster === known.cluster) &&
    first < to &&
    last >= from &&
    isAtPort(destination, ports);
}

/** Behind a headless Service there may have been thousands of Pods. */
function inWordsOf(holdings: readonly Holding[], asked: AskedObject): readonly string[] {
  const lines = holdings.slice(0, MOST_TOLD).map((holding) => inWords(holding, asked));
  const more = holdings.length - lines.length;
  return more === 0
    ? lines
    : [...lines, `${nameOf(asked)} had or led to ${counted(more, 'address', 'addresses')} more`];
}

function inWords({ known, address, from, to, ports = [] }: Holding, asked: AskedObject): string {
  if (known.isEndpoint === true) {
    const at = ports.length === 0 ? '' : ` at ${ports.join(' and ')}`;
    return `${nameOf(known)} led to ${address}${at} from ${minute(from)} to ${minute(to)}`;
  }
  const behind = known.kind === asked.kind ? '' : `, behind ${nameOf(asked)}`;
  return `${nameOf(known)} had ${address} from ${minute(from)} to ${minute(to)}${behind}`;
}

function minute(time: bigint): string {
  return printMinute(dateOf(time));
}
