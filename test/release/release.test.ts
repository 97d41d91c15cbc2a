import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import packageJson from '../../package.json';
import { oneVersion, versionPlaces } from '../../tools/release/places';
import { WorkingCopy } from './working-copy';

const FILES_WITH_VERSION = [
  'package.json',
  'package-lock.json',
  'charts/falco-egress/Chart.yaml',
  'Dockerfile',
  'lib/settings/monitoring.ts',
  'docs/responder.md',
  'docs/reference/versions.md',
  'manifests/default/30-responder.yaml',
];

let copy: WorkingCopy;
beforeAll(() => {
  copy = new WorkingCopy();
}, 60_000);
afterAll(() => {
  copy.remove();
});
jest.setTimeout(300_000);

test('this repository is of one version', () => {
  const root = join(__dirname, '../..');
  expect(oneVersion(root)).toBe(packageJson.version);
  expect(new Set(versionPlaces(root).map(({ file }) => file))).toEqual(new Set(FILES_WITH_VERSION));
});

describe('npm run release:bump', () => {
  afterEach(() => {
    copy.git('checkout', '-q', '.');
    copy.git('clean', '-qfd');
  });

  test('refuses a tree with changes', () => {
    copy.write('README.md', 'changed');
    const { code, stderr } = copy.npm('release:bump', ['99.0.0']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error DIRTY_TREE: commit or stash what is changed first:\n ?M README\.md\n$/);
  });

  test.each([
    [['0.0.1'], 'VERSION_NOT_GREATER'],
    [['latest'], 'BAD_VERSION'],
    [['99.0.0', '--date', 'today'], 'USAGE'],
    [[], 'USAGE'],
  ])('refuses %j, and changes nothing', (args, error) => {
    const { code, stderr } = copy.npm('release:bump', args);
    expect(code).toBe(1);
    expect(stderr).toContain(`error ${error}: `);
    expect(copy.git('status', '--porcelain')).toBe('');
  });

  test('refuses a changelog that says nothing', () => {
    copy.write('CHANGELOG.md', '# Changelog\n\n## Unreleased\n');
    copy.commit();
    const { code, stderr } = copy.npm('release:bump', ['99.0.0']);
    copy.git('reset', '-q', '--hard', 'HEAD~1');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('CHANGELOG_EMPTY') as string,
    });
  });

  test('changes nothing in a dry run, and says what it would do', () => {
    const { code, stdout } = copy.npm('release:bump', ['99.0.0', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^write CHANGELOG\.md$/m);
    expect(stdout).toMatch(/^npm version 99\.0\.0 /m);
    expect(copy.git('status', '--porcelain')).toBe('');
    expect(copy.npm('release:bump', ['0.0.1', '--dry-run']).stderr).toContain('error VERSION_NOT_GREATER');
  });

  test('makes the tree of a version, in which nothing is stale', () => {
    const { code, stdout, stderr } = copy.npm('release:bump', ['99.0.0', '--date', '2030-01-02']);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^This is the tree of 99\.0\.0\./);
    expect(oneVersion(copy.folder)).toBe('99.0.0');
    expect(copy.read('CHANGELOG.md')).toMatch(/^## Unreleased\n\n## 99\.0\.0 \(2030-01-02\)\n\n- /m);
    const changed = copy
      .git('status', '--porcelain')
      .split('\n')
      .filter(Boolean)
      .map((line) => line.slice(3));
    expect(changed).toEqual(expect.arrayContaining(FILES_WITH_VERSION));
    const programs = changed.filter((file) => /^(lib|tools)\//.test(file));
    expect(programs.filter((file) => !FILES_WITH_VERSION.includes(file))).toEqual([]);

    expect(copy.npm('drift')).toMatchObject({ code: 0 });
    const notes = copy.npm('release:check', ['v99.0.0']);
    expect(notes).toMatchObject({ code: 0, stdout: expect.stringMatching(/^- /) as string });
    // Nothing regenerates what somebody changed by hand.
    copy.write('Dockerfile', copy.read('Dockerfile').replaceAll('99.0.0', '98.0.0'));
    const differing = copy.npm('release:check', ['v99.0.0']);
    expect(differing.code).toBe(1);
    expect(differing.stderr).toMatch(
      /VERSIONS_DIFFER: package\.json says 99\.0\.0, Dockerfile says 98\.0\.0/,
    );
  });

  test('a tag of another version is refused', () => {
    const { code, stderr } = copy.npm('release:check', ['v99.9.9']);
    expect(code).toBe(1);
    expect(stderr).toContain(`this tree is that of v${packageJson.version}, not of v99.9.9`);
  });
});

/** What is published, with programs that only write down how they are called. A development-only stand-in. */
describe('npm run release:publish', () => {
  const DIGEST = `sha256:${'a'.repeat(64)}`;
  let bin: string;
  const log = (): string => join(bin, 'log');
  const called = (): string[] => (existsSync(log()) ? readFileSync(log(), 'utf8').trim().split('\n') : []);

  function fake(name: string, says = ''): void {
    const file = join(bin, name);
    writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> "${log()}"\necho "${says}"\n`);
    chmodSync(file, 0o755);
  }

  const publishIn = (env: NodeJS.ProcessEnv, ...args: string[]) =>
    copy.npm('release:publish', args, {
      PATH: [bin, join(copy.folder, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(':'),
      GITHUB_REPOSITORY: undefined,
      ...env,
    });
  const publish = (...args: string[]) => publishIn({}, ...args);

  beforeEach(() => {
    bin = mkdtempSync(join(tmpdir(), 'falco-egress-bin-'));
    for (const name of ['cosign', 'gh', 'npm']) fake(name);
    fake('helm', `Pushed: x\nDigest: ${DIGEST}`);
    fake('docker', `0.1.0: digest: ${DIGEST} size: 1`);
    for (const name of ['p.tgz', 'c.tgz', 'sbom.json', 'notes.md', 'a.tgz', 'b/a.tgz']) {
      mkdirSync(dirname(join(copy.folder, name)), { recursive: true });
      copy.write(name, '');
    }
  });
  afterEach(() => {
    rmSync(bin, { recursive: true });
  });

  test.each([
    ['package', ['p.tgz'], ['npm publish HERE/p.tgz --provenance --access public']],
    [
      'chart',
      ['c.tgz', 'oci://r.example.org/charts'],
      [
        'helm push HERE/c.tgz oci://r.example.org/charts',
        'cosign sign --yes r.example.org/charts/falco-egress@DIGEST',
      ],
    ],
    [
      'image',
      ['sbom.json', 'r.example.org/i'],
      [
        `docker build --tag r.example.org/i:${packageJson.version} .`,
        `docker push r.example.org/i:${packageJson.version}`,
        'cosign sign --yes r.example.org/i@DIGEST',
        'cosign attest --yes --type cyclonedx --predicate HERE/sbom.json r.example.org/i@DIGEST',
      ],
    ],
    [
      'github',
      ['notes.md', 'a.tgz'],
      [
        `gh release create v${packageJson.version} --verify-tag --title v${packageJson.version} --notes-file HERE/notes.md HERE/a.tgz`,
      ],
    ],
  ])('%s: a dry run says the commands and runs none, a real one runs them', (what, files, commands) => {
    const dry = publish(what, ...files, '--dry-run');
    const lines = (digest: string): string[] =>
      commands.map((line) => line.replace('DIGEST', digest).replaceAll('HERE', copy.folder));
    const dryLines = lines('sha256:…').map((line) => (line.startsWith('npm ') ? `${line} --dry-run` : line));
    expect(dry).toMatchObject({ code: 0, stdout: `${dryLines.join('\n')}\n` });
    // npm has a dry run of its own, which finds what it would refuse.
    expect(called()).toEqual(dryLines.filter((line) => line.startsWith('npm ')));
    rmSync(log(), { force: true });
    expect(publish(what, ...files)).toMatchObject({ code: 0 });
    expect(called()).toEqual(lines(DIGEST));
  });

  test('what cannot be signed, since its digest is unknown, ends the release', () => {
    fake('helm', 'Pushed');
    const { code, stderr } = publish('chart', 'c.tgz', 'oci://r.example.org/charts');
    expect(code).toBe(1);
    expect(stderr).toContain('helm did not say the digest');
    expect(called()).toEqual([`helm push ${copy.folder}/c.tgz oci://r.example.org/charts`]);
  });

  test('a command that fails ends the release', () => {
    writeFileSync(join(bin, 'docker'), '#!/bin/sh\necho no space left; exit 3\n');
    const { code, stderr } = publish('image', 'sbom.json', 'r.example.org/i');
    expect(code).toBe(1);
    expect(stderr).toMatch(/TOOL_FAILED: docker build .* failed:\nno space left/);
  });

  test.each([
    [['package', 'absent.tgz']],
    [['chart', 'absent.tgz', 'oci://r.example.org/charts']],
    [['image', 'absent.json', 'r.example.org/i']],
    [['github', 'notes.md', 'absent.tgz']],
  ])('%j: what is not there is missed by a dry run too', (args) => {
    for (const dry of [[], ['--dry-run']])
      expect(publish(...args, ...dry)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^error FILE_MISSING: there is no absent/) as string,
      });
    expect(called()).toEqual([]);
  });

  test('a repository that package.json does not name gives no package, since npm would refuse its provenance', () => {
    const inside = (repository: string) =>
      publishIn(
        { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: repository },
        'package',
        'p.tgz',
        '--dry-run',
      );
    expect(inside('falco-egress/falco-egress')).toMatchObject({ code: 0 });
    expect(inside('somebody/fork')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('error OTHER_REPOSITORY') as string,
    });
  });

  test.each([
    [[]],
    [['package', 'p.tgz', 'a.tgz']],
    [['chart', 'c.tgz', 'https://r.example.org']],
    [['chart', 'c.tgz', 'a.tgz', 'oci://r.example.org']],
    [['github']],
    [['github', 'notes.md', 'a.tgz', 'b/a.tgz']],
    [['everything', 'x']],
  ])('%j is no use', (args) => {
    expect(publish(...args)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('error USAGE') as string,
    });
  });
});
