/** Prefix of every label and annotation of our own. */
export const PREFIX = 'falco-egress.io';

/** The standard value of `app.kubernetes.io/part-of`. */
export const PRODUCT = 'falco-egress';

/** Annotation of a rules ConfigMap: the sha256 of the file that the key names, as Falco reports it in its own metric. */
export const RULES_SHA256_ANNOTATION_PREFIX = `sha256.${PREFIX}`;

/** Annotation that holds the digest of an environment's settings; it stands on one object only. */
export const SETTINGS_DIGEST_ANNOTATION = `${PREFIX}/settings-sha256`;

/** Label of a Pod that is cut off. Its value never changes: a value an incident would make Cilium mint identities. */
export const QUARANTINE_LABEL = `${PREFIX}/quarantine`;

/** The value of {@link QUARANTINE_LABEL}. */
export const QUARANTINE_VALUE = 'true';

/** Annotation of a Pod that is cut off: why, since when, until when, and what its release restores, as JSON. */
export const QUARANTINE_RECORD_ANNOTATION = `${PREFIX}/quarantine-record`;

/** Annotation of a Pod that a response would cut off, but for a person's word: what waits, and why, as JSON. */
export const QUARANTINE_PENDING_ANNOTATION = `${PREFIX}/quarantine-pending`;

/** Annotation by which a person agrees to what waits: who it was. */
export const QUARANTINE_APPROVAL_ANNOTATION = `${PREFIX}/quarantine-approved-by`;

/** Annotation beside it, without which it is to nothing: names of responses by commas or as a JSON list, or `*` for all that waits. */
export const QUARANTINE_APPROVED_RESPONSES_ANNOTATION = `${PREFIX}/quarantine-approved-responses`;

/** Annotation by which a person refuses what waits: who it was. */
export const QUARANTINE_DISMISSAL_ANNOTATION = `${PREFIX}/quarantine-dismissed-by`;

/** Annotation beside it: the responses that are refused, where not all that waits is. */
export const QUARANTINE_DISMISSED_RESPONSES_ANNOTATION = `${PREFIX}/quarantine-dismissed-responses`;

/** Annotation of a Pod of which something was refused: what, by whom and when, as JSON, so that it doesn't wait again. */
export const QUARANTINE_DISMISSED_ANNOTATION = `${PREFIX}/quarantine-dismissed`;

/** Label of a Pod that a response of the action `label` marks. */
export const ALERTED_LABEL = `${PREFIX}/alerted`;

/** Label of a namespace with the value `true`: nothing responds there; on the responder's own namespace, nowhere. */
export const PAUSE_LABEL = `${PREFIX}/pause-responses`;

/** Who the API server says has written what the responder writes. */
export const RESPONDER_FIELD_MANAGER = `${PRODUCT}-responder`;

/** Name of the policies on {@link QUARANTINE_LABEL}: one in each namespace that has such a Pod, one in each tier that denies. */
export const QUARANTINE_POLICY = `${PRODUCT}-quarantine`;

/** Annotation of a NetworkPolicy that was advised: by which version. What else is known of it stands beside it. */
export const ADVISED_BY_ANNOTATION = `${PREFIX}/advised-by`;

/** Directory for what the rules guard tells Falco and keeps for itself. Its program has the same default. */
export const GUARD_DIRECTORY = '/run/falco-egress';

/** The directory of configuration files that the guard writes and Falco reads. */
export const GUARD_CONFIG_DIRECTORY = '/run/falco-egress/config.d';

/** The parts of the stack, as `app.kubernetes.io/component` names them. */
export type Component =
  | 'namespaces'
  | 'falco'
  | 'rules'
  | 'metacollector'
  | 'sidekick'
  | 'sidekick-ui'
  | 'sidekick-ui-store'
  | 'collector'
  | 'loki'
  | 'grafana'
  | 'responder'
  | 'secrets'
  | 'certificates'
  | 'installation'
  | 'monitoring'
  | 'demo'
  | 'test'
  | 'uninstall';

/** Labels by which a Service, a policy or a controller selects Pods: they can never change, so they name nothing that does. */
export interface SelectorLabels extends Readonly<Record<string, string>> {
  readonly 'app.kubernetes.io/name': string;
  readonly 'app.kubernetes.io/instance': string;
  readonly 'app.kubernetes.io/component': Component;
}

/** The selector labels of a component of one installation. */
export function selectorLabels(instance: string, component: Component): SelectorLabels {
  return {
    'app.kubernetes.io/name': PRODUCT,
    'app.kubernetes.io/instance': instance,
    'app.kubernetes.io/component': component,
  };
}

/** The name of a component's objects: the installation's name, then the component's. */
export function objectName(instance: string, component: Component): string {
  return `${instance}-${component}`;
}

/** The rule that tells, for each node and minute, that Falco saw and was heard. */
export const CANARY_RULE = 'Canary connection';
