/** Our own rules: which connections are seen. */
export interface EgressSettings {
  /** Whether our rules are deployed. @default true */
  readonly enabled?: boolean;
  /** Also the rules of the demo: the list `website_ips` and "Connection to vistatech.it". @default false */
  readonly vistatech?: boolean;
  /**
   * Which connections "kubernetes outbound connection" alerts about: to `any` address but loopback, or to `public` ones, which
   * leaves private networks, links and groups out. @default "any"
   */
  readonly scope?: 'any' | 'public';
  /**
   * Destinations about which it doesn't alert, by a name of small letters, digits and `_`, such as
   * `{ dns: { networks: ["10.96.0.10/32"], ports: [53] } }`. They are still on the record. @default {}
   */
  readonly declared?: Readonly<Record<string, DeclaredSettings>>;
  /** A record of all connections, beside the alerts. */
  readonly record?: RecordSettings;
  /** Closes what Falco can't see. */
  readonly podGuard?: PodGuardSettings;
}

/** Where Pods may connect without an alert: what fits both `networks` and `ports`. */
export interface DeclaredSettings {
  /** Networks, such as `10.0.0.0/8`; any if absent. */
  readonly networks?: readonly string[];
  /** Ports; any if absent. */
  readonly ports?: readonly number[];
}

/**
 * The record: every connection of a Pod, declared or not and whatever `scope` says, at the priority `informational`: for the
 * collector and storage, not for people. docs/tiers.md says who gets it.
 */
export interface RecordSettings {
  /** Whether connections are recorded. @default false */
  readonly enabled?: boolean;
}

/**
 * What happens to a Pod, or to the template of a workload, that leaves a gap open: nothing, a note in the API server's audit
 * log, a warning to whoever applies it (and the note), or a refusal.
 */
export type PodGuardMode = 'off' | 'audit' | 'warn' | 'deny';

/**
 * ValidatingAdmissionPolicies on Pods of monitored namespaces, and on templates of workloads: they close what Falco can't see.
 * Namespaces that are exempt by their label are left alone, and so is Falco's own. Start with `warn`.
 */
export interface PodGuardSettings {
  /**
   * Containers have the seccomp profile `RuntimeDefault` or `Localhost` and are not privileged. The runtime's profile refuses
   * io_uring (containerd from 2.0 on, Docker from 25). @default "off"
   */
  readonly seccomp?: PodGuardMode;
  /** Pods don't use the node's network, on which no NetworkPolicy holds them. @default "off" */
  readonly hostNetwork?: PodGuardMode;
  /** Containers drop `NET_RAW` (or `ALL`), add neither and are not privileged: no raw sockets. @default "off" */
  readonly rawSockets?: PodGuardMode;
  /** Namespaces that it leaves alone although they are not exempt: there, Pods need the node. @default ["kube-system"] */
  readonly exceptNamespaces?: readonly string[];
}

export const egressDefaults = {
  enabled: true,
  vistatech: false,
  scope: 'any',
  declared: {},
  record: { enabled: false },
  podGuard: { seccomp: 'off', hostNetwork: 'off', rawSockets: 'off', exceptNamespaces: ['kube-system'] },
} as const satisfies EgressSettings;

/** Packages of rules of our own, in their order; their ConfigMaps have these names, so that no package of the user's can. */
export const OWN_PACKAGES = [
  'egress',
  'scope',
  'declared',
  'record',
  'canary',
  'vistatech',
  'custom',
] as const;

/** Rules files of one team or package, by file name: text in Falco's own form. */
export type RulesPackage = Readonly<Record<string, string>>;

/** The demo of the talk: Pods to connect from. */
export interface DemoSettings {
  /** Whether the demo is deployed: namespaces `demo` (an nginx Pod and its sibling), `testkatz` (monitored) and `testkatz-exempt`. @default false */
  readonly enabled?: boolean;
}

export const demoDefaults = { enabled: false } as const satisfies DemoSettings;
