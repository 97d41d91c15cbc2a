export { allows, type ConnectionVerdict, type DirectionVerdict, type RuleRef } from './network-policy/allows';
export type { Connection, End, NamedPort, OutsideEnd, PodEnd, Protocol } from './network-policy/connection';
export { networkPolicyResidual, type NetworkPolicyResidual, type Residual } from './network-policy/residual';
export { type Direction } from './network-policy/policy';
export {
  printPolicy,
  type Labels,
  type LabelSelector,
  type Metadata,
  type NetworkPolicy,
  type PolicyRef,
  type SelectedPod,
} from './objects';
export { answering, approvalOf, dismissalOf } from './quarantine/answers';
export { wasDismissed } from './quarantine/dismissed';
export {
  agreedInVain,
  agreedOn,
  agreesToNothing,
  dismissal,
  dismissedOn,
  noLongerWaiting,
  waitingOn,
  type PendingQuarantine,
} from './quarantine/pending';
export {
  pendingPatch,
  planQuarantine,
  type QuarantineInput,
  type QuarantinePlan,
  type QuarantineResponse,
} from './quarantine/plan';
export { type AlertOfPod } from './quarantine/identity';
export { metadataPatch, type PatchOperation } from './quarantine/json-patch';
export { type DisruptionBudget, type Limits, type Surroundings } from './quarantine/limits';
export { containerIds, isQuarantined, type Pod } from './quarantine/pod';
export { parseRecord, type OnExpiry, type QuarantineRecord, type RecordedVerdict } from './quarantine/record';
export { type Refusal, type RefusalCode } from './quarantine/refusal';
export { releasePlan, type ReleasePlan, type ReleaseRefusal } from './quarantine/release';
export { stripPatch } from './quarantine/strip-patch';
export { denyPolicy, standingPolicy, type DenyTier } from './quarantine-policies';
export { cutOf, type CutOptions } from './ways-out';
export { printSelector, SelectorError, selects } from './selector';
export {
  stripEffects,
  stripPlan,
  type Owner,
  type Selecting,
  type StripEffect,
  type StripOptions,
  type StripPlan,
} from './strip';
export type { CalicoPolicy, CalicoTier } from './tiers/calico';
export type { CiliumNetworkPolicy } from './tiers/cilium';
export type {
  AdminNetworkPolicy,
  BaselineAdminNetworkPolicy,
  ClusterNetworkPolicy,
} from './tiers/network-policy-api';
export { printResidual, residualEgress, type QuarantineVerdict, type TierPolicies } from './verdict';
