import { checkFalcoConfig } from '../../falco/config';
import { FALCO_VERSIONS, isFalcoVersion } from '../../falco/versions';
import { nearest } from '../../schema/nearest';
import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';

/** What only the whole configuration can be blamed for; that is checked where it is put together. */
const WHOLE: ReadonlySet<string> = new Set(['missing-key', 'refused']);

/** Where the rules guard tells Falco which rules to load. */
const GUARD_DIRECTORY = '/run/falco-egress/config.d';

/** A list of the user's takes the place of ours. */
function checkConfigFiles(settings: Settings): SettingsFinding[] {
  const files = settings.falco.config.config_files;
  if (files === undefined || files.includes(GUARD_DIRECTORY)) return [];
  return [
    {
      path: ['falco', 'config', 'config_files'],
      message: `without '${GUARD_DIRECTORY}' Falco would load none of our rules; add it to the list`,
    },
  ];
}

/** Falco's version, its own configuration, and its sockets. */
export function checkFalco(settings: Settings): SettingsFinding[] {
  const { version, config, runtimeSocketDirectories } = settings.falco;
  if (!isFalcoVersion(version)) {
    const guess = nearest(version, FALCO_VERSIONS) ?? FALCO_VERSIONS.at(-1) ?? '';
    return [
      {
        path: ['falco', 'version'],
        message: `Falco '${version}' is not one that this package knows (${FALCO_VERSIONS.join(', ')}); did you mean '${guess}'?`,
      },
    ];
  }
  return [
    ...checkFalcoConfig(config, version)
      .filter(({ code }) => !WHOLE.has(code))
      .map(({ path, message }) => ({ path: ['falco', 'config', ...path], message })),
    ...checkConfigFiles(settings),
    ...runtimeSocketDirectories.flatMap((directory, index) =>
      /^\/[^/]/.test(directory)
        ? []
        : [
            {
              path: ['falco', 'runtimeSocketDirectories', index],
              message: `'${directory}' is not the absolute path of a directory; write one such as '/run/containerd'`,
            },
          ],
    ),
  ];
}
