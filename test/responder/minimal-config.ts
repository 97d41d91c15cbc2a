/** What a configuration of the responder must say, beside who may post. */
export const MINIMAL_CONFIG = {
  cluster: 'prod-eu-1',
  name: 'falco-egress',
  namespace: 'security',
  protected: { namespaces: ['kube-system'], podLabels: {} },
  limits: { perNamespace: 5, perCluster: 20, perMinute: 10, ownerPercent: 50, maxAge: '1h' },
  matching: 'first',
  quarantine: { ingress: false, allowDns: false, denyTiers: ['Cilium', 'Calico'] },
};
