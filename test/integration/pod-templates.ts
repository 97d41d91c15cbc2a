import {
  describeObject,
  isRecord,
  readManifests,
  type KubernetesObject,
  type ObjectMeta,
} from './manifest-files';

/** A Pod such as a workload's controller would make it. */
export interface PodManifest extends KubernetesObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Where each kind of workload has its Pod template. */
const TEMPLATE_PATHS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Deployment', ['spec', 'template']],
  ['DaemonSet', ['spec', 'template']],
  ['StatefulSet', ['spec', 'template']],
  ['Job', ['spec', 'template']],
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
]);

/**
 * The Pod of each workload in the YAML files of `dir`, in the workload's namespace. The API server checks a
 * template only loosely; as a Pod it meets Pod Security and every other admission.
 */
export async function podTemplates(dir: string): Promise<readonly PodManifest[]> {
  const manifests = await readManifests(dir);
  return manifests.flatMap(({ object }) => {
    const pod = podOf(object);
    return pod === undefined ? [] : [pod];
  });
}

/** The Pod of one workload, or undefined when `object` is no workload. */
function podOf(object: KubernetesObject): PodManifest | undefined {
  const path = TEMPLATE_PATHS.get(object.kind);
  if (path === undefined) return undefined;
  const template = path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), object);
  if (!isRecord(template) || !isRecord(template['spec'])) {
    throw new Error(`${describeObject(object)} has no Pod template`);
  }
  const ownMetadata = isRecord(template['metadata']) ? template['metadata'] : {};
  const { name, namespace } = object.metadata;
  const metadata: ObjectMeta = { ...ownMetadata, name, ...(namespace === undefined ? {} : { namespace }) };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: template['spec'] };
}
