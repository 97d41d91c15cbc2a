import { addressOf, type Address } from './address';

type Words = readonly [number, number, number, number];

/** The addresses from `first` to `last`, both of one family and both in it. */
export interface AddressRange {
  readonly first: Address;
  readonly last: Address;
}

/** The one address of a text. */
export function singleAddress(text: string): AddressRange | undefined {
  const address = addressOf(text);
  return address === undefined ? undefined : { first: address, last: address };
}

/** The addresses of a network: `10.0.0.0/8`, `fd77::/64`. Bits beyond the prefix don't count. */
export function networkOf(text: string): AddressRange | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? undefined : addressOf(text.slice(0, slash));
  const digits = /^\s*\+?(\d{1,20})$/.exec(text.slice(slash + 1))?.[1];
  if (address === undefined || digits === undefined) return undefined;
  // Falco reads it into one byte.
  const prefix = Number(BigInt(digits) % 256n);
  if (prefix > (address.family === 4 ? 32 : 128)) return undefined;
  if (address.family === 4) {
    const [value, last] = boundsOf(address.value, prefix);
    return { first: { family: 4, value }, last: { family: 4, value: last } };
  }
  const bounds = address.words.map((word, index) =>
    boundsOf(word, Math.min(32, Math.max(0, prefix - 32 * index))),
  );
  return {
    first: { family: 6, words: wordsOf(bounds.map(([first]) => first)) },
    last: { family: 6, words: wordsOf(bounds.map(([, last]) => last)) },
  };
}

function wordsOf([a = 0, b = 0, c = 0, d = 0]: readonly number[]): Words {
  return [a, b, c, d];
}

function boundsOf(word: number, prefix: number): readonly [number, number] {
  const size = 2 ** (32 - prefix);
  const first = word - (word % size);
  return [first, first + size - 1];
}
