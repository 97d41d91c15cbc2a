import { checkFalcoConfig } from '../../falco/config';
import { FALCO_VERSIONS, isFalcoVersion } from '../../falco/versions';
import { nearest } from '../../schema/nearest';
import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';

/** What only the whole configuration can be blamed for; that is checked where it is put together. */
const WHOLE: ReadonlySet<string> = new Set(['missing-key', 'refused']);

/** Falco's version, and its own configuration. */
export function checkFalco(settings: Settings): SettingsFinding[] {
  const { version, config } = settings.falco;
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
  ];
}
