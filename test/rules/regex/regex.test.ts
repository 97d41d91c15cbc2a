import fc from 'fast-check';
import { compileRegex, RegexError } from '../../../lib/rules/regex';

const matches = (pattern: string, text: string): boolean => compileRegex(pattern)(text);

describe('a regular expression', () => {
  test.each([
    ['8080', '10.0.0.1:8080', false],
    ['.*:8080', '10.0.0.1:8080', true],
    ['^10\\.77.*$', '10.77.0.2:80', true],
    ['^10\\.77.*$', '10x77', false],
    ['', '', true],
    ['', 'a', false],
    ['a|bc', 'bc', true],
    ['a|', '', true],
    ['(a|b)*c{2,3}', 'abbacc', true],
    ['(a|b)*c{2,3}', 'abcccc', false],
    ['x{2,}', 'x', false],
    ['x{2,}', 'xxxx', true],
    ['x{3}', 'xxx', true],
    ['a{', 'a{', true],
    ['a{,2}', 'a{,2}', true],
    ['a{02}', 'a{02}', true],
    ['{', '{', true],
    ['a**?+', 'aaa', true],
    ['a.c', 'a\nc', false],
    ['a[^b]c', 'a\nc', true],
    ['a\n^b$', 'a\nb', true],
    ['a$\nb', 'a\nb', true],
    ['a^b', 'ab', false],
    ['^*a', 'a', true],
    ['[[:digit:]]+', '0123', true],
    ['[[:^digit:]x]+', 'ab7', false],
    ['[[:word:]-]+', 'a_b-c', true],
    ['[]a]+', ']a', true],
    ['[^]a]', ']', false],
    ['[a-]+', '-a', true],
    ['[-a]+', '-a', true],
    ['[\\]]', ']', true],
    ['[[:x]+', '[:x', true],
    ['\\x41\\x{1F600}\\101\\.\\_', 'A😀A._', true],
    ['.', '😀', true],
    ['[à-ÿ]+', 'éö', true],
    ['\\0', '\0', true],
  ])('%j on %j: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  test.each([
    ['^/etc/[', "'['"],
    ['(?=x)', "'?'"],
    ['(?i)x', "'?'"],
    ['*a', "'*'"],
    ['a|*', "'*'"],
    ['(+)', "'+'"],
    ['(', "'('"],
    ['a)', "')'"],
    ['\\d', '\\d'],
    ['\\bx', '\\b'],
    ['\\pL', '\\p'],
    ['[\\w]', '\\w'],
    ['\\1', 'back references'],
    ['(a)\\1', 'back references'],
    ['\\8', '\\8'],
    ['\\x4', '\\x'],
    ['\\x{110000}', '\\x'],
    ['\\', 'backslash'],
    ['[a\\', 'backslash'],
    ['[z-a]', 'range'],
    ['[a-c-e]', "'-'"],
    ['[[:letter:]]', '[:letter:]'],
    ['a{1001}', '{1001}'],
    ['a{3,2}', '{3,2}'],
    ['(a{100}){11}', '{11}'],
    ['((.{10}){10}){10}'.repeat(40), 'too large'],
  ])('%j is refused', (pattern, named) => {
    expect(() => compileRegex(pattern)).toThrow(RegexError);
    expect(() => compileRegex(pattern)).toThrow(named);
  });

  test('says what to write for a class of Perl', () => {
    let hint: string | undefined;
    try {
      compileRegex('\\d+');
    } catch (error) {
      if (error instanceof RegexError) hint = error.hint;
    }
    expect(hint).toBe('write [0-9]');
  });

  // Each of these takes JavaScript's own engine longer than anyone would wait.
  test.each(['(a*)*b', '(a|aa)+b', '(a|a)*b', '(.*)(.*)(.*)(.*)(.*)b', '(x+x+)+y', '(a?){60}a{60}b'])(
    '%s does not explode',
    (pattern) => {
      expect(matches(pattern, 'a'.repeat(20_000))).toBe(false);
    },
  );

  test('forgets states rather than keep one for every text', () => {
    const decide = compileRegex('(a|b)*a(a|b){14}');
    let seed = 1;
    const text = Array.from({ length: 30_000 }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % 2 === 0 ? 'a' : 'b';
    }).join('');
    expect(decide(text)).toBe(text.at(-15) === 'a');
  });

  test('decides as JavaScript does where both speak the same language', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a|b)', '(ab|)', '\\.', 'é');
    const times = fc.constantFrom('', '*', '+', '?', '{2}', '{0,2}', '{1,}');
    const sequence = fc
      .array(fc.tuple(atom, times), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.map((part) => part.join('')).join(''));
    const pattern = fc.array(sequence, { minLength: 1, maxLength: 3 }).map((choices) => choices.join('|'));
    const text = fc
      .array(fc.constantFrom('a', 'b', '.', 'é'), { maxLength: 8 })
      .map((chars) => chars.join(''));
    fc.assert(
      fc.property(pattern, text, (source, input) => {
        expect(matches(source, input)).toBe(new RegExp(`^(?:${source})$`, 'u').test(input));
      }),
      { numRuns: 3_000 },
    );
  });

  test('answers or refuses whatever it is given', () => {
    const scrap = fc.constantFrom(...'ab()[]{}|*+?^$.\\-:,0129xpd\n', '[:alpha:]', '{2,5}', '\\x');
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 30 }), fc.string({ maxLength: 20 }), (scraps, text) => {
        try {
          expect(typeof matches(scraps.join(''), text)).toBe('boolean');
        } catch (error) {
          expect(error).toBeInstanceOf(RegexError);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
