import type { Construct } from 'constructs';
import { selectorLabels } from '../names';
import type { Settings } from '../settings/settings';
import type { Server } from './endpoints';
import { metadata } from './metadata';
import { namespaced } from './object';

/** A port of a Service; `targetPort` is the name of a container's port. */
interface ServicePort {
  readonly name: string;
  readonly port: number;
  readonly targetPort: string;
}

/** Adds the Service under whose name (`host` in endpoints.ts) others reach a component. */
export function service(
  scope: Construct,
  settings: Settings,
  component: Server,
  ports: readonly ServicePort[],
): void {
  namespaced(scope, 'service', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(settings, component, { namespace: settings.namespaces.services }),
    spec: { selector: selectorLabels(settings.name, component), ports },
  });
}
