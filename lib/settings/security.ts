import { podDefaults, type PodSettings } from './workload';

/** Where the certificates of the hops between our Pods come from. */
export interface TlsSettings {
  /**
   * `certManager`: Certificates that cert-manager fills. `existingSecrets`: Secrets that are there already, with
   * `tls.crt`, `tls.key` and `ca.crt`. `none`: plain HTTP, refused where a response acts.
   * @default "none"
   */
  readonly issuer?: 'none' | 'certManager' | 'existingSecrets';
  /** For `issuer: certManager`: how it signs. */
  readonly certManager?: CertManagerSettings;
  /** For `issuer: existingSecrets`: names of the Secrets, each with `tls.crt`, `tls.key` and `ca.crt`. */
  readonly existingSecrets?: ExistingTlsSecretsSettings;
}

/** How cert-manager signs. */
export interface CertManagerSettings {
  /** Name of an issuer of yours; empty makes a certificate authority of the stack's own. @default "" */
  readonly issuerName?: string;
  /** Kind of that issuer. It must reach both namespaces. @default "ClusterIssuer" */
  readonly issuerKind?: 'ClusterIssuer' | 'Issuer';
  /** Namespace of cert-manager, where the authority of the stack's own keeps its key. @default "cert-manager" */
  readonly namespace?: string;
  /** How long a certificate is valid. @default "2160h" */
  readonly duration?: string;
}

/** Names of TLS Secrets, each with `tls.crt`, `tls.key` and `ca.crt`. */
export interface ExistingTlsSecretsSettings {
  /** Falco's client certificate towards falcosidekick, in `namespaces.node`. @default "falco-egress-falco-tls" */
  readonly falco?: string;
  /** falcosidekick's server certificate, also its client certificate towards the responder, in `namespaces.services`. @default "falco-egress-sidekick-tls" */
  readonly sidekick?: string;
  /** The responder's server certificate, in `namespaces.services`. @default "falco-egress-responder-tls" */
  readonly responder?: string;
  /** k8s-metacollector's server certificate, in `namespaces.services`. @default "falco-egress-metacollector-tls" */
  readonly metacollector?: string;
  /** The collector's client certificate (its `ca.crt` is what it trusts), in `namespaces.node`. @default "falco-egress-collector-tls" */
  readonly collector?: string;
}

export const tlsDefaults = {
  issuer: 'none',
  certManager: { issuerName: '', issuerKind: 'ClusterIssuer', namespace: 'cert-manager', duration: '2160h' },
  existingSecrets: {
    falco: 'falco-egress-falco-tls',
    sidekick: 'falco-egress-sidekick-tls',
    responder: 'falco-egress-responder-tls',
    metacollector: 'falco-egress-metacollector-tls',
    collector: 'falco-egress-collector-tls',
  },
} as const satisfies TlsSettings;

/** The Secrets that the stack needs, by reference. */
export interface SecretsSettings {
  /**
   * Where they come from. `job`: a Job makes each that is absent, with random values, and never overwrites one.
   * `externalSecrets`: ExternalSecret objects for the operator of that name. `existing`: they are there already.
   * @default "job"
   */
  readonly source?: 'job' | 'externalSecrets' | 'existing';
  /** For `source: job`: its Pod. */
  readonly job?: PodSettings;
  /** For `source: externalSecrets`: the store, and how often it is read. */
  readonly externalSecrets?: ExternalSecretsSettings;
  /** The bearer token that falcosidekick shows the responder; key `token`. */
  readonly responderToken?: NamedSecretSettings;
  /** Login of the UI; key `user`, as `login:password`. */
  readonly sidekickUi?: NamedSecretSettings;
  /** Password of the UI's store; key `password`. */
  readonly sidekickUiStore?: NamedSecretSettings;
  /** Password of Grafana's user `admin`; key `password`. */
  readonly grafana?: NamedSecretSettings;
}

/** A Secret by its name, in `namespaces.services`. */
export interface NamedSecretSettings {
  /** Name of the Secret. */
  readonly name?: string;
  /** For `externalSecrets`: key in the store, a map with the Secret's keys. Empty means the Secret's name. @default "" */
  readonly remoteKey?: string;
}

/** The store from which the operator External Secrets reads. */
export interface ExternalSecretsSettings {
  /** Kind of the store. @default "ClusterSecretStore" */
  readonly storeKind?: 'ClusterSecretStore' | 'SecretStore';
  /** Name of the store. @default "falco-egress" */
  readonly storeName?: string;
  /** How often it reads again. @default "1h" */
  readonly refreshInterval?: string;
}

export const secretsDefaults = {
  source: 'job',
  job: {
    ...podDefaults,
    resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '256Mi' } },
  },
  externalSecrets: {
    storeKind: 'ClusterSecretStore',
    storeName: 'falco-egress',
    refreshInterval: '1h',
  },
  responderToken: { name: 'falco-egress-responder-token', remoteKey: '' },
  sidekickUi: { name: 'falco-egress-sidekick-ui', remoteKey: '' },
  sidekickUiStore: { name: 'falco-egress-sidekick-ui-store', remoteKey: '' },
  grafana: { name: 'falco-egress-grafana', remoteKey: '' },
} as const satisfies SecretsSettings;

/** NetworkPolicies around our own Pods. */
export interface NetworkPoliciesSettings {
  /** Whether they are deployed. @default true */
  readonly enabled?: boolean;
  /** Where the API server is, as CIDRs; the default allows any address on `apiServerPorts`, an empty list none. @default ["0.0.0.0/0", "::/0"] */
  readonly apiServerCidrs?: readonly string[];
  /** Ports on which the API server listens; an empty list allows none. @default [443, 6443] */
  readonly apiServerPorts?: readonly number[];
  /** Where falcosidekick may send to outside the cluster and inside it (Loki, Slack …), as CIDRs; an empty list allows none. @default ["0.0.0.0/0", "::/0"] */
  readonly outputCidrs?: readonly string[];
  /** Where the registry of `plugins.k8smeta.artifact` is, as CIDRs; Falco's Pods fetch the plugin from it; an empty list allows none. @default ["0.0.0.0/0", "::/0"] */
  readonly registryCidrs?: readonly string[];
}

export const networkPoliciesDefaults = {
  enabled: true,
  apiServerCidrs: ['0.0.0.0/0', '::/0'],
  apiServerPorts: [443, 6443],
  outputCidrs: ['0.0.0.0/0', '::/0'],
  registryCidrs: ['0.0.0.0/0', '::/0'],
} as const satisfies NetworkPoliciesSettings;
