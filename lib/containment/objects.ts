/**
 * Kubernetes objects as they are judged: only the fields that are read. Both the API server's JSON and the objects of
 * `@kubernetes/client-node` have these shapes.
 */

/** Labels of an object. */
export type Labels = Readonly<Record<string, string>>;

/** A label selector, meta/v1: all of its requirements hold; an empty one selects everything. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly LabelRequirement[];
}

/** One requirement of a selector. */
export interface LabelRequirement {
  readonly key: string;
  /** `In`, `NotIn`, `Exists` or `DoesNotExist`. */
  readonly operator: string;
  readonly values?: readonly string[];
}

/** What is read of every object's metadata. */
export interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly labels?: Labels;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A NetworkPolicy, networking.k8s.io/v1. */
export interface NetworkPolicy {
  readonly metadata?: Metadata;
  readonly spec?: {
    readonly podSelector?: LabelSelector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly NetworkPolicyRule[];
    readonly egress?: readonly NetworkPolicyRule[];
  };
}

/** A rule of either direction. */
export interface NetworkPolicyRule {
  readonly to?: readonly NetworkPolicyPeer[];
  readonly from?: readonly NetworkPolicyPeer[];
  /** What `from` is called in the objects of `@kubernetes/client-node`. */
  readonly _from?: readonly NetworkPolicyPeer[];
  readonly ports?: readonly NetworkPolicyPort[];
}

/** Who a rule allows. */
export interface NetworkPolicyPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

/** A port that a rule allows: one, a range, or all of a protocol. */
export interface NetworkPolicyPort {
  /** @default "TCP" */
  readonly protocol?: string;
  /** A number, or the name of a container's port on the destination. @default all ports */
  readonly port?: number | string;
  /** Last port of a range that begins at `port`. */
  readonly endPort?: number;
}

/** A Pod with its namespace, as policies see it. */
export interface SelectedPod {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
  /** Policies hold no Pod on the node's network, and no selector of a rule selects it. @default false */
  readonly hostNetwork?: boolean;
}

/** Which policy is meant. */
export interface PolicyRef {
  readonly kind: string;
  /** Absent for policies of the cluster. */
  readonly namespace?: string;
  readonly name: string;
}

/** A policy as people write it: `NetworkPolicy shop/allow-all`. */
export function printPolicy({ kind, namespace, name }: PolicyRef): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** A reference to a policy of any kind. */
export function refOf(kind: string, { name = '', namespace }: Metadata = {}): PolicyRef {
  return { kind, ...(namespace !== undefined && { namespace }), name };
}
