import { ApiObject, App, Chart } from 'cdk8s';
import { FalcoEgress } from '../stack';
import type { Environment } from './environment';
import { imagesList } from './images-list';
import { identity, manifestFiles, type ManifestObject } from './manifest-files';
import { rbacDocument } from './rbac-document';

/** The files of an environment's folder: manifests, its images, and what its Pods may do. */
export function synthesize(environment: Pick<Environment, 'name' | 'settings'>): Map<string, string> {
  const chart = new Chart(new App(), environment.name);
  const stack = new FalcoEgress(chart, 'falco-egress', environment.settings);
  // Not chart.toJson(), which also sorts by dependencies: the files have an order of their own.
  const objects = chart.node
    .findAll()
    .filter((node) => ApiObject.isApiObject(node))
    .map((object) => object.toJson() as ManifestObject);
  assertUnique(objects);
  return new Map([
    ...manifestFiles(objects),
    ['images.txt', imagesList(objects, stack.artifacts)],
    ['RBAC.md', rbacDocument(environment.name, objects)],
    ...stack.files,
  ]);
}

/** Two objects of one name would overwrite each other in the cluster. */
function assertUnique(objects: readonly ManifestObject[]): void {
  const seen = new Set<string>();
  for (const object of objects) {
    const name = identity(object);
    if (seen.has(name)) throw new DuplicateObjectError(name);
    seen.add(name);
  }
}

/** Two objects with one kind, namespace and name. */
class DuplicateObjectError extends Error {
  override readonly name = 'DuplicateObjectError';
  readonly code = 'DUPLICATE_OBJECT';

  constructor(object: string) {
    super(`two objects are ${object}; rename one of them`);
  }
}
