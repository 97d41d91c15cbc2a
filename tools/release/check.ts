import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { releaseArguments } from './arguments';
import { releaseNotes } from './changelog';
import { oneVersion } from './places';
import { release, ReleaseError } from './release-error';

const ROOT = resolve(__dirname, '../..');

/**
 * `npm run release:check -- TAG`: whether this tree is the one of a tag such as `v1.2.3`. Prints what the changelog says
 * about it: the release notes.
 */
function check(): void {
  const usage = 'npm run release:check -- TAG';
  const [tag, ...more] = releaseArguments({}, usage).positionals;
  if (tag === undefined || more.length > 0) throw new ReleaseError('USAGE', usage);
  const version = oneVersion(ROOT);
  if (tag !== `v${version}`)
    throw new ReleaseError('VERSIONS_DIFFER', `this tree is that of v${version}, not of ${tag}`);
  process.stdout.write(releaseNotes(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8'), version));
}

void release(check);
