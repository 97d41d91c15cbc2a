import type { V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import { each, eachEntry } from '../settings/decide';
import { OWN_PACKAGES } from '../settings/egress';
import type { Settings } from '../settings/settings';
import { RULES_DIRECTORY } from './falco-paths';
import { rulesConfigMapName } from './rules-config-map';

const VOLUME = 'rules';

/**
 * All rules as one directory, which the kubelet swaps as a whole. A ConfigMap that is missing keeps no Pod from starting,
 * so our own packages are listed whether they are there or not: the first rule, like every later one, changes no Pod
 * template, nor does a new file in a package. A new package of `rulesPackages` does.
 */
export function rulesVolume(settings: Settings): V1Volume {
  const packages = [...OWN_PACKAGES, ...eachEntry(settings.rulesPackages, (name) => name)];
  const sources = each(packages, (name) => ({
    configMap: { name: rulesConfigMapName(settings, name), optional: true },
  }));
  return { name: VOLUME, projected: { sources } };
}

/** The mount of that volume: a directory, never one file by `subPath`, which would not change any more. */
export const rulesMount: V1VolumeMount = { name: VOLUME, mountPath: RULES_DIRECTORY, readOnly: true };
