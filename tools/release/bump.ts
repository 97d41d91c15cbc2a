import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import packageJson from '../../package.json';
import { releaseArguments } from './arguments';
import { releaseChangelog } from './changelog';
import { oneVersion, withVersion } from './places';
import { release, ReleaseError } from './release-error';
import { run } from './run';
import { compareVersions } from './version';

const ROOT = resolve(__dirname, '../..');

/** What follows from the version, in order. Snapshots of constructs hold it in a label of every object. */
const REGENERATE = [
  ['npm', 'run', '--silent', 'generate'],
  ['npm', 'run', '--silent', 'synth'],
  ['npx', 'jest', '--selectProjects', 'unit', '--testPathPatterns', '/test/constructs/', '--ci=false', '-u'],
] as const;

const USAGE = 'npm run release:bump -- VERSION [--date YYYY-MM-DD] [--dry-run]';

/**
 * `npm run release:bump -- VERSION [--date YYYY-MM-DD] [--dry-run]`: makes this tree the one of a version. Refuses a tree with changes of
 * its own, a version that does not come after the released ones, and a changelog that says nothing. A dry run refuses the
 * same, and says what it would do.
 */
function bump(): void {
  const { values, positionals } = releaseArguments(
    { date: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
    USAGE,
  );
  const [version, ...more] = positionals;
  if (version === undefined || more.length > 0) throw new ReleaseError('USAGE', USAGE);
  const date = values.date ?? new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new ReleaseError('USAGE', `${date} is no date: YYYY-MM-DD`);

  const changes = run('git', ['status', '--porcelain'], ROOT).trim();
  if (changes !== '')
    throw new ReleaseError('DIRTY_TREE', `commit or stash what is changed first:\n${changes}`);
  if (compareVersions(version, packageJson.version) < 0)
    throw new ReleaseError(
      'VERSION_NOT_GREATER',
      `package.json says ${packageJson.version}, which comes after ${version}`,
    );
  const changelog = join(ROOT, 'CHANGELOG.md');
  const changed = releaseChangelog(readFileSync(changelog, 'utf8'), version, date);
  const written = withVersion(ROOT, version).set(changelog, changed);
  const commands = [
    ['npm', 'version', version, '--no-git-tag-version', '--allow-same-version', '--ignore-scripts'],
    ...REGENERATE,
  ] as const;
  if (values['dry-run']) {
    for (const file of written.keys()) console.log(`write ${relative(ROOT, file)}`);
    for (const command of commands) console.log(command.join(' '));
    return;
  }

  for (const [file, text] of written) writeFileSync(file, text);
  for (const [command, ...args] of commands) {
    console.error([command, ...args].join(' '));
    run(command, args, ROOT);
  }
  console.log(
    `This is the tree of ${oneVersion(ROOT)}. Read it (git diff), then:\n` +
      `  git commit -am "Release ${version}" && git tag -s v${version} -m v${version} && git push --follow-tags`,
  );
}

void release(bump);
