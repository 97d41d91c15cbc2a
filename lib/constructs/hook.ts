/** What of Helm's runs an object that is a hook. */
type HookEvent = 'test' | 'pre-delete';

/**
 * Annotations of an object that Helm makes for an event alone.
 *
 * @param deletion when Helm deletes it
 * @param weight those of a lower one come first
 */
export function hook(event: HookEvent, deletion: string, weight: number): Record<string, string> {
  return {
    'helm.sh/hook': event,
    'helm.sh/hook-delete-policy': deletion,
    'helm.sh/hook-weight': String(weight),
  };
}
