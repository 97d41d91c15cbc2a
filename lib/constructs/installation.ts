import { Construct } from 'constructs';
import { SETTINGS_DIGEST_ANNOTATION } from '../names';
import { withoutKeys } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { VERSION } from '../version';
import { configText } from './config-text';
import { sha256 } from './digest';
import { metadata } from './metadata';
import { namespaced } from './object';

/** Settings that have digests of their own, on the ConfigMaps of the rules: a changed rule changes nothing but those. */
const RULES = ['rules', 'rulesPackages'] as const satisfies readonly (keyof Settings)[];

/**
 * What is installed: the version and the digest of all settings but rules, on this one object. Anywhere else a digest would
 * make every change of a setting a change of that object too.
 */
export class Installation extends Construct {
  constructor(scope: Construct, id: string, props: FalcoEgressProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    namespaced(this, 'config-map', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata(settings, 'installation', {
        namespace: settings.namespaces.services,
        annotations: { [SETTINGS_DIGEST_ANNOTATION]: sha256(configText(withoutKeys(settings, RULES))) },
      }),
      data: { cluster: settings.cluster, falco: settings.falco.version, version: VERSION },
    });
  }
}
