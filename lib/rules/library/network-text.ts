/** How many values a byte of a mask leaves, by how many of its bits are set; a byte of none is left out as a whole. */
const SIZES = [1, 128, 64, 32, 16, 8, 4, 2] as const;

/** Groups of an IPv6 network that ends with one: `2001:db8::`. */
const WHOLE_GROUPS = /^(?:[1-9a-f][\da-f]{0,3}:)+:$/;

/** Values of a byte that stand in one expression: Falco takes no value of more than 255 bytes. */
const AT_ONCE = 16;

/**
 * Regular expressions for the addresses of a network as Falco prints them, for events that tell an address by its text
 * only; one of them fits. None where no simple one is exact: for IPv6 there is one for single addresses in the spelling
 * that Falco prints, and for networks of whole groups, such as `2001:db8::/32`, none of which is zero.
 *
 * The chart has the same as a template, `falco-egress.networkTexts`.
 */
export function networkTexts(network: string): readonly string[] {
  const [address = '', length = ''] = network.toLowerCase().split('/');
  const bits = Number(length);
  if (!address.includes(':')) return ipv4Texts(address.split('.'), bits);
  if (bits === 128) return address.includes('.') ? [] : [address];
  const groups = address.split(':').length - 2;
  if (!WHOLE_GROUPS.test(address) || groups * 16 !== bits) return [];
  return [`${address.slice(0, -1)}[0-9a-f:.]*`];
}

/** A program may ask for an IPv4 address in IPv6's clothes. */
function ipv4Texts(bytes: readonly string[], bits: number): string[] {
  const whole = Math.floor(bits / 8);
  const text = (told: readonly string[]) =>
    `(::ffff:)?${[...told, ...(told.length < 4 ? ['[0-9.]+'] : [])].join('[.]')}`;
  const start = bytes.slice(0, whole);
  const size = SIZES[bits % 8] ?? 1;
  if (size === 1) return [text(start)];
  const first = Math.floor(Number(bytes[whole]) / size) * size;
  const values = Array.from({ length: size }, (_, index) => first + index);
  const chunks = values.filter((_, index) => index % AT_ONCE === 0);
  return chunks.map((from) => {
    const some = values.filter((value) => value >= from && value < from + AT_ONCE);
    return text([...start, `(${some.join('|')})`]);
  });
}
