import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import packageJson from '../../package.json';
import { releaseArguments } from './arguments';
import { oneVersion } from './places';
import { release, ReleaseError } from './release-error';
import { run } from './run';
import { isCandidate } from './version';

const ROOT = resolve(__dirname, '../..');

const USAGE = `npm run release:publish -- WHAT FILE… [--dry-run]
  package TARBALL                    the package, to npm, with provenance
  chart TARBALL oci://REGISTRY       the chart, to a registry, signed
  image SBOM REPOSITORY              the image of the Dockerfile, to a registry, signed, with its bill of materials
  github NOTES FILE…                 a release on GitHub with these files`;

/** A command; one that needs the digest of what an earlier one has pushed is made of it. */
type Step = readonly string[] | ((digest: string) => readonly string[]);

/** What Helm and Docker say about what they have pushed. */
const DIGEST = /^(?:Digest|.*\bdigest): (sha256:[0-9a-f]{64})\b/m;

/** A file that is published, by its whole path: npm takes `release/x.tgz` for a repository on GitHub. */
function file(path: string | undefined): string {
  if (path === undefined) throw new ReleaseError('USAGE', USAGE);
  const whole = resolve(path);
  if (!existsSync(whole)) throw new ReleaseError('FILE_MISSING', `there is no ${path} to publish`);
  return whole;
}

/** The commands that publish something. Who is logged in, and as whom cosign signs, is the workflow's to say. */
function steps(what: string, given: readonly string[], version: string): readonly Step[] {
  const [first, second] = given;
  if (what !== 'github' && given.length !== (what === 'package' ? 1 : 2))
    throw new ReleaseError('USAGE', USAGE);
  switch (what) {
    case 'package': {
      assertRepository();
      const tag = isCandidate(version) ? ['--tag', 'next'] : [];
      return [['npm', 'publish', file(first), '--provenance', '--access', 'public', ...tag]];
    }
    case 'chart': {
      if (second?.startsWith('oci://') !== true) throw new ReleaseError('USAGE', USAGE);
      const reference = `${second.slice('oci://'.length)}/falco-egress`;
      return [
        ['helm', 'push', file(first), second],
        (digest) => ['cosign', 'sign', '--yes', `${reference}@${digest}`],
      ];
    }
    case 'image': {
      const repository = second ?? '';
      const reference = `${repository}:${version}`;
      const attest = ['cosign', 'attest', '--yes', '--type', 'cyclonedx', '--predicate', file(first)];
      return [
        ['docker', 'build', '--tag', reference, '.'],
        ['docker', 'push', reference],
        (digest) => ['cosign', 'sign', '--yes', `${repository}@${digest}`],
        (digest) => [...attest, `${repository}@${digest}`],
      ];
    }
    case 'github': {
      const candidate = isCandidate(version) ? ['--prerelease'] : [];
      const tag = `v${version}`;
      const [notes, ...assets] = given.length === 0 ? [file(undefined)] : given.map(file);
      const names = assets.map((path) => basename(path));
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      if (twice !== undefined) throw new ReleaseError('USAGE', `a release on GitHub has one ${twice} only`);
      const create = ['gh', 'release', 'create', tag, '--verify-tag', '--title', tag];
      return [[...create, '--notes-file', notes ?? '', ...assets, ...candidate]];
    }
    default:
      throw new ReleaseError('USAGE', USAGE);
  }
}

/** npm refuses a package whose provenance comes from another repository than the one that package.json names. */
function assertRepository(): void {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env;
  if (server === undefined || repository === undefined) return;
  const named = packageJson.repository.url.replace(/^git\+|\.git$/g, '');
  if (named !== `${server}/${repository}`)
    throw new ReleaseError(
      'OTHER_REPOSITORY',
      `repository.url of package.json is that of ${named}; npm refuses the provenance of ${server}/${repository}`,
    );
}

/**
 * `npm run release:publish`. With `--dry-run` the commands are printed, and nothing is run but npm's own dry run, which
 * reads the package as npm would publish it.
 */
function publish(): void {
  const { values, positionals } = releaseArguments({ 'dry-run': { type: 'boolean', default: false } }, USAGE);
  const [what = '', ...given] = positionals;
  const dry = values['dry-run'];
  let digest = 'sha256:…';
  for (const step of steps(what, given, oneVersion(ROOT))) {
    const said = typeof step === 'function' ? step(digest) : step;
    const [command = '', ...args] = dry && said[0] === 'npm' ? [...said, '--dry-run'] : said;
    console.log([command, ...args].join(' '));
    if (dry && command !== 'npm') continue;
    const output = run(command, args, ROOT);
    process.stderr.write(output);
    if (args[0] === 'push') digest = pushed(output, command);
  }
}

function pushed(said: string, command: string): string {
  const [, digest] = DIGEST.exec(said) ?? [];
  if (digest === undefined)
    throw new ReleaseError(
      'TOOL_FAILED',
      `${command} did not say the digest of what it has pushed, to sign it`,
    );
  return digest;
}

void release(publish);
