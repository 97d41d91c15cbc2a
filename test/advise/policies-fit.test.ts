import * as fc from 'fast-check';
import { blocksOf } from '../../lib/advise/blocks';
import { portsOf } from '../../lib/advise/port-ranges';
import { replay } from '../../lib/advise/replay';
import { tellingLabels } from '../../lib/advise/workload-labels';
import { selects } from '../../lib/containment';
import { parseCidr, within, type AddressRange } from '../../lib/containment/address';
import { history } from './histories';
import { advised } from './advised';

const RULE = { exact: 3, shortest: { 4: 24, 6: 64 }, most: 50 } as const;
const range = (family: 4 | 6, value: bigint): AddressRange => ({ family, first: value, last: value });
const addresses = fc.constantFrom(4 as const, 6 as const).chain((family) =>
  fc.array(
    // Near each other and far apart.
    fc.tuple(fc.bigInt(0n, 7n), fc.bigInt(0n, 600n)).map(([far, near]) => range(family, (far << 24n) + near)),
    { minLength: 1, maxLength: 40 },
  ),
);

test('networks hold all that was seen, nothing twice, no more than they say, and none is too large', () => {
  fc.assert(
    fc.property(addresses, (seen) => {
      const blocks = blocksOf(seen, RULE);
      const ranges = blocks.map(({ cidr }) => parseCidr(cidr));
      for (const each of seen)
        expect(ranges.filter((block) => block !== undefined && within(each, block))).toHaveLength(1);
      const different = new Set(seen.map(({ first }) => first)).size;
      expect(blocks.reduce((sum, block) => sum + block.seen, 0)).toBe(different);
      for (const [at, block] of blocks.entries()) {
        const { first, last, family } = ranges[at] ?? { first: 0n, last: 0n, family: 4 };
        expect(last - first + 1n).toBe(block.size);
        expect(block.size).toBeLessThanOrEqual(1n << BigInt(family === 4 ? 8 : 64));
        if (different <= RULE.exact) expect(block.size).toBe(1n);
      }
    }),
  );
});

test.each([
  ['all of 40 in a row', 0, 40, ['198.51.100.0/27', '198.51.100.32/29']],
  ['all of 256', 0, 256, ['198.51.100.0/24']],
  ['no larger than the rule has it', 0, 512, ['198.51.100.0/24', '198.51.101.0/24']],
  [
    'a beginning that is no edge',
    4,
    36,
    ['198.51.100.4/30', '198.51.100.8/29', '198.51.100.16/28', '198.51.100.32/30'],
  ],
])('addresses that were all seen are few networks, which hold no other: %s', (_, from, to, cidrs) => {
  const base = parseCidr('198.51.100.0/32')?.first ?? 0n;
  const seen = Array.from({ length: to - from }, (__, at) => range(4, base + BigInt(from + at)));
  const blocks = blocksOf(seen, { exact: 10, shortest: { 4: 24, 6: 64 }, most: 50 });
  expect(blocks.map(({ cidr }) => cidr)).toEqual(cidrs);
  expect(blocks.every(({ seen: count, size }) => BigInt(count) === size)).toBe(true);
});

test('ports that were seen are in the list, and ranges of three hold nothing else', () => {
  const port = fc.record({
    protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
    port: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 65_535 })),
  });
  fc.assert(
    fc.property(fc.array(port, { minLength: 1, maxLength: 30 }), (seen) => {
      const { ports, isWider } = portsOf(seen);
      const holds = (protocol: string, number: number): boolean =>
        ports.some(
          (each) =>
            each.protocol === protocol &&
            Number(each.port) <= number &&
            number <= (each.endPort ?? Number(each.port)),
        );
      expect(seen.every((each) => holds(each.protocol, each.port))).toBe(true);
      const held = ports.reduce(
        (sum, { port: from, endPort }) => sum + (endPort ?? Number(from)) - Number(from) + 1,
        0,
      );
      const different = new Set(seen.map((each) => `${each.protocol} ${each.port}`)).size;
      expect(held > different).toBe(isWider);
    }),
  );
});

test('labels tell a workload from others as well as all of its labels would', () => {
  const labels = fc.dictionary(fc.constantFrom('app', 'tier', 'team'), fc.constantFrom('a', 'b'), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(labels, fc.array(labels, { maxLength: 6 }), (own, others) => {
      const selector = tellingLabels(own, others);
      if (Object.keys(own).length === 0) {
        expect(selector).toBeUndefined();
        return;
      }
      expect(selects(selector ?? {}, own)).toBe(true);
      expect(Object.keys(selector?.matchLabels ?? {})).not.toEqual([]);
      const chosen = (by: object): number => others.filter((other) => selects(by, other)).length;
      expect(chosen(selector ?? {})).toBe(chosen({ matchLabels: own }));
    }),
  );
});

test('what is advised would have refused nothing of what it was made of', () => {
  fc.assert(
    fc.property(history, ({ objects, lines }) => {
      const { advice, observations, workloads } = advised(objects, lines, { allowFailed: true });
      const policies = advice.flatMap((each) => (each.kind === 'policy' ? [each.policy] : []));
      const { blocked } = replay(observations.byWorkload.values(), workloads, {
        policies,
        checked: policies,
      });
      expect(blocked).toEqual([]);
    }),
    { numRuns: 25 },
  );
});
