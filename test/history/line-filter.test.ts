import fc from 'fast-check';
import { parseCidr } from '../../lib/containment/address';
import { addressOf } from '../../lib/history/address';
import { patternsOf, type Asked } from '../../lib/history/asked';
import { LineFilter } from '../../lib/history/files/line-filter';

/** Which of some lines may hold what is asked for. */
function passing(asked: Partial<Asked>, lines: readonly string[]): boolean[] {
  const filter = new LineFilter(patternsOf({ ranges: [], names: [], ...asked }, 'any'));
  const block = lines.map((line) => `${line}\n`).join('');
  filter.begin(Buffer.from(block, 'latin1'));
  let start = 0;
  return lines.map((line) => {
    const end = start + line.length;
    const held = filter.mayHold(start, end);
    start = end + 1;
    return held;
  });
}

function rangesOf(text: string): Asked['ranges'] {
  const range = addressOf(text)?.range ?? parseCidr(text);
  if (range === undefined) throw new Error(text);
  return [range];
}

const group = fc.oneof(fc.constant(0), fc.nat(0xffff));
const groups = fc.array(group, { minLength: 8, maxLength: 8 });

/** A spelling of an IPv6 address: zeros before, capitals, `::` for some zeros, the end as an IPv4 address. */
const spelled = fc.tuple(groups, fc.infiniteStream(fc.nat(3))).map(([parts, choices]) => {
  const choose = (): number => (choices.next() as { value: number }).value;
  const asFour = choose() === 0;
  const [g = 0, h = 0] = parts.slice(6);
  const texts = parts.slice(0, asFour ? 6 : 8).map((part) => {
    const text = part
      .toString(16)
      .padStart(1 + choose(), '0')
      .slice(-4)
      .padStart(part.toString(16).length, '0');
    return choose() === 0 ? text.toUpperCase() : text;
  });
  if (asFour) texts.push([g >> 8, g & 255, h >> 8, h & 255].join('.'));
  const zeros = texts.findIndex((text, at) => at < (asFour ? 6 : 8) && /^0+$/.test(text));
  if (zeros < 0 || choose() === 0) return { parts, text: texts.join(':') };
  const before = texts.slice(0, zeros).join(':');
  const after = texts.slice(zeros + 1).join(':');
  return { parts, text: `${before}::${after}` };
});

test('no spelling of an IPv6 address is missed, nor one of its networks', () => {
  fc.assert(
    fc.property(spelled, fc.integer({ min: 1, max: 128 }), ({ parts, text }, length) => {
      const plain = parts.map((part) => part.toString(16)).join(':');
      // What is one of IPv4 in disguise is asked for as that.
      fc.pre(addressOf(plain)?.range.family === 6);
      expect(addressOf(text)?.text).toBe(addressOf(plain)?.text);
      expect(passing({ ranges: rangesOf(plain) }, ['{}', `{"a":"${text}:443"}`])[1]).toBe(true);
      expect(passing({ ranges: rangesOf(`${plain}/${length}`) }, [`"${text}"`])).toEqual([true]);
    }),
    { numRuns: 400 },
  );
});

test('no IPv4 address of a network is missed, however it is written', () => {
  fc.assert(
    fc.property(fc.nat(0xffffffff), fc.integer({ min: 0, max: 32 }), (value, length) => {
      const bytes = [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
      const text = bytes.join('.');
      const hexadecimal = [value >>> 16, value & 0xffff].map((half) => half.toString(16)).join(':');
      const lines = [`"${text}"`, `"::ffff:${text}:80"`, `"::FFFF:${hexadecimal}"`];
      expect(passing({ ranges: rangesOf(`${text}/${length}`) }, lines)).toEqual([true, true, true]);
    }),
    { numRuns: 400 },
  );
});

test('other lines are passed over, and those that hide characters are not', () => {
  const ranges = rangesOf('203.0.113.7');
  const lines = [
    '"203.0.113.8"',
    '"203x0x113x7"',
    '"203.0.113.70"',
    String.raw`"20\u0033.0.113.7"`,
    String.raw`"10.0.0.1:1-\u003e10.0.0.2:2"`,
    '"203.0.113.7"',
    '',
  ];
  expect(passing({ ranges }, lines)).toEqual([false, false, true, true, false, true, false]);
  expect(
    passing({ names: ['vistatech.it'] }, ['"vistatech.it"', '"VISTATECH.IT."', '"vistatechxit"']),
  ).toEqual([true, true, false]);
  expect(passing({ ranges: rangesOf('0.0.0.0/0') }, ['anything'])).toEqual([true]);
});
