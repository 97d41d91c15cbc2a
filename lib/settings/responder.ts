import { INTAKE_DEFAULTS } from '../intake-defaults';
import { podDefaults, type ReplicatedSettings, type StringMap } from './workload';

/** What a response does to the Pod of an alert. */
export type ResponseAction = 'quarantine' | 'label' | 'evict' | 'delete' | 'notify';

/** A tier of policies that denies whatever NetworkPolicies allow. */
export type DenyTierName = 'ClusterNetworkPolicy' | 'AdminNetworkPolicy' | 'Cilium' | 'Calico';

/** A configured answer to alerts. */
export interface ResponseSettings {
  /** Name for logs, metrics and Events, and no other response's; the place in the list where it is missing. */
  readonly name?: string;
  /**
   * A condition in Falco's own language over the alert, such as `rule = "Connection to vistatech.it"`.
   * @minLength 1
   */
  readonly match: string;
  /**
   * What it does: `quarantine` cuts the Pod off by a label and a NetworkPolicy, `label` only labels it, `evict` evicts it as
   * far as its PodDisruptionBudget allows, `delete` deletes it, `notify` changes nothing and reports.
   */
  readonly action: ResponseAction;
  /** `observe` says what it would have done, `approve` waits for a person, `enforce` acts. @default "observe" */
  readonly mode?: 'observe' | 'approve' | 'enforce';
  /**
   * How long a quarantine holds: a number and one of s, m, h, d. Without it, until somebody releases it.
   * @pattern ^[1-9][0-9]*[smhd]$
   */
  readonly ttl?: string;
  /**
   * What happens when the time is over: `release` ends the quarantine, `hold` keeps it until somebody releases it, `delete`
   * deletes the Pod.
   * @default "release"
   */
  readonly onExpiry?: 'release' | 'hold' | 'delete';
  /**
   * How long further alerts of the same Pod are only counted: a number and one of s, m, h, d.
   * @default "5m"
   * @pattern ^[1-9][0-9]*[smhd]$
   */
  readonly cooldown?: string;
  /**
   * Whether a quarantine may take labels from the Pod where policies still let it out, and no tier denies: those by which
   * these policies select it. The release gives them back.
   * @default false
   */
  readonly strip?: boolean;
  /**
   * Whether a quarantine also takes the Pod away from its ReplicaSet, so that a replacement starts and the evidence stays.
   * Services still send it traffic.
   * @default false
   */
  readonly detach?: boolean;
  /** Whether the Pod's object, as it was before, is kept in a ConfigMap of `namespaces.services`. @default false */
  readonly snapshot?: boolean;
}

/** The responder: acts on one Pod when a chosen rule fires. */
export interface ResponderSettings extends ReplicatedSettings {
  /** Whether the responder runs. @default true */
  readonly enabled?: boolean;
  /**
   * Where its program comes from: `bundle` is ours, out of ConfigMaps, on the stock Node image `images.node`;
   * `image` is `images.program`.
   * @default "bundle"
   */
  readonly program?: 'bundle' | 'image';
  /** Pods that no response touches. */
  readonly protected?: ProtectedSettings;
  /** Over a limit the responder stops, says so and waits for a person. */
  readonly limits?: LimitsSettings;
  /** How much each sender may bring, so that none keeps out others. */
  readonly intake?: IntakeSettings;
  /** Which of the responses that match an alert answer it: the first of the list, or all. @default "first" */
  readonly matching?: 'first' | 'all';
  /**
   * What becomes of quarantines when the chart is uninstalled, where there are responses: `report` tells which Pods stay cut
   * off, which they do until somebody releases them; `release` ends the responder and releases them all. Read by the chart
   * alone.
   * @default "report"
   */
  readonly uninstall?: 'report' | 'release';
  /** How a quarantine cuts, whichever response asks for it. */
  readonly quarantine?: QuarantineSettings;
  /** What was where and when, for `falco-egress who`, `report` and `advise`. */
  readonly inventory?: InventorySettings;
}

/** The inventory: lines of the responder's log that tell what is where in the cluster. */
export interface InventorySettings {
  /**
   * Whether the responder logs each Pod (its addresses, containers, owners, node, beginning and end), each Service and what it leads to
   * without a selector, and each node. It may then watch Jobs, for the CronJobs above them, Nodes and EndpointSlices.
   * @default false
   */
  readonly enabled?: boolean;
  /**
   * How often it logs all that is there again, besides what changes: a number and one of s, m, h, d.
   * @default "6h"
   * @pattern ^[1-9][0-9]*[smhd]$
   */
  readonly every?: string;
}

/** Pods that no response touches. */
export interface ProtectedSettings {
  /** Namespaces; those of the stack are always protected. @default ["kube-system"] */
  readonly namespaces?: readonly string[];
  /** Labels; a Pod that carries one of them with its value is protected. @default {} */
  readonly podLabels?: StringMap;
}

/** Upper limits of what the responder cuts off by itself. */
export interface LimitsSettings {
  /** Quarantined Pods in one namespace at once. @default 5 @minimum 1 @asType integer */
  readonly perNamespace?: number;
  /** Quarantined Pods in the cluster at once. @default 20 @minimum 1 @asType integer */
  readonly perCluster?: number;
  /** Pods cut off, evicted or deleted in one minute. @default 10 @minimum 1 @asType integer */
  readonly perMinute?: number;
  /** Share of one owner's Pods that may be quarantined at once, in percent. @default 50 @minimum 1 @maximum 100 @asType integer */
  readonly ownerPercent?: number;
  /**
   * How old an alert may be that is acted on: a number and one of s, m, h, d. An older one is recorded only.
   * @default "1h"
   * @pattern ^[1-9][0-9]*[smhd]$
   */
  readonly maxAge?: string;
}

/**
 * How much each sender may bring. An alert that no response fits, or that is decided on already, counts a tenth. Whoever was quiet may bring 20 times as much at once; what is too much is answered 429,
 * after which the collector comes again and falcosidekick does not.
 */
export interface IntakeSettings {
  /** Alerts a second by the collector of one node. @default 1000 @minimum 1 @asType integer */
  readonly nodeAlertsPerSecond?: number;
  /** Alerts a second by falcosidekick, which speaks for all nodes. @default 5000 @minimum 1 @asType integer */
  readonly sidekickAlertsPerSecond?: number;
  /** Tokens never seen before that the API server is asked about in a second. @default 50 @minimum 1 @asType integer */
  readonly tokenReviewsPerSecond?: number;
  /** Requests a second of one address that are refused, each with its reason; more are put off. @default 10 @minimum 1 @asType integer */
  readonly refusalsPerSecond?: number;
}

/** How a quarantine cuts. */
export interface QuarantineSettings {
  /** Whether nobody may connect to the Pod either. @default false */
  readonly ingress?: boolean;
  /** Whether the Pod may still ask the cluster's DNS (Pods `k8s-app: kube-dns` of `kube-system`) for names, on port 53. @default false */
  readonly allowDns?: boolean;
  /**
   * A namespace with whose Pods a quarantined Pod may still talk, so that somebody can look into it; none where it is empty.
   * @default ""
   */
  readonly forensicsNamespace?: string;
  /**
   * Tiers by which it is denied where NetworkPolicies still let it out, as far as the cluster has them.
   * @default ["ClusterNetworkPolicy","AdminNetworkPolicy","Cilium","Calico"]
   */
  readonly denyTiers?: readonly DenyTierName[];
  /**
   * Whether ValidatingAdmissionPolicies keep others from quarantines unless they have a right to them, and the responder to
   * what it is for.
   * @default true
   */
  readonly guard?: boolean;
}

export const responderDefaults = {
  ...podDefaults,
  enabled: true,
  replicas: 1,
  program: 'bundle',
  protected: { namespaces: ['kube-system'], podLabels: {} },
  limits: { perNamespace: 5, perCluster: 20, perMinute: 10, ownerPercent: 50, maxAge: '1h' },
  intake: INTAKE_DEFAULTS,
  matching: 'first',
  uninstall: 'report',
  quarantine: {
    ingress: false,
    allowDns: false,
    forensicsNamespace: '',
    denyTiers: ['ClusterNetworkPolicy', 'AdminNetworkPolicy', 'Cilium', 'Calico'],
    guard: true,
  },
  inventory: { enabled: false, every: '6h' },
  resources: { requests: { cpu: '20m', memory: '128Mi' }, limits: { memory: '256Mi' } },
} as const satisfies ResponderSettings;
