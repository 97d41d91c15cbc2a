import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';

/** Directories on the node: none that leads up out of itself, none twice. That each is absolute, others check. */
export function checkPaths({ collector, plugins, falco }: Settings): SettingsFinding[] {
  const sockets = falco.runtimeSocketDirectories;
  const places: [SettingsFinding['path'], string][] = [
    [['collector', 'stateDirectory'], collector.stateDirectory],
    [['plugins', 'k8smeta', 'directory'], plugins.k8smeta.directory],
    ...sockets.map((directory, index): [SettingsFinding['path'], string] => [
      ['falco', 'runtimeSocketDirectories', index],
      directory,
    ]),
  ];
  const names = sockets.map((directory) => directory.replace(/\/+$/, ''));
  return [
    ...places
      .filter(([, place]) => place.split('/').includes('..'))
      .map(([path, place]) => ({
        path,
        message: `'${place}' holds '..', which Kubernetes refuses; write the path without it`,
      })),
    ...sockets.flatMap((directory, index) =>
      names.indexOf(names[index] ?? '') === index
        ? []
        : [
            {
              path: ['falco', 'runtimeSocketDirectories', index],
              message: `'${directory}' stands in the list twice; remove one of them`,
            },
          ],
    ),
  ];
}
