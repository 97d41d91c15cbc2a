import {
  planQuarantine,
  type AlertOfPod,
  type Labels,
  type Limits,
  type QuarantinePlan,
  type RecordedVerdict,
  type Refusal,
  type StripEffect,
  type Surroundings,
} from '../../containment';
import { QUARANTINE_LABEL } from '../../names';
import type { WatchedPod } from '../cluster/cluster';
import type { CheckedResponse } from '../responses/read-responses';

/** All that a decision on an alert is made of. */
export interface DecisionInput {
  readonly alert: AlertOfPod;
  /** The node on which it happened, where that is known. */
  readonly node: string | undefined;
  readonly response: CheckedResponse;
  /** The Pod of the alert's name as it is now. */
  readonly pod: WatchedPod | undefined;
  readonly protected: { readonly namespaces: readonly string[]; readonly podLabels: Labels };
  readonly limits: Limits;
  readonly maxAgeSeconds: number;
  readonly around: Surroundings;
  readonly owner: string | undefined;
  /** Pods of that owner that were cut off before, and who agreed to the last of them. */
  readonly before: { readonly count: number; readonly approvedBy?: string };
  readonly now: Date;
  /** Who has agreed to it, past limits. */
  readonly approvedBy?: string;
  /** Whether a person has refused what the response would do about it. */
  readonly dismissed: boolean;
  /** Whether a person has paused responses there. */
  readonly paused: boolean;
  /** How the Pod will be judged once it is cut off, and the labels that have to go for it. */
  readonly expected: {
    readonly verdict: RecordedVerdict;
    readonly strip?: Labels;
    /** What that does to others. */
    readonly effects?: readonly StripEffect[];
  };
}

/** What becomes of an alert. */
export type Decision =
  /** Nothing more to do, and nothing to tell: it is done already, or the alert isn't of this Pod. */
  | { readonly kind: 'settled'; readonly refusal: Refusal }
  | { readonly kind: 'not-believed'; readonly refusal: Refusal }
  /** Nobody knows yet: the kubelet may still have to report the container. */
  | { readonly kind: 'unsure'; readonly refusal: Refusal; readonly forMs: number }
  /** It isn't done, and people are told why. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'paused'; readonly line: string }
  /** A person has refused it already. */
  | { readonly kind: 'dismissed' }
  /** It waits for a person. */
  | { readonly kind: 'wait'; readonly why: string; readonly line: string }
  | { readonly kind: 'observe'; readonly line: string }
  | {
      readonly kind: 'quarantine';
      readonly plan: QuarantinePlan;
      readonly expected: DecisionInput['expected'];
    }
  | { readonly kind: 'notify'; readonly line: string }
  | { readonly kind: 'label'; readonly line: string }
  | { readonly kind: 'evict'; readonly line: string }
  | { readonly kind: 'delete'; readonly line: string };

/** Refusals that tell of an alert that isn't of this Pod: whoever forges one must not fill the cluster with Events. */
const NOT_BELIEVED: readonly Refusal['code'][] = ['other-pod', 'unknown-container', 'pod-gone'];
const SETTLED: readonly Refusal['code'][] = ['replayed', 'already-quarantined', 'pod-finished'];
/** For so long after an alert the kubelet may not have reported the container in which it happened. */
const REPORTED_WITHIN = 60_000;
/** What keeps from telling, too. */
const FORGED: readonly Refusal['code'][] = ['other-pod', 'unknown-container', 'too-old', 'replayed'];
/** What doesn't keep a label from a Pod: nobody is cut off by it. */
const HARMLESS: readonly Refusal['code'][] = [
  'host-network',
  'limit-namespace',
  'limit-cluster',
  'limit-minute',
  'limit-owner',
  'disruption-budget',
  'already-quarantined',
];

/** Decisions that a person's refusal passes over. */
const ANSWERED: readonly Decision['kind'][] = [
  ...(['wait', 'paused', 'quarantine', 'label', 'evict', 'delete'] as const),
];

/** Decides on an alert for which a response has been found. */
export function decide(input: DecisionInput): Decision {
  const decision = decideAnew(input);
  return input.dismissed && ANSWERED.includes(decision.kind) ? { kind: 'dismissed' } : decision;
}

function decideAnew(input: DecisionInput): Decision {
  const { alert, response, pod, node } = input;
  const where = `${alert.namespace}/${alert.pod}`;
  if (pod !== undefined && node !== undefined && pod.spec?.nodeName !== node)
    return notBelieved(`the alert comes from node ${node}, and ${where} is on another`);
  // Whoever agreed to cut off a Pod of this owner by this response has agreed to the next one: it waits for nobody, but for limits.
  const approvedBefore = response.mode === 'approve' ? input.before.approvedBy : undefined;
  const planned = planQuarantine({
    ...input,
    pod: pod && asJudged(pod, response),
    response: quarantineResponse(response),
    ...(input.owner !== undefined && { owner: input.owner }),
    before: input.before.count,
    ...(approvedBefore !== undefined && { approvedBefore }),
    verdict: input.expected.verdict,
    ...(input.expected.strip && { strip: input.expected.strip }),
  });
  if (planned.kind === 'refusal') {
    const forMs = REPORTED_WITHIN - Math.abs(input.now.getTime() - new Date(alert.time).getTime());
    if (planned.code === 'unknown-container' && forMs > 0) return { kind: 'unsure', refusal: planned, forMs };
    const passes = passesAll(response, planned) || (response.action === 'label' && isHarmless(planned));
    if (!passes) return refused(planned, input, where);
  } else if (response.action === 'quarantine' && planned.act === 'now' && !input.paused)
    return { kind: 'quarantine', plan: planned, expected: input.expected };
  const line = `${VERBS[response.action]} ${where}: ${alert.rule}`;
  if (response.action === 'notify') return { kind: 'notify', line };
  if (input.paused) return { kind: 'paused', line: `responses are paused; would ${line}` };
  if (response.mode === 'observe') return { kind: 'observe', line: observation(line, input) };
  if (response.mode === 'approve' && (input.approvedBy ?? approvedBefore) === undefined)
    return { kind: 'wait', why: 'approval', line: `waits for approval to ${line}${costOf(input)}` };
  if (response.action === 'quarantine') throw new Error('a quarantine that acts has a plan');
  return { kind: response.action, line };
}

/** A Pod that is to go: neither its network nor its quarantine keeps it. */
function asJudged(pod: WatchedPod, { action }: CheckedResponse): WatchedPod {
  if (action !== 'evict' && action !== 'delete') return pod;
  const { [QUARANTINE_LABEL]: _, ...labels } = pod.metadata?.labels ?? {};
  return { ...pod, metadata: { ...pod.metadata, labels }, spec: { ...pod.spec, hostNetwork: false } };
}

/** What `planQuarantine` reads of a response. */
function quarantineResponse({ name, mode, ttlSeconds, onExpiry }: CheckedResponse) {
  return { name, mode, onExpiry, ...(ttlSeconds !== undefined && { ttlSeconds }) };
}

const VERBS: Readonly<Record<CheckedResponse['action'], string>> = {
  quarantine: 'quarantine',
  label: 'label',
  evict: 'evict',
  delete: 'delete',
  notify: 'tell of',
};

/** Telling changes nothing, so nothing but a forged or an old alert keeps from it. */
function passesAll({ action }: CheckedResponse, { code }: Refusal): boolean {
  return action === 'notify' && !FORGED.includes(code);
}

function isHarmless({ code }: Refusal): boolean {
  return HARMLESS.includes(code);
}

function refused(refusal: Refusal, input: DecisionInput, where: string): Decision {
  const { mode, action } = input.response;
  if (NOT_BELIEVED.includes(refusal.code)) return { kind: 'not-believed', refusal };
  if (SETTLED.includes(refusal.code)) return { kind: 'settled', refusal };
  if (!refusal.waits || mode === 'observe') return { kind: 'refused', refusal };
  const line = `${VERBS[action]} ${where}${costOf(input)}: ${refusal.line}`;
  if (input.paused)
    return { kind: 'paused', line: `responses are paused; would wait for a person to ${line}` };
  return { kind: 'wait', why: refusal.code, line: `waits for a person to ${line}` };
}

function notBelieved(line: string): Decision {
  return { kind: 'not-believed', refusal: { kind: 'refusal', code: 'other-pod', line, waits: false } };
}

function observation(line: string, input: DecisionInput): string {
  if (input.response.action !== 'quarantine') return `would ${line}`;
  return `would ${line}${costOf(input)}; it would be ${input.expected.verdict.summary}`;
}

/** Which labels a quarantine takes, and what that does to others; whoever agrees to it knows beforehand. */
function costOf({ response, expected: { strip = {}, effects = [] } }: DecisionInput): string {
  const labels = Object.keys(strip);
  if (response.action !== 'quarantine' || labels.length === 0) return '';
  const lines = effects.length === 0 ? '' : ` (${effects.map(({ line }) => line).join('; ')})`;
  return `, without its labels ${labels.join(', ')}${lines}`;
}
