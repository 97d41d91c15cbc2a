import { QUARANTINE_LABEL, QUARANTINE_RECORD_ANNOTATION, QUARANTINE_VALUE } from '../../names';
import type { Labels } from '../objects';
import { standingPolicy } from '../quarantine-policies';
import type { CutOptions } from '../ways-out';
import { ANSWER_ANNOTATIONS } from './answers';
import { otherPod, type AlertOfPod } from './identity';
import { metadataPatch, unchanged, type Change, type PatchOperation } from './json-patch';
import { isFinished, overLimit, type Limits, type Surroundings } from './limits';
import { isQuarantined, type Pod } from './pod';
import { alsoWaiting, noLongerWaiting, type PendingQuarantine } from './pending';
import {
  labelsBefore,
  parseRecord,
  type OnExpiry,
  type QuarantineRecord,
  type RecordedVerdict,
} from './record';
import { refusal, type Refusal } from './refusal';

/** What a response asks for. */
export interface QuarantineResponse extends CutOptions {
  readonly name: string;
  /** `observe` only says what it would do, `approve` waits for a person, `enforce` acts. */
  readonly mode: 'observe' | 'approve' | 'enforce';
  /** How long it holds, in seconds. @default until somebody ends it */
  readonly ttlSeconds?: number;
  /** What happens when its time is over. @default "release" */
  readonly onExpiry?: OnExpiry;
}

/** All that is known when an alert comes in. */
export interface QuarantineInput {
  readonly alert: AlertOfPod;
  /** The Pod of the alert's name, as it is now; `undefined` where there is none. */
  readonly pod: Pod | undefined;
  readonly response: QuarantineResponse;
  readonly protected: {
    readonly namespaces: readonly string[];
    /** A Pod that carries one of them with its value is protected. */
    readonly podLabels: Labels;
  };
  readonly limits: Limits;
  readonly around: Surroundings;
  readonly now: Date;
  /** Who has agreed: then `approve` acts, and limits and budgets don't hold. @default nobody */
  readonly approvedBy?: string;
  /** Who has agreed to cut off a Pod of the same owner: then `approve` acts too, within limits. @default nobody */
  readonly approvedBefore?: string;
  /** The Pod's owner, such as `Deployment/nginx`. @default unknown */
  readonly owner?: string;
  /** How many Pods of that owner were cut off before. @default 0 */
  readonly before?: number;
  /** Labels to take from the Pod in the same patch. @default none */
  readonly strip?: Labels;
  /** How it will be judged once it is written. @default not known yet */
  readonly verdict?: RecordedVerdict;
  /** Alerts older than so many seconds are recorded, not acted on. @default no limit */
  readonly maxAgeSeconds?: number;
  /** Whether this very alert has been decided on before. @default the Pod's own record is asked */
  readonly replayed?: boolean;
}

/** A quarantine, ready to be written; whether it is, `act` says. */
export interface QuarantinePlan {
  readonly kind: 'plan';
  /** What the response's mode makes of it. */
  readonly act: 'now' | 'after-approval' | 'never';
  /** In one line. */
  readonly line: string;
  /** JSON Patch of the Pod; it fails where the Pod is another one by now. */
  readonly patch: readonly PatchOperation[];
  /** To be applied before the patch. */
  readonly standingPolicy: ReturnType<typeof standingPolicy>;
  readonly record: QuarantineRecord;
}

/** Decides on an alert before anything is written: the plan of a quarantine, or why there is none. */
export function planQuarantine(input: QuarantineInput): QuarantinePlan | Refusal {
  const { alert, pod, response, now } = input;
  const refused = preflight(input);
  if (refused !== undefined) return refused;
  const { metadata = {} } = pod ?? {};
  const stripped = Object.keys(input.strip ?? {});
  const record = recordOf(input, labelsBefore(metadata.labels ?? {}, [QUARANTINE_LABEL, ...stripped]));
  const changes: Change[] = [
    { map: 'labels', key: QUARANTINE_LABEL, value: QUARANTINE_VALUE },
    ...stripped.map((key): Change => ({ map: 'labels', key, value: undefined })),
    { map: 'annotations', key: QUARANTINE_RECORD_ANNOTATION, value: JSON.stringify(record) },
    // An eviction that waits goes on waiting.
    ...noLongerWaiting({ metadata }, ({ action = 'quarantine' }) => action === 'quarantine'),
  ];
  const agreed = input.approvedBy ?? input.approvedBefore;
  const act = actOf(response.mode, agreed !== undefined);
  const until = record.expires === undefined ? 'until it is released' : `until ${record.expires}`;
  const again = record.before === undefined ? '' : `; ${record.before} of ${record.owner ?? ''} before it`;
  const line = `${SAYS[act]} ${alert.namespace}/${alert.pod} ${until}: ${alert.rule}${again}`;
  return {
    ...{ kind: 'plan', act, line, record },
    patch: metadataPatch(metadata, changes),
    standingPolicy: standingPolicy(alert.namespace, response),
  };

  function recordOf(
    { alert: { id, rule } }: QuarantineInput,
    labels: QuarantineRecord['labels'],
  ): QuarantineRecord {
    const { ttlSeconds, onExpiry } = response;
    const { owner, before = 0, verdict } = input;
    const approvedBy = input.approvedBy ?? input.approvedBefore;
    const expires = ttlSeconds === undefined ? undefined : new Date(now.getTime() + ttlSeconds * 1000);
    return {
      reason: rule,
      by: response.name,
      since: now.toISOString(),
      ...(expires && { expires: expires.toISOString(), onExpiry: onExpiry ?? 'release' }),
      alerts: [id],
      labels,
      ...(owner !== undefined && { owner }),
      ...(before > 0 && { before }),
      ...(approvedBy !== undefined && { approvedBy }),
      ...(verdict && { verdict }),
    };
  }
}

/** The patch by which a Pod says that a response waits for a person, besides those that wait already: to this one nobody has answered yet. */
export function pendingPatch(pod: Pod, pending: PendingQuarantine): PatchOperation[] {
  const { metadata = {} } = pod;
  return [
    ...(metadata.annotations === undefined
      ? []
      : ANSWER_ANNOTATIONS.map((key) => unchanged(metadata, 'annotations', key))),
    ...metadataPatch(metadata, alsoWaiting(pod, pending)),
  ];
}

const SAYS = {
  now: 'quarantine',
  'after-approval': 'wait for approval to quarantine',
  never: 'would quarantine',
} as const;

function actOf(mode: QuarantineResponse['mode'], approved: boolean): QuarantinePlan['act'] {
  if (mode === 'observe') return 'never';
  return mode === 'enforce' || approved ? 'now' : 'after-approval';
}

function preflight(input: QuarantineInput): Refusal | undefined {
  const { alert, pod, limits, around } = input;
  const where = `${alert.namespace}/${alert.pod}`;
  if (input.replayed === true) return refusal('replayed', `alert ${alert.id} has been decided on already`);
  if (pod === undefined) return refusal('pod-gone', `there is no Pod ${where}`);
  const other = otherPod(alert, pod);
  if (other !== undefined) return other;
  return (
    settled(input, pod, where) ??
    untouchable(input, pod, where) ??
    (input.approvedBy === undefined ? overLimit(pod, limits, around) : undefined)
  );
}

/** Nothing to do any more. */
function settled(
  { alert, now, maxAgeSeconds }: QuarantineInput,
  pod: Pod,
  where: string,
): Refusal | undefined {
  const age = (now.getTime() - new Date(alert.time).getTime()) / 1000;
  if (isQuarantined(pod)) {
    const text = pod.metadata?.annotations?.[QUARANTINE_RECORD_ANNOTATION];
    const known = text === undefined ? undefined : parseRecord(text);
    if (known?.alerts.includes(alert.id) === true)
      return refusal('replayed', `${where} is quarantined for this very alert`);
    return refusal('already-quarantined', `${where} is quarantined already`);
  }
  if (isFinished(pod)) return refusal('pod-finished', `${where} has ended`);
  // An age that is no number is no young one.
  if (maxAgeSeconds !== undefined && !(age <= maxAgeSeconds))
    return refusal('too-old', `the alert is older than ${maxAgeSeconds} s`);
  return undefined;
}

function untouchable({ protected: kept }: QuarantineInput, pod: Pod, where: string): Refusal | undefined {
  const namespace = pod.metadata?.namespace ?? '';
  if (kept.namespaces.includes(namespace))
    return refusal('protected-namespace', `namespace ${namespace} is protected`);
  const labels = pod.metadata?.labels ?? {};
  const label = Object.entries(kept.podLabels).find(
    ([key, value]) => Object.hasOwn(labels, key) && labels[key] === value,
  );
  if (label !== undefined)
    return refusal('protected-label', `${where} is protected by its label ${label.join('=')}`);
  if (pod.spec?.hostNetwork === true)
    return refusal('host-network', `${where} is on the network of its node, where no policy holds it`);
  return undefined;
}
