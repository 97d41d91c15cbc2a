import type { Construct } from 'constructs';
import type { Component } from '../names';
import type { Settings } from '../settings/settings';
import { metadata } from './metadata';
import { namespaced } from './object';

/** Adds the ServiceAccount of a component's Pods. Whoever needs a token asks for it in the Pod. */
export function serviceAccount(
  scope: Construct,
  settings: Settings,
  component: Component,
  namespace: string,
  annotations: Readonly<Record<string, string>> = {},
): void {
  namespaced(scope, 'service-account', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: metadata(settings, component, { namespace, annotations }),
    automountServiceAccountToken: false,
  });
}
