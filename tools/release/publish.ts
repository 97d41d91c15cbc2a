import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
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

/** The commands that publish something. Who is logged in, and as whom cosign signs, is the workflow's to say. */
function steps(what: string, files: readonly string[], version: string): readonly Step[] {
  const [first, second] = files;
  if (first === undefined) throw new ReleaseError('USAGE', USAGE);
  switch (what) {
    case 'package': {
      const tag = isCandidate(version) ? ['--tag', 'next'] : [];
      return [['npm', 'publish', first, '--provenance', '--access', 'public', ...tag]];
    }
    case 'chart': {
      if (second?.startsWith('oci://') !== true) throw new ReleaseError('USAGE', USAGE);
      const reference = `${second.slice('oci://'.length)}/falco-egress`;
      return [
        ['helm', 'push', first, second],
        (digest) => ['cosign', 'sign', '--yes', `${reference}@${digest}`],
      ];
    }
    case 'image': {
      if (second === undefined) throw new ReleaseError('USAGE', USAGE);
      const reference = `${second}:${version}`;
      return [
        ['docker', 'build', '--tag', reference, '.'],
        ['docker', 'push', reference],
        (digest) => ['cosign', 'sign', '--yes', `${second}@${digest}`],
        (digest) => [
          'cosign',
          'attest',
          '--yes',
          '--type',
          'cyclonedx',
          '--predicate',
          first,
          `${second}@${digest}`,
        ],
      ];
    }
    case 'github': {
      const candidate = isCandidate(version) ? ['--prerelease'] : [];
      const tag = `v${version}`;
      return [
        [
          'gh',
          'release',
          'create',
          tag,
          '--verify-tag',
          '--title',
          tag,
          '--notes-file',
          ...files,
          ...candidate,
        ],
      ];
    }
    default:
      throw new ReleaseError('USAGE', USAGE);
  }
}

/** `npm run release:publish`. With `--dry-run` the commands are printed, and nothing is run. */
function publish(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'dry-run': { type: 'boolean', default: false } },
  });
  const [what = '', ...files] = positionals;
  let digest = 'sha256:…';
  for (const step of steps(what, files, oneVersion(ROOT))) {
    const [command = '', ...args] = typeof step === 'function' ? step(digest) : step;
    console.log([command, ...args].join(' '));
    if (values['dry-run']) continue;
    const said = run(command, args, ROOT);
    process.stderr.write(said);
    if (args[0] === 'push') digest = pushed(said, command);
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
