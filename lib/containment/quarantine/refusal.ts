/** Why a Pod is not cut off. */
export type RefusalCode =
  | 'replayed'
  | 'too-old'
  | 'pod-gone'
  | 'other-pod'
  /** No container of that id: another Pod's, or one that the kubelet has not reported yet. */
  | 'unknown-container'
  | 'pod-finished'
  | 'host-network'
  | 'protected-namespace'
  | 'protected-label'
  | 'already-quarantined'
  | 'limit-namespace'
  | 'limit-cluster'
  | 'limit-minute'
  | 'limit-owner'
  | 'disruption-budget';

/** A refusal, with one line for people. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly code: RefusalCode;
  readonly line: string;
  /** Whether a person may decide otherwise, or time will: limits and budgets. */
  readonly waits: boolean;
}

/** A refusal. */
export function refusal(code: RefusalCode, line: string): Refusal {
  return { kind: 'refusal', code, line, waits: code.startsWith('limit-') || code === 'disruption-budget' };
}
