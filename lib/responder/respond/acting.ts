import type { DenyTier, Labels, Limits } from '../../containment';
import type { Log } from '../../program/log';
import type { ClusterState, ClusterWrites } from '../cluster/cluster';
import type { RateLimit } from '../limit/rate-limit';
import type { Latencies } from '../report/latencies';
import type { Reporter } from '../report/reporter';
import type { QuarantinedPods } from '../view/quarantined-pods';
import type { CutSettings } from '../view/judge';
import type { CheckedResponse } from '../responses/read-responses';

/** How it acts: what of the configuration decisions are made of. */
export interface Policy {
  /** The responder's own namespace, whose label pauses everything. */
  readonly namespace: string;
  readonly responses: readonly CheckedResponse[];
  readonly protected: { readonly namespaces: readonly string[]; readonly podLabels: Labels };
  readonly limits: Limits;
  readonly maxAgeSeconds: number;
  readonly cut: CutSettings;
}

/** All that acting needs: what is, what may be written, who is told. */
export interface Acting {
  readonly policy: Policy;
  readonly state: ClusterState;
  readonly writes: ClusterWrites;
  readonly quarantined: QuarantinedPods;
  /** Standing policies that are being written, by namespace. */
  readonly policiesUnderWay: Map<string, Promise<boolean>>;
  readonly reporter: Reporter;
  readonly latencies: Latencies;
  /** Snapshots, by namespace. */
  readonly snapshots: RateLimit;
  readonly log: Log;
  readonly now: () => number;
}

/** Deny tiers that are both wanted and there. */
export function servedTiers({ policy, state }: Acting): readonly DenyTier[] {
  return policy.cut.denyTiers.filter((tier) => state.denyTiers().has(tier));
}
