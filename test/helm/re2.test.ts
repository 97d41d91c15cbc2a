import { re2 } from '../../lib/helm/re2';

test('an expression of JavaScript as one of RE2', () => {
  expect(re2(/^a\/b$/)).toBe('^a/b$');
  expect(re2(/a|b/i)).toBe('(?i)a|b');
});

test.each([/a(?=b)/, /a(?<!b)/, /(a)\1/, /a/u, /a/g])('%s is none', (expression) => {
  expect(() => re2(expression)).toThrow('templates know no expression');
});
