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

test('only whole numbers outside texts are long numbers', () => {
  const digits = '9'.repeat(1_000_000);
  expect(parseExactJson(`{"a":${digits}}`)).toEqual({ a: Infinity });
  expect(parseExactJson('[12345678901234567890e1,-1.12345678901234567890]')).toEqual([
    123456789012345680000, -1.1234567890123457,
  ]);
  const texts = String.raw`{"12345678901234567":"\\","b\"1234567890123456789":[1234567890123456789]}`;
  expect(parseExactJson(texts)).toEqual({
    '12345678901234567': '\\',
    'b"1234567890123456789': [1234567890123456789n],
  });
  expect(Object.keys(parseExactJson('{"__proto__":1234567890123456789}') as object)).toEqual(['__proto__']);
  expect(() => parseExactJson('[1234567890123456789,"')).toThrow(SyntaxError);
});

test('every JSON of long numbers and texts is read as its parts are', () => {
  const part = fc.oneof(
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
    fc.string().map((text) => `${text}"1234567890123456789\\`),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const text = parts.map((each) => (typeof each === 'bigint' ? String(each) : JSON.stringify(each)));
      const read = parseExactJson(`[${text.join(',')}]`) as unknown[];
      expect(read.map((each) => (typeof each === 'bigint' ? String(each) : JSON.stringify(each)))).toEqual(
        text.map((each, at) => (typeof parts[at] === 'bigint' ? each : JSON.stringify(JSON.parse(each)))),
      );
    }),
  );
});

test('all other JSON is as JSON.parse has it', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseExactJson(text)).toEqual(JSON.parse(text));
    }),
  );
});
