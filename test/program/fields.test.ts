import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FieldReader, readJsonFile } from '../../lib/program/fields';

const reader = (value: unknown): FieldReader =>
  new FieldReader(value, 'a', ['name', 'count', 'mode', 'list', 'map']);

test.each<[string, unknown, (fields: FieldReader) => unknown, string]>([
  ['an unknown field', { nmae: 1 }, (f) => f, 'a.nmae: unknown field (did you mean "name"?)'],
  ['a far one', { zzzzzz: 1 }, (f) => f, 'a.zzzzzz: unknown field; known: name, count, mode, list, map'],
  ['no object', [], (f) => f, 'a: expected an object, found []'],
  ['a missing text', {}, (f) => f.text('name'), 'a.name: expected a text that is not empty, found nothing'],
  ['null', { name: null }, (f) => f.text('name'), 'a.name: expected a text that is not empty, found nothing'],
  [
    'a number out of range',
    { count: 0 },
    (f) => f.integer('count', 1, 9),
    'a.count: expected a whole number from 1 to 9, found 0',
  ],
  [
    'a wrong word',
    { mode: 'enforced' },
    (f) => f.oneOf('mode', ['observe', 'enforce']),
    'a.mode: expected one of observe, enforce, found "enforced" (did you mean "enforce"?)',
  ],
  ['no list', { list: {} }, (f) => f.texts('list'), 'a.list: expected a list, found {}'],
  [
    'a wrong item',
    { list: ['x', 3] },
    (f) => f.texts('list'),
    'a.list[1]: expected a text that is not empty, found 3',
  ],
  ['a wrong entry', { map: { 'k.x/y': 3 } }, (f) => f.map('map'), 'a.map["k.x/y"]: expected a text, found 3'],
])('%s is named', (_, value, read, message) => {
  expect(() => read(reader(value))).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', message }) as Error,
  );
});

describe('readJsonFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'falco-egress-fields-'));
  const file = join(folder, 'x.json');
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test.each<[string, string | undefined, RegExp]>([
    ['is missing', undefined, /x\.json: ENOENT/],
    ['is no JSON', '{', /x\.json: not JSON/],
    ['says something wrong', '{"b":1}', /x\.json: b: unknown field; known: name$/],
  ])('names a file that %s', (_, content, message) => {
    if (content !== undefined) writeFileSync(file, content);
    expect(() => readJsonFile(file, (value) => new FieldReader(value, '', ['name']))).toThrow(message);
  });
});
