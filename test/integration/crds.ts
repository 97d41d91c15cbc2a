import type { ControlPlane } from './control-plane';
import { runTool } from './control-plane/binaries';

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
  for (const [name, folder] of folders) {
    const steps = [
      // Some are too large for the annotation of a client-side apply.
      ['apply', '--server-side', '-f', folder],
      ['wait', '--for=condition=Established', '--timeout=60s', '-f', folder],
    ];
    for (const step of steps) {
      const { code, stderr } = await plane.kubectl(step, { timeoutMs: 120_000 });
      if (code !== 0) throw new Error(`the CRDs of ${name} were not installed:\n${stderr}`);
    }
  }
}
