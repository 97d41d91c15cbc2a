import { Construct } from 'constructs';
import { objectName, RULES_SHA256_ANNOTATION_PREFIX } from '../names';
import { eachEntry } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { sha256 } from './digest';
import { metadata } from './metadata';
import { namespaced } from './object';
import type { NamedRules } from './rules';

/** Rules files of one package. */
export interface RulesConfigMapProps
  extends
    Pick<FalcoEgressProps, 'cluster' | 'name' | 'labels' | 'annotations'>,
    Pick<NamedRules, 'package' | 'files'> {
  /** Namespace of the Falco that reads them. */
  readonly namespace: string;
}

/**
 * Rules files as a ConfigMap. The sha256 of each file is an annotation, and AlertingRules compares it with what Falco
 * says that it has loaded: `falcosecurity_falco_sha256_rules_files_info`.
 */
export class RulesConfigMap extends Construct {
  constructor(scope: Construct, id: string, props: RulesConfigMapProps) {
    super(scope, id);
    const { package: name, files, namespace, cluster, labels, annotations } = props;
    // Whoever deploys several passes all settings, with what else it knows of the package.
    const settings = resolveSettings({ cluster, name: props.name, labels, annotations });
    namespaced(this, 'config-map', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
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
