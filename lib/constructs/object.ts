import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { undecided } from '../settings/token';
import type { Metadata } from './metadata';

/** An object of Kubernetes as plain JSON, typed by `T`. */
export type Manifest<T extends object = Record<string, unknown>> = Omit<T, 'metadata'> & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
};

/** An object that keeps what it was made of, for the Helm chart. */
export class ManifestObject extends ApiObject {
  /** On what it depends whether, and how often, a chart has it. */
  readonly scopes = undecided()?.scopes() ?? [];

  constructor(
    scope: Construct,
    id: string,
    readonly manifest: Manifest<object>,
  ) {
    super(scope, id, manifest);
  }
}

/** Adds an object of a namespace. Values reach the manifest untouched, so that a chart can put expressions in their place. */
export function namespaced<T extends object = Record<string, unknown>>(
  scope: Construct,
  id: string,
  manifest: Manifest<NoInfer<T>>,
): ApiObject {
  return new ManifestObject(scope, id, manifest);
}

/** An object without a namespace, also in a chart that has one. */
class ClusterObject extends ManifestObject {
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
