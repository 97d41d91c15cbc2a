import type { Construct } from 'constructs';
import { objectName, type Component } from '../names';
import type { Settings } from '../settings/settings';
import { configText } from './config-text';
import { shortDigest } from './digest';
import { metadata } from './metadata';
import { namespaced } from './object';

/**
 * Adds a ConfigMap that never changes: its name holds a digest of its files. So a changed configuration is a changed Pod
 * template, for programs that read theirs only once and have no shell to notice; and a rollback has the one that it had.
 *
 * @returns its name
 */
export function versionedConfig(
  scope: Construct,
  settings: Settings,
  component: Component,
  files: Readonly<Record<string, string>>,
): string {
  const name = `${objectName(settings.name, component)}-${shortDigest(configText(files))}`;
  namespaced(scope, 'config', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(settings, component, { name, namespace: settings.namespaces.services }),
    immutable: true,
    data: files,
  });
  return name;
}
