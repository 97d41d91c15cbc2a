import * as fc from 'fast-check';
import { compileGlob } from '../../../lib/rules/evaluate/compare/glob';

/** Checked against `fnmatch(3)` of glibc 2.36 in the C locale. */
describe('glob', () => {
  test.each([
    ['*', '', true],
    ['*', '.a/b', true],
    ['a*c', 'a/b/c', true],
    ['?', '/', true],
    ['?', '', false],
    ['f', 'flkcase', false],
    ['*->10.77.0.?:8080', '10.77.0.1:1->10.77.0.2:8080', true],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[^a-c]x', 'dx', true],
    ['[]]', ']', true],
    ['[!]]', ']', false],
    ['[a-]', '-', true],
    ['[[:digit:]x]', '7', true],
    ['[[:digit:]x]', 'y', false],
    ['[[:upper:]]', 'a', false],
    ['[', '[', true],
    ['[a', '[a', true],
    ['\\*', '*', true],
    ['\\*', 'x', false],
    ['[\\]]', ']', true],
    ['a\\', 'a\\', false],
    ['é', 'é', true],
    ['?', 'é', false],
    ['??', 'é', true],
    ['A', 'a', false],
    ['**a', 'ba', true],
    ['a**', 'a', true],
  ])('%s on %s: %s', (pattern, text, expected) => {
    expect(compileGlob(pattern, false)(text)).toBe(expected);
  });

  test.each([
    ['FLK*', 'flkcase', true],
    ['[A-C]', 'b', true],
    ['[a-c]', 'B', true],
    ['[[:upper:]]', 'a', false],
    ['[[:upper:]]', 'A', true],
    ['[Z-a]', 'Y', false],
    ['É', 'é', false],
  ])('without regard to case, %s on %s: %s', (pattern, text, expected) => {
    expect(compileGlob(pattern, true)(text)).toBe(expected);
  });

  test('an escaped text matches itself alone', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const matches = compileGlob(text.replace(/[*?[\]\\]/g, '\\$&'), false);
        expect(matches(text)).toBe(true);
        expect(matches(other)).toBe(other === text);
      }),
    );
  });

  test('is not slow where backtracking would be', () => {
    const matches = compileGlob(`${'a*'.repeat(50)}b`, false);
    expect(matches('a'.repeat(20_000))).toBe(false);
  });
});
