import type { V1PersistentVolumeClaimSpec, V1Volume } from '@kubernetes/client-node';
import type { Construct } from 'constructs';
import { objectName, type Component } from '../names';
import { either, given, when } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { KEEP, metadata } from './metadata';
import { namespaced } from './object';

/** What is said of a disk. */
interface DiskSettings {
  readonly persistent: boolean;
  readonly size: string;
  readonly storageClass: string;
}

/**
 * A claim of its own and no template of the StatefulSet, which could neither be switched on or off nor grow. It stands
 * in the wave of its Pod: many storage classes bind a claim only once a Pod asks for it, and Argo CD would wait for that.
 * What it holds outlives the release.
 */
export function keptClaim(
  scope: Construct,
  settings: Settings,
  component: Component,
  { size, storageClass }: DiskSettings,
): void {
  namespaced<{ spec: V1PersistentVolumeClaimSpec }>(scope, 'claim', {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadata(settings, component, {
      namespace: settings.namespaces.services,
      wave: 'workloads',
      annotations: KEEP,
    }),
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: when(given(storageClass), () => storageClass),
      resources: { requests: { storage: size } },
    },
  });
}

/** The volume `data`: that claim, or else disk space that goes with the Pod. */
export function dataVolume(
  settings: Settings,
  component: Component,
  { persistent, size }: DiskSettings,
): V1Volume {
  return either<V1Volume>(
    persistent,
    () => ({ name: 'data', persistentVolumeClaim: { claimName: objectName(settings.name, component) } }),
    () => ({ name: 'data', emptyDir: { sizeLimit: size } }),
  );
}
