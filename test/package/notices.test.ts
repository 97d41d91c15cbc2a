import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import packageJson from '../../package.json';
import { bundledPackages, notices, PERMISSIVE } from '../../tools/package/notices.mjs';

const ROOT = join(__dirname, '../..');

describe('what the bundles hold of others', () => {
  const read = (name: string): string => readFileSync(join(ROOT, 'dist', name), 'utf8');
  const named = (text: string): string[][] =>
    [...text.matchAll(/^-{80}\n(\S+) (\S+) \((\S+)\)$/gm)].map(([, ...parts]) => parts);

  test.each([
    ['THIRD-PARTY-NOTICES.txt', 'falco-egress.js', ['cdk8s', 'commander', 'constructs', 'js-yaml', 'yaml']],
    [
      'program/THIRD-PARTY-NOTICES.txt',
      'program/program.js',
      ['@kubernetes/client-node', 'js-yaml', 'node-fetch'],
    ],
  ])('%s names it, with licences that allow it', (file, bundle, wanted) => {
    expect(read(bundle).length).toBeGreaterThan(0);
    const packages = named(read(file));
    expect(packages.map(([name]) => name)).toEqual(expect.arrayContaining(wanted));
    expect(packages.filter(([, , licence = '']) => !PERMISSIVE.includes(licence))).toEqual([]);
    for (const [name = '', version] of packages)
      expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+/)]);
  });

  test('Apache packages come with their NOTICE', () => {
    const notice = readFileSync(join(ROOT, 'node_modules/constructs/NOTICE'), 'utf8').trim();
    expect(read('THIRD-PARTY-NOTICES.txt')).toContain(notice);
  });

  test('a dependency that npm installs beside it is not in it', () => {
    expect(Object.keys(packageJson.dependencies)).toContain('@kubernetes/client-node');
    expect(named(read('THIRD-PARTY-NOTICES.txt')).map(([name]) => name)).not.toContain(
      '@kubernetes/client-node',
    );
  });
});

test('a package is in a bundle where a byte of it is', () => {
  const inputs = {
    'lib/index.ts': { bytesInOutput: 9 },
    'node_modules/a/index.js': { bytesInOutput: 1 },
    'node_modules/a/more.js': { bytesInOutput: 1 },
    'node_modules/@b/c/node_modules/d/x/index.js': { bytesInOutput: 1 },
    'node_modules/shaken/index.js': { bytesInOutput: 0 },
  };
  expect(bundledPackages({ outputs: { 'bundle.js': { inputs } } })).toEqual([
    'node_modules/@b/c/node_modules/d',
    'node_modules/a',
  ]);
});

describe('a package', () => {
  const root = mkdtempSync(join(tmpdir(), 'falco-egress-notices-'));
  afterAll(() => {
    rmSync(root, { recursive: true });
  });
  function install(name: string, packageOf: object, files: Readonly<Record<string, string>> = {}): string {
    const folder = `node_modules/${name}`;
    const all = { 'package.json': JSON.stringify({ name, version: '1.2.3', ...packageOf }), ...files };
    for (const [file, text] of Object.entries(all)) {
      mkdirSync(dirname(join(root, folder, file)), { recursive: true });
      writeFileSync(join(root, folder, file), text);
    }
    return folder;
  }

  test('is told with every text that it comes with', () => {
    const files = { LICENSE: 'the licence', 'NOTICE.txt': 'the notice', 'licensed.js': 'code' };
    const folder = install('fine', { license: 'Apache-2.0' }, files);
    const text = notices(root, [folder]);
    expect(text).toContain('fine 1.2.3 (Apache-2.0)\n\nthe licence\n\nthe notice\n');
    expect(text).not.toContain('code');
  });

  test('under MIT and without a text is told with the standard one, and its author', () => {
    const text = notices(root, [install('silent', { license: 'MIT', author: 'A. Body' })]);
    expect(text).toMatch(
      /silent 1\.2\.3 \(MIT\)\n\nCopyright \(c\) A\. Body\n\nPermission is hereby granted/,
    );
  });

  test.each([
    ['GPL-3.0-only', /node_modules\/no-1 is bundled, and its licence is GPL-3\.0-only: leave it out/],
    [undefined, /its licence is unknown/],
    ['ISC', /has no licence file/],
  ])('under %s and without a text is refused', (license, message) => {
    expect(() => notices(root, [install('no-1', { license })])).toThrow(message);
  });
});
