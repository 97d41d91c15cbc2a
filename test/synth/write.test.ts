import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { staleFiles, writeFolders } from '../../lib/synth/write';

let parent: string;
let target: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'falco-egress-write-'));
  target = join(parent, 'manifests');
});

afterEach(() => {
  rmSync(parent, { recursive: true });
});

/** What every environment has beside its manifests. */
const MARKS: [string, string][] = [
  ['images.txt', ''],
  ['RBAC.md', ''],
];
const folders = (text: string) => new Map([['default', new Map([['a.yaml', text], ...MARKS])]]);

test('folders are swapped in whole, and nothing is left beside them', () => {
  writeFolders(target, folders('1'), true);
  writeFileSync(join(target, 'default/old.yaml'), 'gone');
  writeFolders(target, folders('2'), true);
  expect(readdirSync(join(target, 'default'))).toEqual(['RBAC.md', 'a.yaml', 'images.txt']);
  expect(readFileSync(join(target, 'default/a.yaml'), 'utf8')).toBe('2');
  expect(readdirSync(parent)).toEqual(['manifests']);
});

test('folders of other environments go only where all are written', () => {
  mkdirSync(join(target, 'other'), { recursive: true });
  writeFolders(target, folders('1'), false);
  expect(existsSync(join(target, 'other'))).toBe(true);
  writeFolders(target, folders('1'), true);
  expect(existsSync(join(target, 'other'))).toBe(false);
});

test('a failure half-way leaves the old folder', () => {
  writeFolders(target, folders('1'), true);
  const broken = new Map([['default', new Map([['a.yaml', '2'], ['no/such/folder.yaml', 'x'], ...MARKS])]]);
  expect(() => {
    writeFolders(target, broken, true);
  }).toThrow();
  expect(readFileSync(join(target, 'default/a.yaml'), 'utf8')).toBe('1');
  expect(readdirSync(parent)).toEqual(['manifests']);
});

test('what is stale is named', () => {
  writeFolders(target, folders('1'), true);
  mkdirSync(join(target, 'gone'));
  writeFileSync(join(target, 'default/extra.yaml'), '');
  expect(staleFiles(target, folders('1'), false)).toEqual(['default/extra.yaml is not synthesized any more']);
  expect(staleFiles(target, folders('2'), true)).toEqual([
    'default/a.yaml is stale',
    'default/extra.yaml is not synthesized any more',
    'gone is not an environment any more',
  ]);
  expect(staleFiles(join(parent, 'nowhere'), folders('1'), true)[0]).toBe('default/a.yaml is missing');
});

test('what the synthesis has not made is never touched', () => {
  mkdirSync(join(target, 'src'), { recursive: true });
  writeFileSync(join(target, 'src/main.ts'), 'x');
  writeFolders(target, folders('1'), true);
  expect(staleFiles(target, folders('1'), true)).toEqual([]);
  expect(readFileSync(join(target, 'src/main.ts'), 'utf8')).toBe('x');
  expect(() => {
    writeFolders(target, new Map([['src', new Map(MARKS)]]), true);
  }).toThrow('src holds something else than manifests');
  expect(readFileSync(join(target, 'src/main.ts'), 'utf8')).toBe('x');
  expect(existsSync(join(target, 'default'))).toBe(true);
});
