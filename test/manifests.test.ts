import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadAll } from 'js-yaml';
import type { V1ConfigMap, V1Container, V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node';
import { imageReference } from '../lib/constructs/image';
import { SYNC_WAVE } from '../lib/constructs/metadata';
import { SETTINGS_DIGEST_ANNOTATION } from '../lib/names';
import type { ImageName } from '../lib/settings/images';
import { resolveSettings, settingsDefaults } from '../lib/settings/settings';
import { loadEnvironment } from '../lib/synth/environment';
import { identity } from '../lib/synth/manifest-files';
import { synthesize } from '../lib/synth/synthesize';
import type { KubeObject } from './constructs';

/*
 * What must be true of every environment, whatever it holds. Each folder of manifests/ is the snapshot of its environment:
 * a change of it is read in the diff of the commit.
 */

const root = resolve(__dirname, '..');
const environments = readdirSync(join(root, 'environments'))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace('.yaml', ''));

interface Spec {
  readonly selector?: Readonly<Record<string, unknown>> & {
    readonly matchLabels?: Readonly<Record<string, string>>;
  };
  readonly podSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly template?: V1PodTemplateSpec;
  readonly ports?: readonly { readonly name?: string; readonly targetPort: number | string }[];
}

const specOf = (object: KubeObject): Spec => object['spec'] ?? {};

interface Workload {
  readonly name: string;
  readonly object: KubeObject;
  readonly template: V1PodTemplateSpec;
  readonly pod: V1PodSpec;
}

function workloadsOf(objects: readonly KubeObject[]): Workload[] {
  return objects.flatMap((object) => {
    const { template } = specOf(object);
    return template?.spec === undefined
      ? []
      : [{ name: `${object.kind} ${object.metadata.name}`, object, template, pod: template.spec }];
  });
}

const containersOf = ({ pod }: Workload): V1Container[] => [...(pod.initContainers ?? []), ...pod.containers];

function matches(
  labels: Readonly<Record<string, string>> | undefined,
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(([key, value]) => labels?.[key] === value);
}

test('every environment is synthesized into a folder', () => {
  expect(environments).toEqual(
    expect.arrayContaining(['default', 'production', 'grafana-cloud', 'demo', 'minimal']),
  );
  expect(readdirSync(join(root, 'manifests')).sort()).toEqual([...environments].sort());
});

describe.each(environments)('environment %s', (name) => {
  const environment = loadEnvironment(join(root, 'environments', `${name}.yaml`));
  const files = synthesize(environment);
  const objects = [...files]
    .filter(([file]) => file.endsWith('.yaml'))
    .flatMap(([, text]) => loadAll(text) as KubeObject[]);
  const workloads = workloadsOf(objects);
  const podsIn = (namespace: string | undefined) =>
    workloads.filter(({ object }) => object.metadata.namespace === namespace);

  test('is what is committed', () => {
    const folder = join(root, 'manifests', name);
    expect(existsSync(folder)).toBe(true);
    expect(
      Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')])),
    ).toEqual(Object.fromEntries(files));
  });

  test('has every object once', () => {
    expect(new Set(objects.map(identity)).size).toBe(objects.length);
  });

  test('labels every object', () => {
    for (const { metadata } of objects.filter(
      ({ metadata }) => !(metadata.name in environment.settings.namespaceLabels),
    ))
      expect(metadata.labels).toMatchObject({
        'app.kubernetes.io/name': 'falco-egress',
        'app.kubernetes.io/instance': 'falco-egress',
        'app.kubernetes.io/part-of': 'falco-egress',
        'app.kubernetes.io/component': expect.any(String) as string,
        'app.kubernetes.io/version': expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      });
  });

  test('says the digest of its settings on one object', () => {
    expect(
      objects.filter(({ metadata }) => metadata.annotations?.[SETTINGS_DIGEST_ANNOTATION] !== undefined),
    ).toHaveLength(1);
  });

  test('bounds every container', () => {
    for (const workload of workloads)
      for (const { name: container, resources } of containersOf(workload)) {
        const where = `${workload.name}: ${container}`;
        expect([where, resources?.requests]).toEqual([
          where,
          { cpu: expect.any(String) as string, memory: expect.any(String) as string },
        ]);
        expect([where, resources?.limits?.['memory']]).toEqual([where, expect.any(String)]);
      }
  });

  test('holds every container back as far as its work allows', () => {
    for (const workload of workloads)
      for (const { name: container, securityContext } of containersOf(workload)) {
        const where = `${workload.name}: ${container}`;
        expect([where, securityContext?.readOnlyRootFilesystem]).toEqual([where, true]);
        expect([where, securityContext?.allowPrivilegeEscalation]).toEqual([where, false]);
        expect([where, securityContext?.capabilities?.drop]).toEqual([where, ['ALL']]);
      }
  });

  test('gives a token of the API server only to those that have rights or ask for it', () => {
    const withToken = workloads
      .filter(({ pod }) => pod.automountServiceAccountToken !== false)
      .map(({ pod }) => pod.serviceAccountName);
    const bound = objects
      .filter(({ kind }) => kind.endsWith('RoleBinding'))
      .flatMap((binding) => (binding['subjects'] as { name: string }[]).map((subject) => subject.name));
    expect(bound).toEqual(expect.arrayContaining(withToken.filter((account) => account !== undefined)));
  });

  test('runs only images of the table', () => {
    const settings = resolveSettings({ cluster: 'any', images: environment.settings.images });
    const { registry: _1, pullPolicy: _2, pullSecrets: _3, ...images } = settingsDefaults.images;
    const table = (Object.keys(images) as ImageName[]).map((image) => imageReference(settings, image));
    for (const workload of workloads)
      for (const { image } of containersOf(workload)) expect(table).toContain(image);
  });

  test('lists every image', () => {
    const listed = files.get('images.txt')?.trim().split('\n');
    for (const workload of workloads)
      for (const { image } of containersOf(workload)) expect(listed).toContain(image);
  });

  test('selects, wherever it selects Pods, Pods that are there', () => {
    for (const { name: workload, object, template } of workloads.filter(
      ({ object }) => object.kind !== 'Job',
    ))
      expect([
        workload,
        matches(template.metadata?.labels, specOf(object).selector?.matchLabels ?? { none: 'none' }),
      ]).toEqual([workload, true]);
    for (const object of objects) {
      const spec = specOf(object);
      const wanted =
        object.kind === 'Service'
          ? (spec.selector as Record<string, string>)
          : object.kind === 'PodDisruptionBudget'
            ? spec.selector?.matchLabels
            : object.kind === 'NetworkPolicy'
              ? spec.podSelector?.matchLabels
              : undefined;
      if (wanted === undefined) continue;
      const selected = podsIn(object.metadata.namespace).filter(({ template }) =>
        matches(template.metadata?.labels, wanted),
      );
      expect([identity(object), selected.length]).toEqual([identity(object), 1]);
    }
  });

  test('leads every port of a Service to a port of a container', () => {
    const services = objects.filter(({ kind }) => kind === 'Service');
    expect(services.length).toBeGreaterThan(0);
    for (const service of services) {
      const { selector = {}, ports = [] } = specOf(service);
      const pods = podsIn(service.metadata.namespace).filter(({ template }) =>
        matches(template.metadata?.labels, selector as Record<string, string>),
      );
      const open = pods.flatMap(containersOf).flatMap((container) => container.ports ?? []);
      for (const { targetPort } of ports)
        expect(open.some((port) => port.name === targetPort || port.containerPort === targetPort)).toBe(true);
    }
  });

  test('mounts only volumes that are there, and mounts all of them', () => {
    for (const workload of workloads) {
      const declared = (workload.pod.volumes ?? []).map((volume) => volume.name);
      const mounted = containersOf(workload).flatMap(({ volumeMounts = [] }) =>
        volumeMounts.map((mount) => mount.name),
      );
      expect([workload.name, [...new Set(mounted)].sort()]).toEqual([workload.name, declared.sort()]);
      expect(new Set(declared).size).toBe(declared.length);
    }
  });

  test('reads only ConfigMaps that it makes, and every one of rules', () => {
    const where = ({ metadata }: KubeObject, name?: string) => `${metadata.namespace ?? ''}/${name ?? ''}`;
    const made = objects
      .filter(({ kind }) => kind === 'ConfigMap')
      .map((object) => where(object, object.metadata.name));
    const read = workloads.flatMap(({ pod, object }) =>
      (pod.volumes ?? [])
        .flatMap((volume) => [
          volume.configMap,
          ...(volume.projected?.sources ?? []).map(({ configMap }) => configMap),
        ])
        .filter((source) => source !== undefined)
        .map(({ name, optional }) => ({ name: where(object, name), optional })),
    );
    // A package of rules of ours is listed before there is a rule in it.
    for (const { name } of read.filter(({ optional }) => optional !== true)) expect(made).toContain(name);
    for (const name of made.filter((configMap) => configMap.includes('-rules-')))
      expect(read).toContainEqual({ name, optional: true });
  });

  test('keeps secrets out: no Secret among the objects, no credential in a ConfigMap', () => {
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    for (const object of objects.filter(({ kind }) => kind === 'ConfigMap'))
      for (const text of Object.values((object as unknown as V1ConfigMap).data ?? {}))
        expect(text).not.toMatch(/(password|apikey|webhookurl|bearer)["']?\s*:\s*["']?[^\s"']/i);
  });

  test('keeps every ConfigMap small enough for kubectl apply, which keeps it in an annotation of 256 KiB', () => {
    for (const object of objects.filter(({ kind }) => kind === 'ConfigMap')) {
      const { data = {}, binaryData = {} } = object as unknown as V1ConfigMap;
      for (const value of Object.values(binaryData)) expect(value.length).toBeLessThanOrEqual(200 * 1024);
      expect(JSON.stringify({ data, binaryData }).length).toBeLessThan(256 * 1024);
    }
  });

  test('comes in waves: a namespace before what lives in it, configuration before workloads', () => {
    const wave = (object: KubeObject) => Number(object.metadata.annotations?.[SYNC_WAVE] ?? 0);
    const namespaces = new Map(
      objects
        .filter(({ kind }) => kind === 'Namespace')
        .map((object) => [object.metadata.name, wave(object)]),
    );
    for (const object of objects) {
      const before = namespaces.get(object.metadata.namespace ?? '');
      if (before !== undefined) expect(wave(object)).toBeGreaterThan(before);
      if (object.kind === 'ConfigMap') expect(wave(object)).toBeLessThan(0);
      if (['Deployment', 'StatefulSet'].includes(object.kind)) expect(wave(object)).toBeGreaterThan(-20);
    }
    const order = [...files.keys()].filter((file) => file.endsWith('.yaml'));
    expect(order).toEqual([...order].sort());
    expect(order[0]).toBe('00-namespaces.yaml');
  });

  test('has nothing that is made at run time and that Argo CD would take for its own', () => {
    const jobs = objects.filter(({ kind }) => kind === 'Job');
    for (const job of jobs) expect(specOf(job)).not.toHaveProperty('ttlSecondsAfterFinished');
  });

  test('explains every right', () => {
    const document = files.get('RBAC.md') ?? '';
    for (const role of objects.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole'))
      expect(document).toContain(role.metadata.name);
  });
});

describe('a change rolls no Pod that it does not concern', () => {
  const templates = (props: Parameters<typeof resolveSettings>[0]): Record<string, V1PodTemplateSpec> =>
    Object.fromEntries(
      workloadsOf(
        [...synthesize({ name: 'test', settings: resolveSettings(props) })]
          .filter(([file]) => file.endsWith('.yaml'))
          .flatMap(([, text]) => loadAll(text) as KubeObject[]),
      ).map(({ name, template }) => [name.replace(/-[0-9a-f]{8,}$/, ''), template]),
    );
  const rule = (condition: string) => ({ rule: 'A', desc: 'a', condition, output: 'a', priority: 'INFO' });
  const base = {
    cluster: 'a',
    rules: [rule('evt.type = connect')],
    rulesPackages: { team: { 'a.yaml': '- list: a\n  items: [x]\n' } },
  };

  test('a rule', () => {
    expect(templates({ ...base, rules: [rule('evt.type = sendto')] })).toEqual(templates(base));
  });

  test('the first rule of all, and the rules of the library switched on and off', () => {
    const none = { cluster: 'a', egress: { enabled: false } };
    const first = templates({ ...none, rules: base.rules });
    expect(first).toEqual(templates(none));
    expect(templates({ cluster: 'a' })).toEqual(first);
    expect(templates({ cluster: 'a', egress: { vistatech: true } })).toEqual(first);
  });

  test('a rules file of a package, and one more in it', () => {
    const changed = {
      team: { 'a.yaml': '- list: a\n  items: [y]\n', 'b.yaml': '- list: b\n  items: [x]\n' },
    };
    expect(templates({ ...base, rulesPackages: changed })).toEqual(templates(base));
  });

  test('the name of the cluster, the exempt values, an output', () => {
    const changed = {
      cluster: 'b',
      exempt: { values: ['red'] },
      sidekick: { alertmanager: { url: 'http://alertmanager:9093' } },
    };
    expect(templates({ ...base, ...changed })).toEqual(templates(base));
  });

  test('and one that concerns a Pod rolls that one', () => {
    const [before, after] = [
      templates(base),
      templates({ ...base, sidekick: { nodeSelector: { disk: 'ssd' } } }),
    ];
    expect(
      Object.keys(before).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name])),
    ).toEqual(['Deployment falco-egress-sidekick']);
  });
});
