import { parseCidr, within, type AddressRange } from '../containment/address';
import { addressOf } from './address';
import type { Scope } from './scope-names';

/** RFC 1918, 6598, 3927, 4193, 4291, 5771. */
const NETWORKS: readonly (readonly [scope: Scope, ...networks: string[]])[] = [
  ['private', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'],
  ['link-local', '169.254.0.0/16', 'fe80::/10'],
  ['loopback', '127.0.0.0/8', '::1/128', '0.0.0.0/32', '::/128'],
  ['multicast', '224.0.0.0/4', '255.255.255.255/32', 'ff00::/8'],
];

const RANGES = NETWORKS.map(
  ([scope, ...networks]) =>
    [scope, networks.map(parseCidr).filter((range): range is AddressRange => range !== undefined)] as const,
);

/** What is in no network of special use is the internet. */
export function scopeOf(address: string): Scope {
  const range = addressOf(address)?.range;
  if (range === undefined) return 'internet';
  const found = RANGES.find(([, ranges]) => ranges.some((each) => within(range, each)));
  return found?.[0] ?? 'internet';
}
