import type { V1Container, V1PodSpec, V1Volume } from '@kubernetes/client-node';
import { load } from 'js-yaml';
import { Falco } from '../../lib/constructs/falco';
import type { FalcoConfig } from '../../lib/falco/config';
import { SettingsError } from '../../lib/settings/check';
import type { FalcoEgressProps } from '../../lib/settings/settings';
import { synthesize, type KubeObject } from '../constructs';
import { component, find, kinds, mainContainer, policy, template } from './find';

function falco(props: Partial<FalcoEgressProps> = {}): KubeObject[] {
  return synthesize((scope) => {
    new Falco(scope, 'falco', { cluster: 'test', ...props });
  });
}

function data(objects: readonly KubeObject[]): Record<string, string> {
  const map = objects.find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'falco-egress-falco',
  );
  return map?.['data'] as Record<string, string>;
}

function config(props: Partial<FalcoEgressProps> = {}): FalcoConfig {
  return load(data(falco(props))['falco.yaml'] ?? '') as FalcoConfig;
}

function pod(props: Partial<FalcoEgressProps> = {}): V1PodSpec {
  return template(falco(props), 'DaemonSet').spec;
}

function volume(spec: V1PodSpec, name: string): V1Volume | undefined {
  return spec.volumes?.find((volume) => volume.name === name);
}

function mounts({ volumeMounts = [] }: V1Container): Record<string, string> {
  return Object.fromEntries(volumeMounts.map(({ name, mountPath }) => [mountPath, name]));
}

const container = (props: Partial<FalcoEgressProps> = {}): V1Container =>
  mainContainer(falco(props), 'DaemonSet');

test('the objects', () => {
  expect(falco()).toMatchSnapshot();
});

describe('the Pod', () => {
  it('has no token, and none of its volumes does', () => {
    const spec = pod();
    expect(spec.automountServiceAccountToken).toBe(false);
    expect(find(falco(), 'ServiceAccount')['automountServiceAccountToken']).toBe(false);
    expect(JSON.stringify(spec.volumes)).not.toContain('serviceAccountToken');
    expect(kinds(falco())).not.toContain('ClusterRole');
  });

  it('runs on every Linux node of both architectures', () => {
    const spec = pod();
    expect(spec.nodeSelector).toEqual({ 'kubernetes.io/os': 'linux' });
    expect(spec.tolerations).toEqual([{ operator: 'Exists' }]);
    expect(spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution).toEqual({
      nodeSelectorTerms: [
        { matchExpressions: [{ key: 'kubernetes.io/arch', operator: 'In', values: ['amd64', 'arm64'] }] },
      ],
    });
  });

  it('leaves the affinity to the user where there is one', () => {
    const affinity = { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } };
    expect(pod({ falco: { affinity } }).affinity).toEqual(affinity);
  });

  it('mounts no file by subPath, which would not change any more', () => {
    expect(JSON.stringify(pod())).not.toContain('subPath');
  });

  it('mounts nothing over what the image ships', () => {
    for (const source of ['artifact', 'image', 'imageVolume', 'hostPath', 'none'] as const) {
      const paths = Object.keys(mounts(container({ plugins: { k8smeta: { source, image: 'r/p:1' } } })));
      for (const path of [
        '/etc/falco',
        '/etc/falco/config.d',
        '/usr/share/falco',
        '/usr/share/falco/plugins',
      ])
        expect(paths).not.toContain(path);
    }
  });

  it('mounts the sockets of runtimes by their directories, under HOST_ROOT', () => {
    const props = { falco: { runtimeSocketDirectories: ['/run/containerd', '/run/crio'] } };
    const here = mounts(container(props));
    expect(here['/host/run/containerd']).toBe('runtime-0');
    expect(volume(pod(props), 'runtime-1')).toEqual({ name: 'runtime-1', hostPath: { path: '/run/crio' } });
    expect(container().env).toContainEqual({ name: 'HOST_ROOT', value: '/host' });
  });

  it('joins the host’s PID namespace only where it is told to', () => {
    expect(pod().hostPID).toBeUndefined();
    expect(pod({ falco: { hostPid: true } }).hostPID).toBe(true);
  });

  it('has a writable place only where it needs one', () => {
    const writable = container().volumeMounts?.filter(({ readOnly }) => readOnly !== true);
    expect(writable?.map(({ mountPath }) => mountPath)).toEqual(['/tmp']);
    expect(container().securityContext?.readOnlyRootFilesystem).toBe(true);
  });

  it('gives every container limits, a read-only root and no way to more rights', () => {
    const spec = pod({ plugins: { k8smeta: { source: 'artifact' } } });
    for (const one of [...(spec.initContainers ?? []), ...spec.containers]) {
      expect(one.resources?.limits?.['memory']).toBeDefined();
      expect(one.securityContext?.readOnlyRootFilesystem).toBe(true);
      expect(one.securityContext?.allowPrivilegeEscalation).toBe(false);
      expect(one.securityContext?.capabilities?.drop).toEqual(['ALL']);
    }
  });

  it('is replaced a share of the nodes at a time', () => {
    const spec = find(falco({ falco: { maxUnavailable: '25%' } }), 'DaemonSet')['spec'];
    expect(spec).toMatchObject({
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%' } },
    });
  });
});

describe('privilege', () => {
  it.each([
    ['capabilities', ['BPF', 'PERFMON', 'SYS_RESOURCE', 'SYS_PTRACE', 'DAC_READ_SEARCH']],
    ['sysAdmin', ['SYS_ADMIN', 'SYS_RESOURCE', 'SYS_PTRACE', 'DAC_READ_SEARCH']],
  ] as const)('%s', (privilege, add) => {
    expect(container({ falco: { privilege } }).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'], add },
      readOnlyRootFilesystem: true,
      runAsUser: 0,
      runAsGroup: 0,
      seccompProfile: { type: 'Unconfined' },
      appArmorProfile: { type: 'Unconfined' },
    });
  });

  it('privileged: the API server refuses it together with allowPrivilegeEscalation', () => {
    const context = container({ falco: { privilege: 'privileged' } }).securityContext;
    expect(context?.privileged).toBe(true);
    expect(context).not.toHaveProperty('allowPrivilegeEscalation');
    expect(context).not.toHaveProperty('capabilities');
  });

  it.each([
    ['generic', undefined],
    ['openshift', { type: 'spc_t' }],
    ['bottlerocket', { user: 'system_u', role: 'system_r', type: 'control_t', level: 's0-s0:c0.c1023' }],
  ] as const)('on %s', (platform, seLinuxOptions) => {
    expect(container({ platform }).securityContext?.seLinuxOptions).toEqual(seLinuxOptions);
  });
});

describe('falco.yaml', () => {
  it('sends each alert to stdout as JSON, and to falcosidekick', () => {
    expect(config()).toMatchObject({
      engine: { kind: 'modern_ebpf' },
      json_output: true,
      stdout_output: { enabled: true },
      http_output: { enabled: true, url: 'http://falco-egress-sidekick.falco-egress.svc:2801/', mtls: false },
    });
  });

  it('shows a certificate to falcosidekick where there are certificates', () => {
    const props = { tls: { issuer: 'certManager' } } as const;
    expect(config(props).http_output).toEqual({
      enabled: true,
      url: 'https://falco-egress-sidekick.falco-egress.svc:2801/',
      keep_alive: true,
      mtls: true,
      ca_cert: '/etc/falco-egress/tls/ca.crt',
      client_cert: '/etc/falco-egress/tls/tls.crt',
      client_key: '/etc/falco-egress/tls/tls.key',
    });
    expect(mounts(container(props))['/etc/falco-egress/tls']).toBe('tls');
    expect(volume(pod(props), 'tls')?.secret?.secretName).toBe('falco-egress-falco-tls');
  });

  it('sends nothing over HTTP where there is no falcosidekick', () => {
    expect(config({ sidekick: { enabled: false } }).http_output?.enabled).toBe(false);
  });

  it.each([true, false])('metrics %s: both switches, since one alone has no effect', (metrics) => {
    const { metrics: own, webserver } = config({ falco: { metrics } });
    expect([own?.enabled, webserver?.prometheus_metrics_enabled]).toEqual([metrics, metrics]);
  });

  it('says what Falco assumes otherwise without its own falco.yaml', () => {
    expect(config()).toMatchObject({
      append_output: [
        { suggested_output: true },
        { match: { source: 'syscall' }, extra_fields: ['k8s.pod.uid'] },
      ],
      webserver: { enabled: true, listen_port: 8765 },
      log_stderr: true,
      syscall_event_drops: { actions: ['log', 'alert'] },
      watch_config_files: true,
    });
  });

  it('lets every rule that matches speak, so that one on an address does not hide behind the one on any', () => {
    expect(config().rule_matching).toBe('all');
  });

  it('has the user’s own words over ours, maps merged and lists replaced', () => {
    const merged = config({
      falco: {
        config: { log_level: 'debug', engine: { kind: 'modern_ebpf', modern_ebpf: { buf_size_preset: 6 } } },
      },
    });
    expect(merged.log_level).toBe('debug');
    expect(merged.engine).toEqual({ kind: 'modern_ebpf', modern_ebpf: { buf_size_preset: 6 } });
    expect(merged.json_output).toBe(true);
  });

  it('fails at once where the whole is wrong', () => {
    const misspelt = { json_outptu: true } as unknown as FalcoConfig;
    expect(() => falco({ falco: { config: misspelt } })).toThrow(SettingsError);
    expect(() => falco({ falco: { config: misspelt } })).toThrow("did you mean 'json_output'");
    // Right by itself, wrong with the plugins of the stack.
    expect(() => falco({ falco: { config: { load_plugins: ['container', 'json'] } } })).toThrow(
      "plugin 'json' has no entry in plugins",
    );
  });

  it('lists the stock rules only where they are wanted; ours follow by the guard', () => {
    expect(config().rules_files).toEqual(['/etc/falco/falco_rules.yaml']);
    expect(config({ falco: { stockRules: false } }).rules_files).toEqual([]);
    expect(config().config_files).toEqual(['/run/falco-egress/config.d']);
  });
});

describe('the k8smeta plugin', () => {
  const sources = ['artifact', 'image', 'imageVolume', 'hostPath'] as const;
  const from = (source: (typeof sources)[number] | 'none'): Partial<FalcoEgressProps> => ({
    plugins: { k8smeta: { source, image: 'registry.example.org/k8smeta:0.4.1', directory: '/plugins' } },
  });

  it.each(sources)('%s: library_path, mount and load_plugins agree', (source) => {
    const { load_plugins: names = [], plugins = [] } = config(from(source));
    expect(names).toEqual(['container', 'k8smeta']);
    expect(plugins.map(({ name }) => name)).toEqual(names);
    const library = plugins[1]?.library_path ?? '';
    const directory = library.slice(0, library.lastIndexOf('/'));
    expect(library).toBe('/opt/falco-egress/plugins/libk8smeta.so');
    const spec = pod(from(source));
    const name = mounts(container(from(source)))[directory] ?? '';
    expect(volume(spec, name)).toBeDefined();
    // Whoever fills the directory, and whoever looks at the rules with the plugin, has the same volume there.
    for (const one of spec.initContainers ?? []) expect(mounts(one)[directory]).toBe(name);
  });

  it.each([...sources, 'none'] as const)('%s: container is loaded once, from the image', (source) => {
    const { load_plugins: names = [], plugins = [], config_files: files } = config(from(source));
    expect(names.filter((name) => name === 'container')).toHaveLength(1);
    expect(plugins.filter(({ name }) => name === 'container')).toEqual([
      {
        name: 'container',
        library_path: '/usr/share/falco/plugins/libcontainer.so',
        init_config: { label_max_len: 100, with_size: false },
      },
    ]);
    // The image's own directory of configuration loads it too.
    expect(files).not.toContain('/etc/falco/config.d');
  });

  it.each([...sources, 'none'] as const)('%s: the Pod', (source) => {
    const { volumes, initContainers } = pod(from(source));
    expect({ volumes, initContainers: initContainers?.map(({ name }) => name) }).toMatchSnapshot();
  });

  it('none: no plugin, no volume, no init container of its own', () => {
    expect(config(from('none')).load_plugins).toEqual(['container']);
    const spec = pod(from('none'));
    expect(volume(spec, 'plugins')).toBeUndefined();
    expect(spec.initContainers?.map(({ name }) => name)).toEqual(['rules-guard', 'rules-watch']);
  });

  it.each([
    ['artifact', 'k8smeta-artifact'],
    ['image', 'k8smeta-image'],
    ['imageVolume', 'k8smeta-image-volume'],
  ] as const)('%s: an init container that comes before the guard', (source, name) => {
    const spec = pod(from(source));
    expect(spec.initContainers?.map((one) => one.name)).toEqual([name, 'rules-guard', 'rules-watch']);
    expect(spec.initContainers?.[0]).toMatchSnapshot();
    expect(spec.volumes?.filter((one) => one.name.startsWith('plugin'))).toMatchSnapshot();
  });

  it('hostPath: the node’s directory itself', () => {
    expect(volume(pod(from('hostPath')), 'plugins')?.hostPath).toEqual({
      path: '/plugins',
      type: 'Directory',
    });
    expect(pod(from('hostPath')).initContainers).toHaveLength(2);
  });

  it('artifact: by the digest where there is one, and no index is asked', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const objects = falco({ plugins: { k8smeta: { artifact: { digest } } } });
    const [fetch] = template(objects, 'DaemonSet').spec.initContainers ?? [];
    expect(fetch?.args).toContain(`ghcr.io/falcosecurity/plugins/plugin/k8smeta@${digest}`);
    expect(load(data(objects)['falcoctl.yaml'] ?? '')).toMatchObject({ indexes: [] });
  });

  it('trusts the collector by the installation’s own authority', () => {
    const plugin = config({ tls: { issuer: 'existingSecrets' } }).plugins?.[1]?.init_config;
    expect(plugin).toEqual({
      collectorHostname: 'falco-egress-metacollector.falco-egress.svc',
      collectorPort: 45000,
      nodeName: '${FALCO_K8S_NODE_NAME}',
      caPEMBundle: '/etc/falco-egress/tls/ca.crt',
    });
    expect(config().plugins?.[1]?.init_config).not.toHaveProperty('caPEMBundle');
  });
});

describe('rules', () => {
  const rulesPackages = { shop: { 'a.yaml': '- list: a\n  items: []\n' } };

  it('are one ConfigMap a package, joined in one directory; a missing one keeps no Pod from starting', () => {
    const objects = falco({ rulesPackages });
    const spec = template(objects, 'DaemonSet').spec;
    expect(volume(spec, 'rules')?.projected?.sources).toEqual([
      { configMap: { name: 'falco-egress-rules-egress', optional: true } },
      { configMap: { name: 'falco-egress-rules-scope', optional: true } },
      { configMap: { name: 'falco-egress-rules-declared', optional: true } },
      { configMap: { name: 'falco-egress-rules-record', optional: true } },
      { configMap: { name: 'falco-egress-rules-canary', optional: true } },
      { configMap: { name: 'falco-egress-rules-vistatech', optional: true } },
      { configMap: { name: 'falco-egress-rules-custom', optional: true } },
      { configMap: { name: 'falco-egress-rules-shop', optional: true } },
    ]);
    expect(mounts(mainContainer(objects, 'DaemonSet'))['/etc/falco/rules.d']).toBe('rules');
    expect(
      objects.filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/component'] === 'rules'),
    ).toHaveLength(2);
  });

  it('change no Pod template, nor does the configuration or a new file in a package', () => {
    const before = template(falco({ rulesPackages }), 'DaemonSet');
    const after = template(
      falco({
        rulesPackages: { shop: { 'a.yaml': '', 'b.yaml': '' } },
        exempt: { values: ['grey'] },
        falco: { config: { log_level: 'debug' }, priority: 'warning' },
        sidekick: { enabled: false },
      }),
      'DaemonSet',
    );
    expect(after).toEqual(before);
  });

  it('may be none at all', () => {
    expect(volume(pod({ egress: { enabled: false } }), 'rules')).toEqual(volume(pod(), 'rules'));
  });
});

describe('the rules guard', () => {
  it('runs before Falco and beside it', () => {
    const [once, watch] = pod({ plugins: { k8smeta: { source: 'none' } } }).initContainers ?? [];
    expect(once?.command).toEqual(['/bin/sh', '/etc/falco-egress/config/rules-guard.sh', 'once']);
    expect(once).not.toHaveProperty('restartPolicy');
    expect(watch?.command).toEqual(['/bin/sh', '/etc/falco-egress/config/rules-guard.sh', 'watch']);
    expect(watch?.restartPolicy).toBe('Always');
    expect(data(falco())['rules-guard.sh']).toContain('--dry-run');
  });

  it('sees the same configuration, rules, plugins and variables as Falco, and writes where Falco reads', () => {
    const props = { falco: { env: { TEAM: 'net' } } };
    const own = container(props);
    const guards = pod(props).initContainers?.slice(1) ?? [];
    for (const guard of guards) {
      expect(guard.env?.filter(({ name }) => name !== 'HOST_ROOT')).toEqual(
        own.env?.filter(({ name }) => name !== 'HOST_ROOT'),
      );
      for (const path of [
        '/etc/falco-egress/config',
        '/etc/falco/rules.d',
        '/run/falco-egress',
        '/opt/falco-egress/plugins',
      ])
        expect(mounts(guard)[path]).toBe(mounts(own)[path]);
      const state = guard.volumeMounts?.find(({ name }) => name === 'state');
      expect(state?.readOnly).toBeUndefined();
      expect(JSON.stringify(guard)).not.toContain('/host');
    }
  });
});

describe('NetworkPolicy', () => {
  it('lets alerts out to falcosidekick, the plugin to its collector and to its registry', () => {
    const { egress = [], ingress = [] } = policy(falco());
    expect(
      egress.map(({ to: [peer] = [], ports }) => (peer ? component(peer) : (ports?.[0]?.port ?? 'any'))),
    ).toEqual([53, 'sidekick', 'metacollector', 'any']);
    expect(ingress).toEqual([{ ports: [{ port: 8765, protocol: 'TCP' }] }]);
  });

  it('has only DNS left where nothing else is used', () => {
    const props = { sidekick: { enabled: false }, plugins: { k8smeta: { source: 'none' } } } as const;
    expect(policy(falco(props)).egress).toHaveLength(1);
  });
});

describe('platforms', () => {
  it('openshift: the SecurityContextConstraints are granted to Falco’s ServiceAccount', () => {
    expect(find(falco({ platform: 'openshift' }), 'RoleBinding')).toMatchObject({
      metadata: { name: 'falco-egress-falco-privileged-scc', namespace: 'falco' },
      roleRef: { kind: 'ClusterRole', name: 'system:openshift:scc:privileged' },
      subjects: [{ kind: 'ServiceAccount', name: 'falco-egress-falco', namespace: 'falco' }],
    });
  });

  it('gke: a quota admits the system’s priority class', () => {
    expect(find(falco({ platform: 'gke' }), 'ResourceQuota')['spec']).toMatchObject({
      scopeSelector: { matchExpressions: [{ values: ['system-node-critical'] }] },
    });
    expect(kinds(falco({ platform: 'gke', falco: { priorityClassName: '' } }))).not.toContain(
      'ResourceQuota',
    );
  });

  it.each(['generic', 'talos', 'bottlerocket', 'eks'] as const)('%s: nothing more', (platform) => {
    expect(kinds(falco({ platform }))).toEqual(kinds(falco()));
  });
});

test('nothing where somebody else installs Falco', () => {
  expect(falco({ falco: { install: false } })).toEqual([]);
});
