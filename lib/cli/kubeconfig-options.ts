/** Options by which a command finds its cluster, as kubectl's. */
export const CLUSTER_OPTIONS = {
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
} as const;

/** Their lines of the help. */
export const CLUSTER_HELP = `  --kubeconfig FILE  which cluster, and who you are (default: $KUBECONFIG, else ~/.kube/config)
  --context NAME     a context of it (default: the current one)`;

/** What stood for {@link CLUSTER_OPTIONS}. */
export interface ClusterOptions {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}
