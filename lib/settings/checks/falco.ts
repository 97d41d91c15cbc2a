import { checkFalcoConfig } from '../../falco/config';
import { FALCO_VERSIONS, isFalcoVersion } from '../../falco/versions';
import { nearest } from '../../schema/nearest';
import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';

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
    ...checkFalcoConfig(config, version).map(({ path, message }) => ({
      path: ['falco', 'config', ...path],
      message,
    })),
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
