import * as fc from 'fast-check';
import { parseExactJson, printJson } from '../../../lib/rules/recorded/exact-json';

test('numbers keep all digits', () => {
  expect(parseExactJson('{"evt.time":1795333275744381641}')).toEqual({
    'evt.time': 1795333275744381641n,
  });
  expect(parseExactJson('[-9223372036854775808, 1234567890123456, 1.2345678901234567, 1e20]')).toEqual([
    -9223372036854775808n,
    1234567890123456,
    1.2345678901234567,
    1e20,
  ]);
  expect(parseExactJson('{"a":"1795333275744381641 \\" 1795333275744381641"}')).toEqual({
    a: '1795333275744381641 " 1795333275744381641',
  });
  expect(printJson({ a: 1795333275744381641n })).toBe('{"a":"1795333275744381641"}');
});

test('all other JSON is as JSON.parse has it', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseExactJson(text)).toEqual(JSON.parse(text));
    }),
  );
});
