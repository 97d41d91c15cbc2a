/** Labels, annotations or node labels: keys belong to the user. */
export type StringMap = Readonly<Record<string, string>>;

/** A part of an object of Kubernetes that is passed through as it is. */
export type KubernetesFragment = Readonly<Record<string, unknown>>;

/** Quantities of Kubernetes by resource name, such as `{ cpu: 100m, memory: 512Mi }`. */
export type Quantities = Readonly<Record<string, string>>;

/** What a container asks for and may use at most. */
export interface Resources {
  /** What the scheduler reserves. */
  readonly requests?: Quantities;
  /** What the kernel enforces. */
  readonly limits?: Quantities;
}

/** Settings that the Pods of every component share. */
export interface PodSettings {
  /** Requests and limits of the main container. Each component has a default of its own. */
  readonly resources?: Resources;
  /** Node labels that a node must carry, beside `kubernetes.io/os: linux`. @default {} */
  readonly nodeSelector?: StringMap;
  /** Tolerations of the Pods, in Kubernetes' own form. Falco and the collector tolerate everything by default. */
  readonly tolerations?: readonly KubernetesFragment[];
  /** Affinity of the Pods, in Kubernetes' own form. @default {} */
  readonly affinity?: KubernetesFragment;
  /** Name of a PriorityClass. Each component has a default of its own. */
  readonly priorityClassName?: string;
  /** More labels for the Pods. @default {} */
  readonly labels?: StringMap;
  /** More annotations for the Pods. @default {} */
  readonly annotations?: StringMap;
  /** More environment variables of the main container. @default {} */
  readonly env?: StringMap;
  /** More containers beside the main one, in Kubernetes' own form. @default [] */
  readonly sidecars?: readonly KubernetesFragment[];
}

/** Settings of a component whose Pods a Deployment keeps. */
export interface ReplicatedSettings extends PodSettings {
  /**
   * How many Pods. With more than one, a PodDisruptionBudget keeps at least one and the Pods spread over nodes and zones.
   * @minimum 1
   * @asType integer
   */
  readonly replicas?: number;
}

/** The defaults that every component's Pods share. */
export const podDefaults = {
  nodeSelector: {},
  tolerations: [],
  affinity: {},
  priorityClassName: '',
  labels: {},
  annotations: {},
  env: {},
  sidecars: [],
} as const satisfies PodSettings;

/** Every taint is tolerated, so that no Linux node is left unwatched. */
export const tolerateEverything = [{ operator: 'Exists' }] as const;
