import { isIPv4, isIPv6 } from 'node:net';
import { isWholeNumber } from './numbers';

/** Why Falco refuses a text as an address; `undefined` if it takes it. What has a dot must be IPv4, all else IPv6. */
export function addressProblem(text: string): string | undefined {
  if (text.includes('.')) return isIPv4(text) ? undefined : 'is no IPv4 address';
  return isPlainIPv6(text) ? undefined : 'is no address';
}

/** Why Falco refuses a text as a network; `undefined` if it takes it. */
export function networkProblem(text: string): string | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return 'is no network: it lacks /…';
  const mask = text.slice(slash + 1);
  const length = isWholeNumber(mask) ? prefixLength(mask) : undefined;
  if (text.includes('.')) {
    if (!isIPv4(text.slice(0, slash))) return 'is no IPv4 network';
    return length === undefined || length > 32 ? 'has no mask of 0 to 32' : undefined;
  }
  if (!isPlainIPv6(text.slice(0, slash))) return 'is no IPv6 network';
  if (length === 0) return 'has a mask of 0, which Falco refuses for IPv6';
  return length === undefined || length > 128 ? 'has no mask of 1 to 128' : undefined;
}

/** Falco reads a mask into one byte, and lets go what doesn't fit. */
function prefixLength(mask: string): number {
  return Number(BigInt.asUintN(8, BigInt(mask.trim().replace(/^\+/, ''))));
}

/** `inet_pton` takes no zone behind an address. */
function isPlainIPv6(text: string): boolean {
  return isIPv6(text) && !text.includes('%');
}
