import { falcoDefaults, pluginsDefaults } from '../settings/falco';
import { image, replicated } from './component';
import {
  eachText,
  gone,
  ifOn,
  isScalar,
  named,
  onlyDefault,
  unmapped,
  unneeded,
  under,
  type Mapping,
  type Table,
} from './mapping';

const CLIENT =
  'Falco 0.37 removed its client of the API server; the k8smeta plugin is in its place, and on by default';
const ENGINES = `the container plugin has its own defaults here; others go into falco.config.plugins`;
const RUNTIME = 'Falco looks for the sockets of all runtimes; one that is not there costs nothing';
const DOCKER =
  'Kubernetes 1.24 removed dockershim; where nodes still run Docker, add /var/run to falco.runtimeSocketDirectories';

/** A socket whose directory the stack mounts needs nothing. */
const socket: Mapping = {
  apply: (item, draft) => {
    const directory = String(item.value)
      .replace(/^\/var\/run\//, '/run/')
      .replace(/\/[^/]*$/, '');
    const known: readonly string[] = falcoDefaults.runtimeSocketDirectories;
    if (isScalar(item.value) && known.includes(directory))
      draft.unneeded(item, `the stack mounts ${directory}`);
    else
      draft.unmapped(
        item,
        'the stack does not mount its directory: add it to falco.runtimeSocketDirectories, and the socket to the container plugin in falco.config.plugins',
      );
  },
};

/** An OCI reference: the repository may be a mirror; the version goes with Falco's. */
const k8smeta: Mapping = {
  apply: (item, draft) => {
    const reference = String(item.value)
      .replace(/@sha256:.*$/, '')
      .replace(/:[^:/]*$/, '');
    if (reference === pluginsDefaults.k8smeta.artifact.repository || !reference.includes('/'))
      draft.unneeded(item, `the plugin's version goes with Falco's`);
    else
      draft.take(
        item,
        ['plugins', 'k8smeta', 'artifact', 'repository'],
        reference,
        `the plugin's version goes with Falco's`,
      );
  },
};

const METACOLLECTOR = 'the stack has its own k8s-metacollector';

/** `collectors`, the same of 1.x, and the subchart k8s-metacollector. */
export const collectors: Table = {
  'collectors.enabled': onlyDefault([true], 'without the container plugin no alert would name its Pod'),
  ...runtimes('collectors.'),
  ...runtimes(''),
  'collectors.containerEngine.enabled': onlyDefault(
    [true],
    'without the container plugin no alert would name its Pod',
  ),
  'collectors.containerEngine.pluginRef': unneeded(`the plugin is in Falco's image`),
  'collectors.containerEngine.labelMaxLen': onlyDefault([100], ENGINES),
  'collectors.containerEngine.withSize': onlyDefault([false], ENGINES),
  'collectors.containerEngine.hooks': onlyDefault([['create']], ENGINES),
  ...(Object.assign(
    {},
    ...['docker', 'podman', 'containerd', 'cri', 'lxc', 'libvirt_lxc', 'bpm'].map((engine) => ({
      [`collectors.containerEngine.engines.${engine}.enabled`]: unneeded(RUNTIME),
      [`collectors.containerEngine.engines.${engine}.sockets`]: sockets(engine),
    })),
  ) as Table),
  'collectors.kubernetes.enabled': unneeded(
    'our rules read the labels of namespaces by the k8smeta plugin, which is on; plugins.k8smeta.source: none switches it off',
  ),
  'collectors.kubernetes.pluginRef': k8smeta,
  'collectors.kubernetes.collectorHostname': unmapped(METACOLLECTOR),
  'collectors.kubernetes.collectorPort': onlyDefault([45000, '45000'], METACOLLECTOR),
  'collectors.kubernetes.verbosity': onlyDefault(['info'], 'the stack sets up the k8smeta plugin'),
  'collectors.kubernetes.hostProc': gone('the k8smeta plugin does not read it any more'),
  ...named(
    ['apiAuth', 'apiUrl', 'enableNodeFilter'].flatMap((key) => [
      `collectors.kubernetes.${key}`,
      `kubernetesSupport.${key}`,
    ]),
    gone(CLIENT),
  ),
  'kubernetesSupport.enabled': gone(CLIENT),
  ...under('k8s-metacollector', {
    ...replicated('metacollector'),
    ...image('metacollector', ['falcosecurity/k8s-metacollector']),
    labels: eachText('metacollector.labels'),
    ...named(
      ['nameOverride', 'fullnameOverride', 'namespaceOverride', 'serviceAccount', 'service', 'healthChecks'],
      unneeded(METACOLLECTOR),
    ),
    ...named(['podSecurityContext', 'containerSecurityContext'], unneeded('its Pod is restricted here')),
    'serviceMonitor.create': ifOn('this version makes no objects of the Prometheus Operator'),
    'grafana.dashboards.enabled': ifOn('this version makes no dashboards'),
    ...named(
      [
        'path',
        'labels',
        'interval',
        'scheme',
        'tlsConfig',
        'scrapeTimeout',
        'relabelings',
        'targetLabels',
      ].map((key) => `serviceMonitor.${key}`),
      unneeded('belongs to serviceMonitor.create'),
    ),
    'grafana.dashboards.configMaps': unneeded('belongs to grafana.dashboards.enabled'),
  }),
};

function runtimes(prefix: string): Table {
  return {
    ...named([`${prefix}docker.enabled`, `${prefix}docker.socket`], gone(DOCKER)),
    ...named(
      ['containerd', 'crio', 'podman'].map((runtime) => `${prefix}${runtime}.enabled`),
      unneeded(RUNTIME),
    ),
    ...named(
      ['containerd', 'crio', 'podman'].map((runtime) => `${prefix}${runtime}.socket`),
      socket,
    ),
  };
}

/** A list of sockets: each is looked at by itself. */
function sockets(engine: string): Mapping {
  if (engine === 'docker') return gone(DOCKER);
  return {
    apply: (item, draft, root) => {
      const list = Array.isArray(item.value) ? (item.value as unknown[]) : [item.value];
      for (const [index, value] of list.entries())
        socket.apply({ path: [...item.path, index], value }, draft, root);
    },
  };
}
