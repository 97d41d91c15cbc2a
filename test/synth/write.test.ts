import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
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

test('everything is moved within the target, which may be a mount point', () => {
  writeFolders(target, folders('1'), true);
  const moved: string[] = [];
  writeFolders(target, folders('2'), true, (from, to) => {
    moved.push(from, to);
    renameSync(from, to);
  });
  expect(moved).toHaveLength(4);
  for (const path of moved) expect(path.startsWith(`${target}/`)).toBe(true);
  expect(readdirSync(target)).toEqual(['default']);
});

test('where the new folder cannot take its place, the old one comes back', () => {
  writeFolders(target, folders('1'), true);
  expect(() => {
    writeFolders(target, folders('2'), true, (from, to) => {
      if (from.includes('/new/')) throw new Error('no space');
      renameSync(from, to);
    });
  }).toThrow('no space');
  expect(readFileSync(join(target, 'default/a.yaml'), 'utf8')).toBe('1');
  expect(readdirSync(target)).toEqual(['default']);
});

test('what a killed process has left goes with the next run; hidden folders are no environments', () => {
  const { pid } = spawnSync('true');
  mkdirSync(join(target, `.falco-egress-${pid}-abc/old/default`), { recursive: true });
  mkdirSync(join(target, `.falco-egress-${process.ppid}-abc`));
  mkdirSync(join(target, '.git'));
  expect(staleFiles(target, new Map(), true)).toEqual([]);
  writeFolders(target, folders('1'), true);
  expect(readdirSync(target)).toEqual([`.falco-egress-${process.ppid}-abc`, '.git', 'default']);
});
