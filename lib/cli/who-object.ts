import { addressOf } from '../history/address';
import { literal } from '../history/asked';
import type { Connection } from '../history/connection';
import type { Holding, InventoryHistory } from '../history/inventory/inventory';
import { nameOf, type Known } from '../history/inventory/known';
import { dateOf, printMinute } from '../history/time';
import { UsageError } from '../synth/usage-error';
import type { AskedAddress } from './who-asked';

/** A Pod or a Service that is asked for by name. */
export interface AskedObject {
  readonly kind: 'pod' | 'service';
  readonly namespace: string;
  readonly name: string;
}

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

/** The addresses that it had, each in its time; `undefined` where the inventory tells of no such thing. */
export function addressesThen(asked: AskedObject, inventory: InventoryHistory): AskedAddress | undefined {
  const found = inventory.named(asked.kind, asked.namespace, asked.name, undefined);
  if (found.length === 0) return undefined;
  const holdings = found.flatMap((known) => holdingsOf(known, inventory));
  const byAddress = new Map<string, Holding[]>();
  for (const holding of holdings)
    byAddress.set(holding.address, [...(byAddress.get(holding.address) ?? []), holding]);
  const addresses = [...byAddress.keys()].sort();
  return {
    ...{ ranges: rangesOf(addresses), names: [], addresses, resolved: undefined },
    isThen: (connection) => (byAddress.get(connection.destination.address) ?? []).some(holds(connection)),
    remarks:
      holdings.length === 0
        ? [`${nameOf(asked)} had no address of its own`]
        : holdings.map((holding) => inWords(holding, asked)),
  };
}

/** The addresses that it has today: then it may have had others, and others these. */
export function addressesToday(asked: AskedObject, addresses: readonly string[]): AskedAddress {
  const list = addresses.length === 0 ? 'no address' : addresses.join(', ');
  return {
    ...{ ranges: rangesOf(addresses), names: [], addresses, resolved: undefined },
    remarks: [`as the cluster is today, ${nameOf(asked)} has ${list}; then perhaps others`],
  };
}

/** Who connects to a headless Service connects to its Pods. */
function holdingsOf(known: Known, inventory: InventoryHistory): readonly Holding[] {
  const own = inventory.holdingsOf(known);
  if (known.kind === 'pod' || own.length > 0) return own;
  return inventory.holdingsBehind(known);
}

function holds({ cluster, first, last }: Connection): (holding: Holding) => boolean {
  return ({ known, from, to }) =>
    (cluster === undefined || cluster === known.cluster) && first < to && last >= from;
}

function inWords({ known, address, from, to }: Holding, asked: AskedObject): string {
  const behind = known.kind === asked.kind ? '' : `, behind ${nameOf(asked)}`;
  return `${nameOf(known)} had ${address} from ${minute(from)} to ${minute(to)}${behind}`;
}

function minute(time: bigint): string {
  return printMinute(dateOf(time));
}

function rangesOf(addresses: readonly string[]): AskedAddress['ranges'] {
  return addresses.map((address) => addressOf(address)?.range).filter((range) => range !== undefined);
}
