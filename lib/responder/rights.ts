import type { Right } from '../program/right';

/** Always: to know whether it is ready. */
export const READY_RIGHTS: readonly Right[] = [
  { nonResourceURLs: ['/readyz'], verbs: ['get'], why: 'is ready only while the API server is' },
];

/** Where a collector delivers to it. */
export const COLLECTOR_RIGHTS: readonly Right[] = [
  {
    apiGroups: ['authentication.k8s.io'],
    resources: ['tokenreviews'],
    verbs: ['create'],
    why: 'asks whose token it is that posts alerts, and of which node',
  },
];
