import type { NetworkPolicy } from '../containment';
import type { Coverage } from '../history/coverage';
import type { Behind, BehindProxies } from './behind-proxies';
import type { BlockRule } from './blocks';
import type { AdvisedRule } from './rules';

/** A policy as it is applied. */
export interface AdvisedPolicy extends NetworkPolicy {
  readonly apiVersion: 'networking.k8s.io/v1';
  readonly kind: 'NetworkPolicy';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly annotations: Readonly<Record<string, string>>;
  };
}

/** What is advised for a workload, or why nothing is. */
export type Advice =
  | {
      readonly kind: 'policy';
      readonly namespace: string;
      /** `Deployment/cart` */
      readonly workload: string;
      readonly policy: AdvisedPolicy;
      /** Of the policy, with why each is there. */
      readonly rules: readonly AdvisedRule[];
      /** What somebody should know before it is applied, a line each. */
      readonly notes: readonly string[];
      /** What proxies reached for it, as their logs tell: the policy lets through none of it. */
      readonly behind: readonly Behind[];
      readonly sure: Sureness;
    }
  | {
      readonly kind: 'none';
      readonly namespace: string;
      readonly workload: string;
      readonly why: string;
      readonly notes: readonly string[];
      readonly behind: readonly Behind[];
    };

/** How much is known. */
export interface Sureness {
  readonly attempts: number;
  readonly pods: number;
  /** Of the attempts, in milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
  /** The Pod that began while it was watched; `undefined` where none did. */
  readonly startUp: string | undefined;
  /** Whether it is known when its Pods began, and from when to when they were watched. */
  readonly isStartUpKnown: boolean;
  /** Whether no policy restricts the egress of its Pods yet. */
  readonly turnsDenyOn: boolean;
  /** Whether it lets more through than was seen. */
  readonly isWider: boolean;
  /** Targets that other policies refuse today. */
  readonly opensRefused: number;
  /** Attempts that are missing from what it was made of. */
  readonly cut: number;
}

/** From when to when it was watched, in milliseconds since 1970. */
export interface Watched {
  readonly from: number;
  readonly to: number;
}

/** How advice is given. */
export interface AdviceOptions {
  /** Name and version of the program. */
  readonly program: string;
  /** `undefined` where nothing was read. */
  readonly watched: Watched | undefined;
  readonly coverage: Coverage;
  /** Whether to let open what was tried, and failed each time. */
  readonly allowFailed: boolean;
  readonly blocks: BlockRule;
  /** What proxies reached for workloads. @default nothing is known of it */
  readonly proxied?: BehindProxies;
}
