import { Construct } from 'constructs';
import { SETTINGS_DIGEST_ANNOTATION } from '../names';
import { resolveSettings, type FalcoEgressProps } from '../settings/settings';
import { VERSION } from '../version';
import { configText } from './config-text';
import { sha256 } from './digest';
import { metadata } from './metadata';
import { namespaced } from './object';

/**
 * What is installed: the version and the digest of all settings, on this one object. Anywhere else a digest would make
 * every change of a setting a change of that object too.
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
        annotations: { [SETTINGS_DIGEST_ANNOTATION]: sha256(configText(settings)) },
      }),
      data: { cluster: settings.cluster, falco: settings.falco.version, version: VERSION },
    });
  }
}
