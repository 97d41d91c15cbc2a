/** What a configuration of the responder must say, beside who may post. */
export const MINIMAL_CONFIG = {
  cluster: 'prod-eu-1',
  name: 'falco-egress',
  namespace: 'security',
  protected: { namespaces: ['kube-system'], podLabels: {} },
  limits: { perNamespace: 5, perCluster: 20, perMinute: 10, ownerPercent: 50, maxAge: '1h' },
  intake: {
    nodeAlertsPerSecond: 1000,
    sidekickAlertsPerSecond: 5000,
    tokenReviewsPerSecond: 50,
    refusalsPerSecond: 10,
  },
  matching: 'first',
  quarantine: { ingress: false, allowDns: false, denyTiers: ['Cilium', 'Calico'] },
};

/** For tests that send more than anybody may. */
export const UNLIMITED_INTAKE = {
  ...{ nodeAlertsPerSecond: 1e9, sidekickAlertsPerSecond: 1e9 },
  ...{ tokenReviewsPerSecond: 1e9, refusalsPerSecond: 1e9 },
};
