import type { ControlPlane } from './control-plane';
import { runTool } from './control-plane/binaries';
import { waitUntil } from './control-plane/wait';

/** The CustomResourceDefinitions that tools/control-plane/crds.json pins. */
export type CrdSet =
  | 'argo-cd'
  | 'cert-manager'
  | 'cilium'
  | 'external-secrets'
  | 'network-policy-api'
  | 'network-policy-api-v1alpha1'
  | 'openshift-scc'
  | 'prometheus-operator';

/**
 * Installs the CustomResourceDefinitions of each set, as their projects publish them, and waits until objects
 * of them can be created. The two `network-policy-api` sets go together: they define different kinds.
 */
export async function installCrds(plane: ControlPlane, names: readonly CrdSet[]): Promise<void> {
  const folders = await runTool('crds.mjs', names);
  const files = [...folders.values()].flatMap((folder) => ['-f', folder]);
  // Some are too large for the annotation of a client-side apply.
  const applied = await plane.kubectl(['apply', '--server-side', ...files], { timeoutMs: 120_000 });
  if (applied.code !== 0) throw new Error(`CRDs were refused:\n${applied.stderr}`);

  const wait = ['wait', '--for=condition=Established', '--timeout=10s', ...files];
  let last = '';
  const established = async (): Promise<boolean> => {
    // kubectl gives up at once on a CRD whose status is still empty, so ask again.
    const { code, stderr } = await plane.kubectl(wait);
    last = stderr;
    return code === 0;
  };
  await waitUntil(established, 60_000, () => new Error(`CRDs do not become ready:\n${last}`));
}
