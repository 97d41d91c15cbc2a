/** Our own rules: which connections are seen. */
export interface EgressSettings {
  /** Whether our rules are deployed. @default true */
  readonly enabled?: boolean;
  /** Also the rules of the demo: the list `website_ips` and "Connection to vistatech.it". @default false */
  readonly vistatech?: boolean;
}

export const egressDefaults = { enabled: true, vistatech: false } as const satisfies EgressSettings;

/** Packages of rules of our own, in their order; their ConfigMaps have these names, so that no package of the user's can. */
export const OWN_PACKAGES = ['egress', 'vistatech', 'custom'] as const;

/** Rules files of one team or package, by file name: text in Falco's own form. */
export type RulesPackage = Readonly<Record<string, string>>;

/** The demo of the talk: Pods to connect from. */
export interface DemoSettings {
  /** Whether the demo is deployed: namespaces `demo` (an nginx Pod and its sibling), `testkatz` (monitored) and `testkatz-exempt`. @default false */
  readonly enabled?: boolean;
}

export const demoDefaults = { enabled: false } as const satisfies DemoSettings;
