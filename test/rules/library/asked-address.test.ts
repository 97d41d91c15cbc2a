import fc from 'fast-check';
import { BlockList } from 'node:net';
import { askedNetwork } from '../../../lib/rules/library/asked-address';

/** Whether the text of a connect fits, as Falco compares it. */
function fits(network: string, address: string): boolean {
  const asked = askedNetwork(network);
  if (asked === undefined) throw new Error(`${network} is no network`);
  const text = `${address}:443`;
  if (asked.prefixes.some((prefix) => text.startsWith(prefix))) return true;
  return asked.pattern !== undefined && new RegExp(`^(?:${asked.pattern}:[0-9]+)$`).test(text);
}

const byte = fc.integer({ min: 0, max: 255 });
const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
const ipv4 = fc.array(byte, { minLength: 4, maxLength: 4 });
// Groups of zeros before the mask's end are refused: see egress-to.test.ts.
const network6 = fc.tuple(
  fc.array(fc.integer({ min: 0x8000, max: 0xffff }), { minLength: 8, maxLength: 8 }),
  fc.integer({ min: 1, max: 127 }),
);

/** Keeps part of the network's address, so that the other is often within. */
function mixed<T>(near: readonly T[], far: readonly T[], kept: number): T[] {
  return [...near.slice(0, kept), ...far.slice(kept)];
}

const canonical = (groups: readonly number[]): string =>
  new URL(`http://[${groups.map((value) => value.toString(16)).join(':')}]/`).hostname.slice(1, -1);

describe('an address asked for is found by its text where the network holds it', () => {
  test('IPv4', () => {
    fc.assert(
      fc.property(ipv4, fc.integer({ min: 0, max: 32 }), ipv4, fc.nat(4), (base, bits, other, kept) => {
        const network = base.join('.');
        const address = mixed(base, other, kept).join('.');
        const within = new BlockList();
        within.addSubnet(network, bits, 'ipv4');
        expect(fits(`${network}/${bits}`, address)).toBe(within.check(address, 'ipv4'));
      }),
      { numRuns: 500 },
    );
  });

  test('IPv6', () => {
    fc.assert(
      fc.property(
        network6,
        fc.array(group, { minLength: 8, maxLength: 8 }),
        fc.nat(8),
        ([base, bits], other, kept) => {
          const network = base.map((value) => value.toString(16)).join(':');
          const address = canonical(mixed(base, other, kept));
          const within = new BlockList();
          within.addSubnet(network, bits, 'ipv6');
          expect(fits(`${network}/${bits}`, address)).toBe(within.check(address, 'ipv6'));
        },
      ),
      { numRuns: 500 },
    );
  });
});
