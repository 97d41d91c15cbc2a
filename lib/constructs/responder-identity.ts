import { objectName } from '../names';
import type { Settings } from '../settings/settings';

/** The user as which the API server knows the responder: its ServiceAccount. */
export function responderUser(settings: Settings): string {
  return `system:serviceaccount:${settings.namespaces.services}:${objectName(settings.name, 'responder')}`;
}
