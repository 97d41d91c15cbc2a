import { all, each, is, lessThan, matches, not, when, without } from '../decide';
import type { Findings } from '../finding';
import type { Settings } from '../settings';

const UP = /(^|\/)\.\.(\/|$)/;

/** Directories on the node: none that leads up out of itself, none twice. That each is absolute, others check. */
export function checkPaths({ collector, plugins, falco }: Settings): Findings {
  const sockets = falco.runtimeSocketDirectories;
  const downwards = (path: readonly (string | number)[], place: string) =>
    when(matches(place, UP), () => ({
      path,
      message: `'${place}' holds '..', which Kubernetes refuses; write the path without it`,
    }));
  return [
    downwards(['collector', 'stateDirectory'], collector.stateDirectory),
    downwards(['plugins', 'k8smeta', 'directory'], plugins.k8smeta.directory),
    each(sockets, (directory, index) => [
      downwards(['falco', 'runtimeSocketDirectories', index], directory),
      when(not(matches(directory, /^\/[^/]/)), () => ({
        path: ['falco', 'runtimeSocketDirectories', index],
        message: `'${directory}' is not the absolute path of a directory; write one such as '/run/containerd'`,
      })),
      each(sockets, (other, before) =>
        when(all(lessThan(before, index), is(without(other, /\/+$/), without(directory, /\/+$/))), () => ({
          path: ['falco', 'runtimeSocketDirectories', index],
          message: `'${directory}' stands in the list twice; remove one of them`,
        })),
      ),
    ]),
  ];
}
