import type { Alert } from './alert';
import { readAlert } from './read-alert';

/**
 * The alert that falcosidekick posts.
 *
 * @throws `MalformedBodyError`, and nothing else, whatever the text
 */
export function alertFromSidekick(text: string): Alert {
  return readAlert(text, 'alerts');
}
