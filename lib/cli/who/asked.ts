import { lookup } from 'node:dns/promises';
import { parseCidr, type AddressRange } from '../../containment/address';
import { addressOf } from '../../history/address';
import { plainName, type Asked } from '../../history/asked';
import { UsageError } from '../../synth/usage-error';

/** What is asked for, and how it was found. */
export interface AskedAddress extends Asked {
  /** The addresses as text. */
  readonly addresses: readonly string[];
  /** What a host name resolves to now; `undefined` for what is no host name. */
  readonly resolved: readonly string[] | undefined;
  /** How a Pod or a Service came by its addresses: a line each. */
  readonly remarks?: readonly string[];
}

/** Finds the addresses that a host name has today. */
export type Resolve = (name: string) => Promise<readonly string[]>;

const LABEL = '[a-z0-9_](?:[-a-z0-9_]{0,61}[a-z0-9_])?';
const HOST = new RegExp(String.raw`^(?=.{1,253}$)${LABEL}(?:\.${LABEL})*\.?$`, 'i');
/** What looks like an address and is none is a slip, and no host name. */
const LIKE_AN_ADDRESS = /^[\d.]+$|:/;

/**
 * Reads ADDRESS: an address, a network, or a host name.
 *
 * @throws UsageError
 */
export async function askedAddress(text: string, resolve: Resolve = resolveByDns): Promise<AskedAddress> {
  const range = addressOf(text)?.range ?? parseCidr(text);
  if (range !== undefined) return { ranges: [range], names: [], addresses: [text], resolved: undefined };
  const less = lessOf(text);
  if (less !== undefined) throw new UsageError(`'${text}': ask without ${less.without}: ${less.rest}`);
  if (/^[^:/]+\/[^:/]+$/.test(text) && !/^[\d.a-f]+\/\d+$/i.test(text))
    throw new UsageError(`'${text}': for a Pod or a Service write pod:${text} or service:${text}`);
  if (LIKE_AN_ADDRESS.test(text) || text.includes('/') || !HOST.test(text))
    throw new UsageError(`'${text}' is no address, no network such as 203.0.113.0/24, and no host name`);
  const resolved = [...new Set(await resolve(text))].sort();
  const ranges = resolved
    .map((address) => addressOf(address)?.range)
    .filter((found): found is AddressRange => found !== undefined);
  return { ranges, names: [plainName(text)], addresses: resolved, resolved };
}

interface Less {
  readonly without: string;
  readonly rest: string;
}

/** What is left of an address where more was written than it takes. */
function lessOf(text: string): Less | undefined {
  const [, scheme, host = ''] = /^([a-z][a-z0-9+.-]*:\/\/)(?:[^/@]*@)?([^/?#]+)/i.exec(text) ?? [];
  if (scheme !== undefined)
    return { without: `${scheme} and what is not the host`, rest: lessOf(host)?.rest ?? host };
  const [, inside, port] = /^\[([^\]]+)\](:\d*)?$/.exec(text) ?? [];
  if (inside !== undefined && addressOf(inside) !== undefined)
    return { without: port === undefined ? 'the brackets' : 'the brackets and the port', rest: inside };
  const [, before = ''] = /^([^:/[\]]+):\d+$/.exec(text) ?? [];
  if (addressOf(before) !== undefined || (HOST.test(before) && !LIKE_AN_ADDRESS.test(before)))
    return { without: 'the port', rest: before };
  return undefined;
}

/** So many names are looked up; the others are found where alerts name them. */
const MOST_RESOLVED = 100;

/** The addresses of several names. */
export async function resolveAll(
  names: readonly string[],
  resolve: Resolve = resolveByDns,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const some = names.slice(0, MOST_RESOLVED);
  return new Map(await Promise.all(some.map(async (name) => [name, spelled(await resolve(name))] as const)));
}

/** Each in its one spelling. */
function spelled(addresses: readonly string[]): readonly string[] {
  return [...new Set(addresses.map((address) => addressOf(address)?.text ?? address))].sort();
}

async function resolveByDns(name: string): Promise<readonly string[]> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch {
    // That there is none is an answer, and is said with the others.
    return [];
  }
}
