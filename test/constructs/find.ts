import type { V1Container, V1NetworkPolicySpec, V1PodTemplateSpec } from '@kubernetes/client-node';
import type { KubeObject } from '../constructs';

/** The only object of a kind. */
export function find(objects: readonly KubeObject[], kind: string): KubeObject {
  const [object, ...others] = objects.filter((object) => object.kind === kind);
  if (object === undefined || others.length > 0)
    throw new Error(`${others.length > 0 ? 'several' : 'no'} ${kind} among ${kinds(objects).join(', ')}`);
  return object;
}

/** The kinds that are there. */
export function kinds(objects: readonly KubeObject[]): string[] {
  return objects.map(({ kind }) => kind).sort();
}

/** The Pod template of the only workload of a kind. */
export function template(objects: readonly KubeObject[], kind = 'Deployment'): Required<V1PodTemplateSpec> {
  const { template } = find(objects, kind)['spec'] as { template: Required<V1PodTemplateSpec> };
  return template;
}

/** The main container of the only workload of a kind. */
export function mainContainer(objects: readonly KubeObject[], kind = 'Deployment'): V1Container {
  const [container] = template(objects, kind).spec.containers;
  if (container === undefined) throw new Error('no container');
  return container;
}

/** Variables of a container: the value, or `secret/key`. */
export function variables({ env = [] }: V1Container): Record<string, string> {
  return Object.fromEntries(
    env.map(({ name, value, valueFrom }) => {
      const { name: secret = '', key = '' } = valueFrom?.secretKeyRef ?? {};
      return [name, value ?? `${secret}/${key}`];
    }),
  );
}

/** The spec of the only NetworkPolicy. */
export function policy(objects: readonly KubeObject[]): V1NetworkPolicySpec {
  return find(objects, 'NetworkPolicy')['spec'] as V1NetworkPolicySpec;
}

/** The component whose Pods a peer names. */
export function component(peer: { podSelector?: { matchLabels?: Record<string, string> } }): string {
  return peer.podSelector?.matchLabels?.['app.kubernetes.io/component'] ?? JSON.stringify(peer);
}
