import type { V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { objectName, RULES_SHA256_ANNOTATION_PREFIX } from '../names';
import { each, eachEntry, either, given } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { sha256 } from './digest';
import { RULES_DIRECTORY } from './falco-paths';
import { metadata } from './metadata';
import { rulesPackagesOf, type NamedRules } from './rules';

/** Rules files of one package. */
export interface RulesConfigMapProps
  extends
    Pick<FalcoEgressProps, 'cluster' | 'name' | 'labels' | 'annotations'>,
    Pick<NamedRules, 'package' | 'files'> {
  /** Namespace of the Falco that reads them. */
  readonly namespace: string;
}

/**
 * Rules files as a ConfigMap. The sha256 of each file is an annotation, to be compared with what Falco says that it has
 * loaded: `falcosecurity_falco_sha256_rules_files_info`.
 */
export class RulesConfigMap extends Construct {
  constructor(scope: Construct, id: string, props: RulesConfigMapProps) {
    super(scope, id);
    const { package: name, files, namespace, ...rest } = props;
    const settings = resolveSettings(rest);
    new k8s.KubeConfigMap(this, 'config-map', {
      metadata: metadata(settings, 'rules', {
        name: rulesConfigMapName(settings, name),
        namespace,
        annotations: digests(files),
      }),
      data: { ...files },
    });
  }
}

function digests(files: NamedRules['files']): Record<string, string> {
  return Object.fromEntries(
    eachEntry(files, (file, text) => [`${RULES_SHA256_ANNOTATION_PREFIX}/${file}`, sha256(text)]),
  );
}

/** Name of a package's ConfigMap. */
export function rulesConfigMapName(settings: Settings, name: string): string {
  return `${objectName(settings.name, 'rules')}-${name}`;
}

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
