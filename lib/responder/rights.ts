/** A rule of a ClusterRole, and why it is there. */
export interface ResponderRight {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
  readonly why: string;
}

/** All that the responder may do in this version: a ClusterRole with these rules is enough. */
export function responderRights(props: { readonly collector: boolean }): readonly ResponderRight[] {
  const readyz: ResponderRight = {
    nonResourceURLs: ['/readyz'],
    verbs: ['get'],
    why: 'is ready only while the API server is',
  };
  const review: ResponderRight = {
    apiGroups: ['authentication.k8s.io'],
    resources: ['tokenreviews'],
    verbs: ['create'],
    why: 'asks whose token it is that posts to /v1/logs',
  };
  return props.collector ? [readyz, review] : [readyz];
}
