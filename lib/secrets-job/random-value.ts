import { randomInt } from 'node:crypto';
import type { WantedKey } from './spec';

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A number from 0 up to, not including, `bound`; each as likely as any other. */
export type RandomIndex = (bound: number) => number;

/** Random from the operating system, without modulo bias. */
export const secureRandom: RandomIndex = (bound) => randomInt(bound);

/** A new value of a key. */
export function randomValue(key: WantedKey, random: RandomIndex = secureRandom): string {
  const alphabet = key.kind === 'token' ? `${ALPHANUMERIC}-_` : ALPHANUMERIC;
  const length = key.kind === 'token' ? 43 : 24;
  const letters = Array.from({ length }, () => alphabet.charAt(random(alphabet.length))).join('');
  const user = key.kind === 'user-password' ? `${key.user ?? 'admin'}:` : '';
  return `${user}${letters}`;
}
