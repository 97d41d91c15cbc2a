import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Metadata } from './metadata';

/** An object of Kubernetes as plain JSON, typed by `T`. */
export type Manifest<T extends object = Record<string, unknown>> = Omit<T, 'metadata'> & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
};

/** Adds an object of a namespace. Values reach the manifest untouched, so that a chart can put expressions in their place. */
export function namespaced<T extends object = Record<string, unknown>>(
  scope: Construct,
  id: string,
  manifest: Manifest<NoInfer<T>>,
): ApiObject {
  return new ApiObject(scope, id, manifest);
}

/** An object without a namespace, also in a chart that has one. */
class ClusterObject extends ApiObject {
  override toJson(): unknown {
    const manifest = super.toJson() as { metadata: { namespace?: string } };
    delete manifest.metadata.namespace;
    return manifest;
  }
}

/** Adds an object of the cluster. */
export function clusterWide<T extends object = Record<string, unknown>>(
  scope: Construct,
  id: string,
  manifest: Manifest<NoInfer<T>>,
): ApiObject {
  return new ClusterObject(scope, id, manifest);
}
