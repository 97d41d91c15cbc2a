import { releaseChangelog, releaseNotes } from '../../tools/release/changelog';
import { compareVersions, isCandidate } from '../../tools/release/version';

const CHANGELOG = `# Changelog

## Unreleased

- New.
  More of it.

## 0.9.0 (2026-01-02)

- Old.
`;

test('what was unreleased stands under the version and its date', () => {
  const text = releaseChangelog(CHANGELOG, '0.10.0', '2026-02-03');
  expect(text).toContain(
    '## Unreleased\n\n## 0.10.0 (2026-02-03)\n\n- New.\n  More of it.\n\n## 0.9.0 (2026-01-02)',
  );
  expect(releaseNotes(text, '0.10.0')).toBe('- New.\n  More of it.\n');
  expect(releaseNotes(text, '0.9.0')).toBe('- Old.\n');
});

test.each([
  ['a version that is released', CHANGELOG, '0.9.0', 'VERSION_NOT_GREATER'],
  ['a version before a released one', CHANGELOG, '0.8.7', 'VERSION_NOT_GREATER'],
  ['a candidate of a released version', CHANGELOG, '0.9.0-rc.1', 'VERSION_NOT_GREATER'],
  ['what is no version', CHANGELOG, 'v1.0.0', 'BAD_VERSION'],
  ['nothing unreleased', CHANGELOG.replace('- New.\n  More of it.\n', ''), '1.0.0', 'CHANGELOG_EMPTY'],
  ['no such section', CHANGELOG.replace('## Unreleased', '## Next'), '1.0.0', 'CHANGELOG_EMPTY'],
])('%s is refused', (_, text, version, code) => {
  expect(() => releaseChangelog(text, version, '2026-02-03')).toThrow(
    expect.objectContaining({ code }) as Error,
  );
});

test('a version of which nothing is said has no notes', () => {
  expect(() => releaseNotes(CHANGELOG, '1.0.0')).toThrow('CHANGELOG.md says nothing about 1.0.0');
});

test('versions have an order by number, and a candidate comes first', () => {
  const versions = ['0.9.0', '0.10.0-rc.2', '0.10.0-rc.10', '0.10.0', '0.10.1', '1.0.0'];
  expect([...versions].reverse().sort(compareVersions)).toEqual(versions);
  expect(compareVersions('1.0.0', '1.0.0')).toBe(0);
  expect(versions.filter(isCandidate)).toEqual(['0.10.0-rc.2', '0.10.0-rc.10']);
});
