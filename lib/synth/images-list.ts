import type { ManifestObject } from './manifest-files';

interface Container {
  readonly image?: string;
}

interface PodSpec {
  readonly initContainers?: readonly Container[];
  readonly containers?: readonly Container[];
  readonly volumes?: readonly { readonly image?: { readonly reference?: string } }[];
}

/** The spec of the Pods that an object makes, if it makes any. */
function podSpecOf(object: ManifestObject): PodSpec | undefined {
  const { spec } = object as {
    spec?: { template?: { spec?: PodSpec }; jobTemplate?: { spec?: { template?: { spec?: PodSpec } } } };
  };
  return spec?.template?.spec ?? spec?.jobTemplate?.spec?.template?.spec;
}

/** Images and artifacts that a cluster pulls, one a line, sorted: what an air-gapped mirror has to hold. */
export function imagesList(objects: readonly ManifestObject[], artifacts: readonly string[]): string {
  const images = objects.flatMap((object) => {
    const pod = podSpecOf(object);
    return [
      ...[...(pod?.initContainers ?? []), ...(pod?.containers ?? [])].map(({ image }) => image),
      ...(pod?.volumes ?? []).map(({ image }) => image?.reference),
    ];
  });
  const all = new Set([...images.filter((image) => image !== undefined), ...artifacts]);
  return `${[...all].sort().join('\n')}\n`;
}
