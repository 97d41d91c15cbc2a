import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { releaseNotes } from './changelog';
import { oneVersion } from './places';
import { release, ReleaseError } from './release-error';

const ROOT = resolve(__dirname, '../..');

/**
 * `npm run release:check -- TAG`: whether this tree is the one of a tag such as `v1.2.3`. Prints what the changelog says
 * about it: the release notes.
 */
function check(): void {
  const [tag] = process.argv.slice(2);
  const version = oneVersion(ROOT);
  if (tag !== `v${version}`)
    throw new ReleaseError('VERSIONS_DIFFER', `this tree is that of v${version}, not of ${tag ?? 'no tag'}`);
  process.stdout.write(releaseNotes(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8'), version));
}

void release(check);
