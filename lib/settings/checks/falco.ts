import { checkFalcoConfig } from '../../falco/config';
import { FALCO_VERSIONS, isFalcoVersion } from '../../falco/versions';
import { GUARD_CONFIG_DIRECTORY } from '../../names';
import { nearest } from '../../schema/nearest';
import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';

/** What only the whole configuration can be blamed for; that is checked where it is put together. */
const WHOLE: ReadonlySet<string> = new Set(['missing-key', 'refused']);

/** A list of the user's takes the place of ours. */
function checkConfigFiles(settings: Settings): SettingsFinding[] {
  const files = settings.falco.config.config_files;
  if (files === undefined || files.includes(GUARD_CONFIG_DIRECTORY)) return [];
  return [
    {
      path: ['falco', 'config', 'config_files'],
      message: `without '${GUARD_CONFIG_DIRECTORY}' Falco would load none of our rules; add it to the list`,
    },
  ];
}

/** By these Falco knows falcosidekick, and falcosidekick Falco. */
const HTTP_IDENTITY = [
  'url',
  'insecure',
  'mtls',
  'ca_cert',
  'ca_bundle',
  'ca_path',
  'client_cert',
  'client_key',
];

/** What would let alerts go to somebody else, or nobody. */
function checkOutputs({ falco, sidekick, collector, tls }: Settings): SettingsFinding[] {
  const { json_output: json, stdout_output: stdout, http_output: http } = falco.config;
  const findings: SettingsFinding[] = [];
  const refuse = (path: readonly string[], message: string): void => {
    findings.push({ path: ['falco', 'config', ...path], message });
  };
  if (tls.issuer !== 'none' && sidekick.enabled)
    for (const key of Object.keys(http ?? {}).filter((name) => HTTP_IDENTITY.includes(name)))
      refuse(
        ['http_output', key],
        `with tls.issuer ${tls.issuer} the stack says how Falco and falcosidekick know each other; remove it, or set tls.issuer to none`,
      );
  const reads = sidekick.enabled && http?.enabled !== false;
  if (json === false && (collector.enabled || reads))
    refuse(
      ['json_output'],
      `${collector.enabled ? 'the collector' : 'falcosidekick'} reads alerts as JSON; remove it, or set ${collector.enabled ? 'collector' : 'sidekick'}.enabled to false`,
    );
  if (stdout?.enabled === false && collector.enabled)
    refuse(
      ['stdout_output', 'enabled'],
      `the collector reads alerts from Falco's log; remove it, or set collector.enabled to false`,
    );
  return findings;
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
    ...checkOutputs(settings),
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
