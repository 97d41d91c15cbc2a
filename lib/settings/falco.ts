import type { FalcoConfig } from '../falco/config';
import { falcoVersion } from '../falco/versions';
import { podDefaults, tolerateEverything, type PodSettings } from './workload';

/** Severities of Falco, most severe first. */
export type PriorityName =
  'emergency' | 'alert' | 'critical' | 'error' | 'warning' | 'notice' | 'informational' | 'debug';

/** Falco on every Linux node. */
export interface FalcoSettings extends PodSettings {
  /**
   * Whether the stack installs Falco. With `false` only our rules are emitted, in the form that `external` names,
   * and everything else of the stack.
   * @default true
   */
  readonly install?: boolean;
  /** Version of Falco; one that this package has a row for. @default "0.44.1" */
  readonly version?: string;
  /**
   * What Falco may do on the node; docs/falco.md says why.
   * `capabilities`: BPF, PERFMON, SYS_RESOURCE, SYS_PTRACE and DAC_READ_SEARCH; enough where
   * `kernel.perf_event_paranoid` is at most 2. `sysAdmin`: SYS_ADMIN in the place of BPF and PERFMON; Ubuntu and Debian
   * set `perf_event_paranoid` to 4 or 3, which asks for it. `privileged`: for platforms that filter the others.
   * @default "sysAdmin"
   */
  readonly privilege?: 'capabilities' | 'sysAdmin' | 'privileged';
  /**
   * Join the host's PID namespace. Falco then fills its process table by BPF iterators, and heals it by them after drops.
   * @default false
   */
  readonly hostPid?: boolean;
  /** Alerts below this severity are not emitted. @default "debug" */
  readonly priority?: PriorityName;
  /** Whether Falco's stock rules are loaded; ours are an addition to them. @default true */
  readonly stockRules?: boolean;
  /** Which system calls Falco reads beside those that its rules name. */
  readonly baseSyscalls?: BaseSyscallsSettings;
  /** Anything else of falco.yaml, in Falco's own words; merged over what the stack writes, and checked at synth time. @default {} */
  readonly config?: FalcoConfig;
  /** Prometheus metrics on port 8765. @default true */
  readonly metrics?: boolean;
  /**
   * Directories on the node that hold sockets of container runtimes. Mounted as directories, so that a runtime that
   * makes its socket anew does not leave Falco with a dead one.
   * @default ["/run/containerd", "/run/crio", "/run/podman", "/run/host-containerd", "/run/k3s/containerd"]
   */
  readonly runtimeSocketDirectories?: readonly string[];
  /**
   * Share of the nodes that may be without Falco while it is updated; at least one node.
   * @default "10%"
   * @pattern ^([1-9][0-9]?|100)%$
   */
  readonly maxUnavailable?: string;
  /** For `install: false`: the Falco that somebody else installs. */
  readonly external?: ExternalFalcoSettings;
}

/** Which system calls Falco reads beside those that its rules name. */
export interface BaseSyscallsSettings {
  /**
   * Only those that our egress rules need, and that keep Falco's picture of sockets and processes true: for a Falco that does
   * nothing else, so not with `stockRules`. docs/falco.md says what it spares.
   * @default false
   */
  readonly egressOnly?: boolean;
  /** With `egressOnly`: Falco adds what it finds missing for the rules that are loaded, yours too. @default true */
  readonly repair?: boolean;
}

/** A Falco that somebody else installs. */
export interface ExternalFalcoSettings {
  /**
   * The form in which our rules are emitted: `configMap`, `helmValues` (a fragment of values for the official chart) or
   * `rulesfile` (objects for the official operator).
   * @default "configMap"
   */
  readonly form?: 'configMap' | 'helmValues' | 'rulesfile';
  /** Namespace of that Falco. @default "falco" */
  readonly namespace?: string;
  /** Labels of its Pods, for NetworkPolicies; empty means `app.kubernetes.io/name: falco`, which charts give them. @default {} */
  readonly podLabels?: Readonly<Record<string, string>>;
}

/** The version of Falco that is installed unless another one is asked for, and what belongs to it. */
const FALCO = falcoVersion('0.44.1');

export const falcoDefaults = {
  ...podDefaults,
  install: true,
  version: FALCO.version,
  privilege: 'sysAdmin',
  hostPid: false,
  priority: 'debug',
  stockRules: true,
  baseSyscalls: { egressOnly: false, repair: true },
  config: {},
  metrics: true,
  runtimeSocketDirectories: [
    '/run/containerd',
    '/run/crio',
    '/run/podman',
    '/run/host-containerd',
    '/run/k3s/containerd',
  ],
  maxUnavailable: '10%',
  external: { form: 'configMap', namespace: 'falco', podLabels: {} },
  resources: { requests: { cpu: '100m', memory: '512Mi' }, limits: { cpu: '1', memory: '1Gi' } },
  tolerations: tolerateEverything,
  priorityClassName: 'system-node-critical',
} as const satisfies FalcoSettings;

/** Plugins of Falco beside `container`, which its image ships. */
export interface PluginsSettings {
  /** k8smeta, which knows the labels of namespaces. */
  readonly k8smeta?: K8smetaSettings;
}

/** Where Falco gets the k8smeta plugin from. */
export interface K8smetaSettings {
  /**
   * Where the plugin comes from. `artifact`: an init container fetches it by falcoctl. `image`: an init container copies it out of an image of yours,
   * by the image's own `cp`. `imageVolume`: the image is mounted as a volume (Kubernetes 1.35 and later) and needs to
   * hold nothing but the plugin. `hostPath`: it lies on the nodes.
   * `none`: no plugin; the namespaces that are exempt at synth time become a list in the rules.
   * @default "artifact"
   */
  readonly source?: 'artifact' | 'image' | 'imageVolume' | 'hostPath' | 'none';
  /** For `source: artifact`: the OCI artifact with the plugin. */
  readonly artifact?: PluginArtifactSettings;
  /** Reference of the image, with a tag or a digest, for `image` and `imageVolume`. @default "" */
  readonly image?: string;
  /** Directory of `libk8smeta.so`, in the image or on the node, for `image`, `imageVolume` and `hostPath`. @default "/plugins" */
  readonly directory?: string;
}

/** An OCI artifact with a plugin. */
export interface PluginArtifactSettings {
  /** Registry and repository of the artifact. @default "ghcr.io/falcosecurity/plugins/plugin/k8smeta" */
  readonly repository?: string;
  /** Its tag: the version of the plugin. @default "0.4.1" */
  readonly tag?: string;
  /**
   * Digest; where it is given, it takes the place of the tag.
   * @default ""
   * @pattern ^(sha256:[0-9a-f]{64})?$
   */
  readonly digest?: string;
}

export const pluginsDefaults = {
  k8smeta: {
    source: 'artifact',
    artifact: {
      repository: 'ghcr.io/falcosecurity/plugins/plugin/k8smeta',
      tag: FALCO.plugins.k8smeta.version,
      digest: '',
    },
    image: '',
    directory: '/plugins',
  },
} as const satisfies PluginsSettings;
