/** A rule of a Role or ClusterRole, and why it is there. */
export interface Right {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
  /** A clause about the holder of the right, such as `sees whether a Secret exists`. */
  readonly why: string;
}
