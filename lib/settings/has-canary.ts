import { all, given, some } from './decide';
import type { Settings } from './settings';

/** Whether the collector of each node makes a connection a minute, and a rule tells of it: wherever a Loki may keep it. */
export function hasCanary({ collector, loki, sidekick }: Settings): boolean {
  return all(
    collector.enabled,
    collector.canary.enabled,
    some(given(collector.loki.url), loki.enabled, given(sidekick.loki.url)),
  );
}
