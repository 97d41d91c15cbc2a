import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import packageJson from '../../package.json';
import { WorkingCopy } from './working-copy';

const ROOT = join(__dirname, '../..');
const VERSION = packageJson.version;

interface Workflow {
  readonly jobs: Readonly<
    Record<'build' | 'publish', { readonly steps: readonly { readonly run?: string }[] }>
  >;
}
const { jobs } = load(readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8')) as Workflow;
const lines = (job: 'build' | 'publish'): string[] => jobs[job].steps.flatMap(({ run }) => run ?? []);

/** What takes long, needs the network or a registry, and is held by tests of its own. */
const LEFT_OUT =
  /^(?:\.ci\/run|npm run drift|npm ci\b|node tools\/package\/check\.mjs|echo "\$TOKEN" \| docker login)/;

let copy: WorkingCopy;
let bin: string;
let environment: string;

beforeAll(() => {
  copy = new WorkingCopy();
  bin = mkdtempSync(join(tmpdir(), 'falco-egress-bin-'));
  environment = join(bin, 'github-env');
  writeFileSync(environment, '');
  // Without the library: a test of the package may be building it at the same time.
  const library = join(ROOT, 'dist/lib');
  cpSync(join(ROOT, 'dist'), join(copy.folder, 'dist'), {
    recursive: true,
    filter: (source) => source !== library && !source.endsWith('.tmp'),
  });
  copy.write('CHANGELOG.md', `# Changelog\n\n## Unreleased\n\n## ${VERSION} (2030-01-02)\n\n- New.\n`);
  // A development-only stand-in for helm; docker, cosign and gh are not there at all.
  writeFileSync(join(bin, 'helm'), `#!/bin/sh\ntouch "$4/falco-egress-${VERSION}.tgz"\n`);
  chmodSync(join(bin, 'helm'), 0o755);
  mkdirSync(join(bin, 'cache'));
}, 60_000);
afterAll(() => {
  copy.remove();
  rmSync(bin, { recursive: true });
});
jest.setTimeout(120_000);

/** Runs a line as GitHub does, with npm itself. */
function runLine(line: string): {
  readonly line: string;
  readonly status: number | null;
  readonly said: string;
} {
  const told = readFileSync(environment, 'utf8').trim().split('\n').filter(Boolean);
  const { status, stdout, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', line], {
    cwd: copy.folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      FALCO_EGRESS_CACHE: join(bin, 'cache'),
      GITHUB_ENV: environment,
      GITHUB_REF_NAME: `v${VERSION}`,
      GITHUB_REPOSITORY_OWNER: 'Falco-Egress',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'falco-egress/falco-egress',
      // Packing would build all of it again; and nothing listens there, so that nothing is ever published.
      npm_config_ignore_scripts: 'true',
      npm_config_registry: 'http://127.0.0.1:1',
      npm_config_fetch_retries: '0',
      // Whoever runs the tests by `npm test --silent` would silence npm here too.
      npm_config_loglevel: 'notice',
      ...Object.fromEntries(
        told.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
      ),
    },
  });
  return { line, status, said: `${stdout}${stderr}` };
}

/** The same line, in a dry run where it would publish. */
const dry = (line: string): string =>
  line.includes('release:publish') && !line.includes('--dry-run') ? `${line} --dry-run` : line;

test('every command of the release takes what release.yml gives it', () => {
  const results = [...lines('build'), ...lines('publish')]
    .filter((line) => !LEFT_OUT.test(line))
    .map((line) => runLine(dry(line)));
  expect(results.filter(({ status }) => status !== 0)).toEqual([]);
  const said = results.map((result) => result.said).join('\n');
  // npm has read the tarball, and asked nobody for it.
  expect(said).toContain(`+ falco-egress@${VERSION}`);
  expect(said).toContain(`docker push ghcr.io/falco-egress/falco-egress:${VERSION}\n`);
  expect(said).toContain(
    `cosign attest --yes --type cyclonedx --predicate ${copy.folder}/release/image.cdx.json `,
  );
  const files = ['release/package/falco-egress-', 'release/falco-egress-chart-'].map(
    (file) => `${file}${VERSION}.tgz`,
  );
  const [release = ''] = /^gh release create .*$/m.exec(said) ?? [];
  for (const file of [...files, 'release/package.cdx.json', 'release/image.cdx.json']) {
    expect(release).toContain(` ${copy.folder}/${file}`);
    expect(existsSync(join(copy.folder, file))).toBe(true);
  }
});

test('npm looks at the package before anything is pushed', () => {
  const publishing = lines('publish').filter((line) => line.includes('release:publish'));
  expect(publishing[0]).toMatch(/ -- package .* --dry-run$/);
  expect(publishing.slice(1).filter((line) => line.includes('--dry-run'))).toEqual([]);
});
