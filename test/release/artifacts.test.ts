import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
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
import packageJson from '../../package.json';

const ROOT = join(__dirname, '../..');
const run = (tool: string, ...args: string[]) =>
  spawnSync(join(ROOT, 'node_modules/.bin/tsx'), [join(ROOT, 'tools/release', tool), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });

const installed = (name: string): string =>
  (JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as { version: string })
    .version;

jest.setTimeout(60_000);

describe('the bill of materials', () => {
  interface Bom {
    readonly bomFormat: string;
    readonly metadata: { readonly component: { readonly name: string; readonly version: string } };
    readonly components: readonly { readonly 'bom-ref': string; readonly name: string }[];
    readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
  }
  let text: string;
  let bom: Bom;

  beforeAll(() => {
    text = run('sbom.ts', 'package').stdout;
    bom = JSON.parse(text) as Bom;
  });

  test('names the package, all that it asks for and all that is inside', () => {
    expect(bom.bomFormat).toBe('CycloneDX');
    expect(bom.metadata.component).toMatchObject({ name: packageJson.name, version: packageJson.version });
    const names = bom.components.map(({ name }) => name);
    const asked = Object.keys({ ...packageJson.dependencies, ...packageJson.peerDependencies });
    expect(asked.filter((name) => !names.includes(name))).toEqual([]);
    const refs = new Set(bom.components.map((component) => component['bom-ref']));
    const notices = ['dist', 'dist/program'].map((folder) =>
      readFileSync(join(ROOT, folder, 'THIRD-PARTY-NOTICES.txt'), 'utf8'),
    );
    const inside = [...notices.join('\n').matchAll(/^-{80}\n(\S+) (\S+) \(/gm)];
    expect(inside.length).toBeGreaterThan(0);
    expect(inside.filter(([, name, version]) => !refs.has(`${name ?? ''}@${version ?? ''}`))).toEqual([]);
  });

  test('leaves out what only developers of this repository need, and nothing else points at it', () => {
    const refs = new Set(bom.components.map((component) => component['bom-ref']));
    const names = bom.components.map(({ name }) => name);
    expect(names.filter((name) => ['eslint', 'jest', 'typescript', 'esbuild'].includes(name))).toEqual([]);
    const dangling = bom.dependencies.flatMap(({ dependsOn = [] }) =>
      dependsOn.filter((ref) => !refs.has(ref)),
    );
    expect(dangling).toEqual([]);
  });

  test('is the same twice', () => {
    expect(run('sbom.ts', 'package').stdout).toBe(text);
  });
});

test('the bill of materials of the image names its base and what the program holds, and tells what it leaves out', () => {
  const { stdout } = run('sbom.ts', 'image');
  const bom = JSON.parse(stdout) as {
    readonly metadata: { readonly component: { readonly 'bom-ref': string; readonly type: string } };
    readonly components: readonly { readonly 'bom-ref': string; readonly properties?: readonly object[] }[];
    readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
    readonly compositions: readonly { readonly aggregate: string; readonly assemblies: readonly string[] }[];
  };
  const [, base = ''] =
    /^FROM docker\.io\/(\S+)$/m.exec(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')) ?? [];
  const baseRef = `pkg:docker/${base.replace(':', '@')}`;
  const notices = readFileSync(join(ROOT, 'dist/program/THIRD-PARTY-NOTICES.txt'), 'utf8');
  const inside = [...notices.matchAll(/^-{80}\n(\S+) (\S+) \(/gm)].map(
    ([, name = '', version = '']) => `${name}@${version}`,
  );
  const refs = bom.components.map((component) => component['bom-ref']);
  expect(inside).toContain(`js-yaml@${installed('js-yaml')}`);
  expect([...refs].sort()).toEqual([baseRef, ...inside].sort());
  // The command line's own; npm installs it with the package, and the image has none of it.
  expect(refs.filter((ref) => ref.startsWith('commander@'))).toEqual([]);
  expect(JSON.stringify(bom.components)).not.toContain('package:development');

  const image = bom.metadata.component['bom-ref'];
  expect(bom.metadata.component.type).toBe('container');
  const depends = new Map(bom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  expect([...(depends.get(image) ?? [])].sort()).toEqual([...refs].sort());
  expect([...depends.values()].flat().filter((ref) => !refs.includes(ref))).toEqual([]);
  const told = new Map(
    bom.compositions.flatMap(({ aggregate, assemblies }) => assemblies.map((ref) => [ref, aggregate])),
  );
  expect(told).toEqual(
    new Map([
      [image, 'incomplete'],
      [baseRef, 'unknown'],
    ]),
  );
});

test.each([
  ['sbom.ts', []],
  ['sbom.ts', ['everything']],
  ['sbom.ts', ['package', '--dry-run']],
  ['chart.ts', []],
  ['chart.ts', ['a', 'b']],
  ['chart.ts', ['a', '--nohelm']],
  ['check.ts', []],
  ['check.ts', ['v1.2.3', '--quiet']],
  ['bump.ts', ['1.2.3', '--force']],
  ['publish.ts', ['package', 'p.tgz', '--dryrun']],
])('%s with %j is wrong use, told without a stack', (tool, args) => {
  const { status, stdout, stderr } = run(tool, ...args);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^error USAGE: /);
  expect(stderr).toContain(
    `npm run ${tool === 'sbom.ts' ? '--silent ' : ''}release:${tool.replace('.ts', '')} -- `,
  );
  expect(stderr).not.toMatch(/^ +at /m);
});

describe('the packed chart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'falco-egress-packed-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  // A development-only stand-in for helm: the real one packs it in the integration tests.
  test('holds the chart and the licences', () => {
    const helm = join(folder, 'helm');
    writeFileSync(helm, '#!/bin/sh\ncp -r "$2" "$4/packed"\n');
    chmodSync(helm, 0o755);
    const out = join(folder, 'out');
    mkdirSync(out);
    const { status, stdout, stderr } = run('chart.ts', out, '--helm', helm);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.trim()).toBe(join(out, `falco-egress-${packageJson.version}.tgz`));
    const chart = execFileSync('git', ['ls-files', 'charts/falco-egress'], { cwd: ROOT, encoding: 'utf8' });
    const wanted = chart
      .trim()
      .split('\n')
      .filter((file) => existsSync(join(ROOT, file)));
    const packed = readdirSync(join(out, 'packed'), { recursive: true, encoding: 'utf8' });
    expect(packed).toEqual(
      expect.arrayContaining([
        ...wanted.map((file) => file.slice('charts/falco-egress/'.length)),
        'LICENSE',
        'THIRD-PARTY-NOTICES.txt',
      ]),
    );
  });

  test('is not made in a dry run, which says how it would be', () => {
    const out = join(folder, 'dry');
    const { status, stdout } = run('chart.ts', out, '--helm', join(folder, 'absent'), '--dry-run');
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: `${folder}/absent package charts/falco-egress --destination ${out}\n${out}/falco-egress-${packageJson.version}.tgz\n`,
    });
    expect(existsSync(out)).toBe(false);
  });

  test('needs a helm', () => {
    const { status, stderr } = run('chart.ts', folder, '--helm', join(folder, 'absent'));
    expect(status).toBe(1);
    expect(stderr).toContain('error TOOL_MISSING');
  });
});
