import { jsonText } from '../../lib/constructs/json-text';

test('keys are sorted, at every depth', () => {
  expect(jsonText({ b: [{ d: 1, c: 2 }], a: { z: true, y: null } })).toBe(
    '{\n  "a": {"y":null,"z":true},\n  "b": [{"c":2,"d":1}]\n}\n',
  );
});

test('what is undefined is left out', () => {
  expect(jsonText({ a: undefined, b: { c: undefined } })).toBe('{\n  "b": {}\n}\n');
  expect(jsonText({ a: undefined })).toBe('{}\n');
});

test('text stays as it is, whatever is in it', () => {
  const text = 'proc.name = "a" and fd.sport > 1024\n\u2028';
  expect(JSON.parse(jsonText({ text }))).toEqual({ text });
});
