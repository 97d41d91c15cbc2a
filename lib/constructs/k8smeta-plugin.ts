import type { V1Container, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import type { FalcoConfig } from '../falco/config';
import { either, given, is, not, present, when } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { host, PORTS, usesTls } from './endpoints';
import { CONFIG_DIRECTORY, PLUGIN_DIRECTORY } from './falco-paths';
import { image } from './image';
import { restrictedContainer } from './pod';
import { TLS_DIRECTORY } from './tls';

/** The configuration of falcoctl, beside falco.yaml. */
export const FALCOCTL_FILE = 'falcoctl.yaml';

const LIBRARY = 'libk8smeta.so';

const VOLUME = 'plugins';

const IMAGE_VOLUME = 'plugin-image';

const IMAGE_VOLUME_PATH = '/plugin-image';

/** A plugin of Falco's, as its configuration lists them. */
export type FalcoPlugin = NonNullable<FalcoConfig['plugins']>[number];

type Source = Settings['plugins']['k8smeta']['source'];

function comesBy(settings: Settings, source: Source): boolean {
  return is(settings.plugins.k8smeta.source, source);
}

/** Whether Falco loads the k8smeta plugin, and k8s-metacollector serves it. */
export function usesK8smeta(settings: Settings): boolean {
  return not(comesBy(settings, 'none'));
}

/** Reference of the OCI artifact: by its digest, where one is set. */
export function artifactReference(settings: Settings): string {
  const { repository, tag, digest } = settings.plugins.k8smeta.artifact;
  return either(
    given(digest),
    () => `${repository}@${digest}`,
    () => `${repository}:${tag}`,
  );
}

/**
 * The plugin's entry in Falco's configuration. Its library lies in a directory of its own: over the image's directory of
 * plugins it would hide `libcontainer.so`.
 */
export function k8smetaPlugin(settings: Settings): FalcoPlugin | undefined {
  return when(usesK8smeta(settings), () => ({
    name: 'k8smeta',
    library_path: `${PLUGIN_DIRECTORY}/${LIBRARY}`,
    init_config: {
      collectorHostname: host(settings, 'metacollector'),
      collectorPort: PORTS.metacollector,
      nodeName: '${FALCO_K8S_NODE_NAME}',
      // Fact: with a path that leads nowhere the plugin goes on without TLS, and says so in its log only.
      caPEMBundle: when(usesTls(settings), () => `${TLS_DIRECTORY}/ca.crt`),
    },
  }));
}

/** The mount of the plugin in Falco's container. */
export function pluginMount(settings: Settings): V1VolumeMount | undefined {
  return when(usesK8smeta(settings), () => ({
    name: VOLUME,
    mountPath: PLUGIN_DIRECTORY,
    readOnly: true,
  }));
}

/** The volumes that bring the plugin. */
export function pluginVolumes(settings: Settings): (V1Volume | undefined)[] {
  const { image: reference, directory } = settings.plugins.k8smeta;
  const { pullPolicy } = settings.images;
  return [
    when(usesK8smeta(settings), () =>
      either<V1Volume>(
        comesBy(settings, 'hostPath'),
        () => ({ name: VOLUME, hostPath: { path: directory, type: 'Directory' } }),
        () => ({ name: VOLUME, emptyDir: {} }),
      ),
    ),
    when(comesBy(settings, 'imageVolume'), () => ({
      name: IMAGE_VOLUME,
      image: { reference, pullPolicy },
    })),
  ];
}

/** The init containers that put the plugin into its directory. */
export function pluginContainers(settings: Settings): (V1Container | undefined)[] {
  return [
    when(comesBy(settings, 'artifact'), () => byArtifact(settings)),
    when(comesBy(settings, 'image'), () => byImage(settings)),
    when(comesBy(settings, 'imageVolume'), () => byImageVolume(settings)),
  ];
}

const filling: V1VolumeMount = { name: VOLUME, mountPath: PLUGIN_DIRECTORY };

const shared = {
  resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
  securityContext: restrictedContainer,
};

/**
 * falcoctl, which takes the library for the node's architecture out of the artifact. The reference is whole, so it asks no
 * index; a signature it checks only by an index (falcoctl's SignatureForIndexRef), so the digest is what pins the plugin.
 */
function byArtifact(settings: Settings): V1Container {
  return {
    ...shared,
    name: 'k8smeta-artifact',
    ...image(settings, 'falcoctl'),
    args: [
      'artifact',
      'install',
      artifactReference(settings),
      `--config=${CONFIG_DIRECTORY}/${FALCOCTL_FILE}`,
      `--plugins-dir=${PLUGIN_DIRECTORY}`,
      '--allowed-types=plugin',
      '--resolve-deps=false',
      '--log-format=json',
    ],
    env: [{ name: 'HOME', value: '/tmp' }],
    volumeMounts: [
      filling,
      { name: 'config', mountPath: CONFIG_DIRECTORY, readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}

/** No index is asked, and what falcoctl remembers goes where it may write. */
export function falcoctlConfig(): object {
  return { artifact: { install: { stateDir: '/tmp' } }, indexes: [] };
}

function byImage(settings: Settings): V1Container {
  const { image: reference, directory } = settings.plugins.k8smeta;
  return {
    ...shared,
    name: 'k8smeta-image',
    image: reference,
    imagePullPolicy: settings.images.pullPolicy,
    command: ['cp', `${directory}/${LIBRARY}`, `${PLUGIN_DIRECTORY}/`],
    volumeMounts: [filling],
  };
}

/**
 * The image needs no `cp`, nor anything else but the plugin. It is copied all the same: Kubernetes mounts an image without
 * the right to execute, and the kernel maps no library from there (mmap(2), EPERM).
 */
function byImageVolume(settings: Settings): V1Container {
  const { directory } = settings.plugins.k8smeta;
  return {
    ...shared,
    name: 'k8smeta-image-volume',
    ...image(settings, 'falcoShell'),
    command: ['cp', `${IMAGE_VOLUME_PATH}${directory}/${LIBRARY}`, `${PLUGIN_DIRECTORY}/`],
    volumeMounts: present([filling, { name: IMAGE_VOLUME, mountPath: IMAGE_VOLUME_PATH, readOnly: true }]),
  };
}
