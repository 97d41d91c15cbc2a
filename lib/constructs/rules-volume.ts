import type { V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import { each, either, given } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { RULES_DIRECTORY } from './falco-paths';
import { rulesPackagesOf } from './rules';
import { rulesConfigMapName } from './rules-config-map';

const VOLUME = 'rules';

/**
 * All rules as one directory, which the kubelet swaps as a whole. A ConfigMap that is missing keeps no Pod from starting.
 * A change of a file, and a new file in a package, change no Pod template; a new package does.
 */
export function rulesVolume(settings: Settings): V1Volume {
  const sources = each(rulesPackagesOf(settings), (rules) => ({
    configMap: { name: rulesConfigMapName(settings, rules.package), optional: true },
  }));
  return either<V1Volume>(
    given(sources),
    () => ({ name: VOLUME, projected: { sources } }),
    () => ({ name: VOLUME, emptyDir: {} }),
  );
}

/** The mount of that volume: a directory, never one file by `subPath`, which would not change any more. */
export const rulesMount: V1VolumeMount = { name: VOLUME, mountPath: RULES_DIRECTORY, readOnly: true };
