import type { StringMap } from './workload';

/** The two namespaces of the stack. */
export interface NamespacesSettings {
  /** Whether the stack makes its namespaces; switch off where somebody else does. @default true */
  readonly create?: boolean;
  /**
   * The privileged namespace, for what must touch the node: Falco and the collector.
   * @default "falco"
   */
  readonly node?: string;
  /**
   * The restricted namespace, for everything else.
   * @default "falco-egress"
   */
  readonly services?: string;
  /** More labels for both. @default {} */
  readonly labels?: StringMap;
  /** More annotations for both. @default {} */
  readonly annotations?: StringMap;
}

export const namespacesDefaults = {
  create: true,
  node: 'falco',
  services: 'falco-egress',
  labels: {},
  annotations: {},
} as const satisfies NamespacesSettings;

/** Which namespaces are not watched. */
export interface ExemptSettings {
  /**
   * The label of a namespace that decides.
   * @default "network"
   */
  readonly label?: string;
  /**
   * Values of the label that exempt a namespace; the first is the one our own namespaces carry.
   * @default ["green", "blue"]
   */
  readonly values?: readonly string[];
  /** Limits who may set or change an exempt value. */
  readonly guard?: ExemptGuardSettings;
}

/** A ValidatingAdmissionPolicy on Namespaces: whoever may label a namespace may otherwise switch its monitoring off. */
export interface ExemptGuardSettings {
  /** Whether the policy is deployed. @default false */
  readonly enabled?: boolean;
  /** Groups that may set an exempt value. @default ["system:masters", "kubeadm:cluster-admins"] */
  readonly groups?: readonly string[];
  /** Users that may, such as `system:serviceaccount:argocd:argocd-application-controller`. @default [] */
  readonly users?: readonly string[];
}

export const exemptDefaults = {
  label: 'network',
  values: ['green', 'blue'],
  guard: { enabled: false, groups: ['system:masters', 'kubeadm:cluster-admins'], users: [] },
} as const satisfies ExemptSettings;

/** Labels for namespaces that the stack does not own, by namespace name. */
export type NamespaceLabels = Readonly<Record<string, StringMap>>;
