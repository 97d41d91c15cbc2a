import { ReleaseError } from './release-error';
import { compareVersions } from './version';

const UNRELEASED = 'Unreleased';
const RELEASED = /^(\S+) \((\d{4}-\d{2}-\d{2})\)$/;

interface Section {
  /** What stands after `## `. */
  readonly heading: string;
  readonly body: string;
}

/** The sections of CHANGELOG.md, newest first. */
function sections(text: string): readonly Section[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const end = section.indexOf('\n');
      return { heading: section.slice(0, end).trim(), body: section.slice(end).trim() };
    });
}

/** The versions that are released, newest first. */
function releasedVersions(text: string): readonly string[] {
  return sections(text).flatMap(({ heading }) => RELEASED.exec(heading)?.[1] ?? []);
}

/**
 * The text with what was unreleased under a version and its date, and nothing unreleased.
 *
 * @throws {@link ReleaseError} where nothing is unreleased, or the version does not come after every released one
 */
export function releaseChangelog(text: string, version: string, date: string): string {
  const latest = releasedVersions(text).find((released) => compareVersions(version, released) <= 0);
  if (latest !== undefined)
    throw new ReleaseError(
      'VERSION_NOT_GREATER',
      `${latest} is released already: choose a version after it, not ${version}`,
    );
  const unreleased = sections(text).find(({ heading }) => heading === UNRELEASED);
  if (unreleased === undefined || unreleased.body === '')
    throw new ReleaseError(
      'CHANGELOG_EMPTY',
      `CHANGELOG.md has nothing under "## ${UNRELEASED}": write there what a user notices`,
    );
  return text.replace(`## ${UNRELEASED}\n`, () => `## ${UNRELEASED}\n\n## ${version} (${date})\n`);
}

/**
 * What CHANGELOG.md says about a released version.
 *
 * @throws {@link ReleaseError} where it says nothing
 */
export function releaseNotes(text: string, version: string): string {
  const found = sections(text).find(({ heading }) => RELEASED.exec(heading)?.[1] === version);
  if (found === undefined || found.body === '')
    throw new ReleaseError('CHANGELOG_EMPTY', `CHANGELOG.md says nothing about ${version}`);
  return `${found.body}\n`;
}
