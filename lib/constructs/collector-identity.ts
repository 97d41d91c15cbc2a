import { objectName } from '../names';
import type { CollectorIdentity } from '../responder/config';
import type { Settings } from '../settings/settings';

/** How the responder knows the collector: by a token of its ServiceAccount that is good for the responder alone. */
export function collectorIdentity(settings: Settings): CollectorIdentity {
  return {
    namespace: settings.namespaces.node,
    serviceAccount: objectName(settings.name, 'collector'),
    audience: objectName(settings.name, 'responder'),
  };
}
