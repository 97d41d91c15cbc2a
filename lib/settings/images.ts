import { VERSION } from '../version';

/** Where one image comes from. */
export interface ImageSettings {
  /** Host of the registry, without a path. */
  readonly registry?: string;
  /** Path of the repository in the registry. */
  readonly repository?: string;
  /** The tag. An image without a tag is refused. */
  readonly tag?: string;
  /**
   * Digest, `sha256:…`; pins the image to the byte.
   * @default ""
   * @pattern ^(sha256:[0-9a-f]{64})?$
   */
  readonly digest?: string;
}

/** Every image that the stack can run: the one table of versions. */
export interface ImagesSettings {
  /** A registry host (and path) that mirrors all images; replaces each image's own registry. @default "" */
  readonly registry?: string;
  /** When the kubelet pulls. @default "IfNotPresent" */
  readonly pullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  /** Names of image pull Secrets in the namespaces of the stack. @default [] */
  readonly pullSecrets?: readonly string[];
  /** Falco itself (distroless). An empty tag means `falco.version`. */
  readonly falco?: ImageSettings;
  /** Falco with a shell, for the init container that validates the rules. An empty tag means `<falco.version>-debian`. */
  readonly falcoShell?: ImageSettings;
  /** falcoctl, which fetches the k8smeta plugin where `plugins.k8smeta.source` is `artifact`. */
  readonly falcoctl?: ImageSettings;
  /** k8s-metacollector, which serves the k8smeta plugin. */
  readonly metacollector?: ImageSettings;
  /** falcosidekick, which sends alerts on. */
  readonly sidekick?: ImageSettings;
  /** falcosidekick-ui, which shows alerts. */
  readonly sidekickUi?: ImageSettings;
  /** The store of the UI: Redis with the RediSearch module. */
  readonly sidekickUiStore?: ImageSettings;
  /** OpenTelemetry Collector, contrib distribution: the durable path of alerts. */
  readonly collector?: ImageSettings;
  /** Grafana Loki. */
  readonly loki?: ImageSettings;
  /** Grafana. */
  readonly grafana?: ImageSettings;
  /** A stock Node image that runs our program out of ConfigMaps; the base of `program` too (see the Dockerfile). */
  readonly node?: ImageSettings;
  /** An image with our program baked in; used where `responder.program` is `image`. */
  readonly program?: ImageSettings;
  /** The Pods of the demo. */
  readonly demo?: ImageSettings;
}

const dockerHub = { registry: 'docker.io', digest: '' } as const;

/** Facts: the projects' own releases, read in July and August 2026. */
export const imagesDefaults = {
  registry: '',
  pullPolicy: 'IfNotPresent',
  pullSecrets: [],
  falco: { ...dockerHub, repository: 'falcosecurity/falco', tag: '' },
  falcoShell: { ...dockerHub, repository: 'falcosecurity/falco', tag: '' },
  falcoctl: { ...dockerHub, repository: 'falcosecurity/falcoctl', tag: '0.13.0' },
  metacollector: { ...dockerHub, repository: 'falcosecurity/k8s-metacollector', tag: '0.1.3' },
  sidekick: { ...dockerHub, repository: 'falcosecurity/falcosidekick', tag: '2.34.1' },
  sidekickUi: { ...dockerHub, repository: 'falcosecurity/falcosidekick-ui', tag: '2.3.0' },
  sidekickUiStore: { ...dockerHub, repository: 'redis/redis-stack-server', tag: '7.2.0-v11' },
  collector: { ...dockerHub, repository: 'otel/opentelemetry-collector-contrib', tag: '0.160.0' },
  loki: { ...dockerHub, repository: 'grafana/loki', tag: '3.7.8' },
  grafana: { ...dockerHub, repository: 'grafana/grafana', tag: '12.4.5' },
  node: { ...dockerHub, repository: 'library/node', tag: '22-bookworm-slim' },
  program: { registry: 'ghcr.io', repository: 'falco-egress/falco-egress', tag: VERSION, digest: '' },
  demo: { ...dockerHub, repository: 'nginxinc/nginx-unprivileged', tag: '1.29' },
} as const satisfies ImagesSettings;

/** Names in `images` that are images. */
export type ImageName = Exclude<keyof ImagesSettings, 'registry' | 'pullPolicy' | 'pullSecrets'>;
