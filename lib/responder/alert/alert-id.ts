import { createHash } from 'node:crypto';
import type { Alert } from './alert';

/** What is the same of an alert by each way in. */
type Same = Pick<Alert, 'rule' | 'timeText' | 'pod'> & { readonly hostname: string | undefined };

/**
 * The id of an alert: the same for the same alert by each way in. falcosidekick replaces `uuid`, sorts the tags, adds
 * fields, cuts long ones and changes output, source and the spelling of priority and time: of that nothing goes in.
 */
export function alertId({ rule, timeText, hostname, pod }: Same): string {
  const parts = [
    rule,
    timeText,
    hostname ?? '',
    pod?.namespace ?? '',
    pod?.name ?? '',
    pod?.containerId ?? '',
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
