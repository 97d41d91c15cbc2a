import { containerIds, type Pod } from './pod';
import { refusal, type Refusal } from './refusal';

/** The alert, as far as it says which Pod it is of. */
export interface AlertOfPod {
  /** The same for the same alert by each way in. */
  readonly id: string;
  /** The rule that fired. */
  readonly rule: string;
  /** When it happened, ISO 8601 or a Date. */
  readonly time: string | Date;
  readonly namespace: string;
  readonly pod: string;
  /** `k8s.pod.uid`, where the rule's output has it. */
  readonly podUid?: string;
  /** `container.id`: Falco gives the first 12 digits. */
  readonly containerId?: string;
}

/** The API server leaves fractions of seconds out: a Pod is up to so many milliseconds younger than it says. */
const CREATED_WITHIN = 999;

/** By so much the clock of a node may be ahead of the API server's: an alert of the Pod before would seem younger than this one. */
const CLOCKS_DIFFER = 5_000;

/** Fewer digits than Falco gives could be anybody's. */
const LEAST_DIGITS = 12;

/**
 * Whether a Pod is the one of the alert: by its UID, else by a container id, else because it is surely older than the alert. A
 * name alone is used again: a StatefulSet's next Pod has it.
 */
export function otherPod(alert: AlertOfPod, pod: Pod): Refusal | undefined {
  const where = `${alert.namespace}/${alert.pod}`;
  if (pod.metadata?.namespace !== alert.namespace || pod.metadata.name !== alert.pod)
    return refusal('other-pod', `the Pod is not ${where}, of which the alert is`);
  if (present(alert.podUid)) {
    if (alert.podUid === pod.metadata.uid) return undefined;
    return refusal('other-pod', `${where} is now another Pod: the alert is of UID ${alert.podUid}`);
  }
  if (present(alert.containerId)) {
    const { containerId } = alert;
    const known =
      containerId.length >= LEAST_DIGITS && containerIds(pod).some((id) => id.startsWith(containerId));
    if (known) return undefined;
    return refusal('unknown-container', `${where} has no container ${containerId}, of which the alert is`);
  }
  const created = Date.parse(asText(pod.metadata.creationTimestamp));
  const happened = Date.parse(asText(alert.time));
  if (created + CREATED_WITHIN + CLOCKS_DIFFER <= happened) return undefined;
  if (Number.isNaN(created) || Number.isNaN(happened))
    return refusal(
      'other-pod',
      `nothing says that ${where} is the Pod of the alert: no UID, container id or time`,
    );
  return refusal(
    'other-pod',
    `${where} is not surely older than the alert, which tells no UID and no container id`,
  );
}

/** Falco prints what it doesn't know as `<NA>`, and the id of the host as `host`. */
function present(value: string | undefined): value is string {
  return value !== undefined && value !== '' && value !== '<NA>' && value !== 'host';
}

function asText(time: string | Date | undefined): string {
  return time instanceof Date ? time.toISOString() : (time ?? '');
}
