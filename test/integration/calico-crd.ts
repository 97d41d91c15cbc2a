import type { ControlPlane } from './control-plane';

/** Calico publishes its CustomResourceDefinitions in no Go module: this dev-only one has the fields that we write. */
const CALICO = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'globalnetworkpolicies.projectcalico.org' },
  spec: {
    group: 'projectcalico.org',
    scope: 'Cluster',
    names: { kind: 'GlobalNetworkPolicy', plural: 'globalnetworkpolicies', singular: 'globalnetworkpolicy' },
    versions: [{ name: 'v3', served: true, storage: true, schema: { openAPIV3Schema: calicoSchema() } }],
  },
};

function calicoSchema(): object {
  const text = { type: 'string' };
  const ports = { type: 'array', items: { type: 'integer' } };
  const end = { type: 'object', properties: { selector: text, namespaceSelector: text, ports } };
  const rules = {
    type: 'array',
    items: {
      type: 'object',
      properties: {
        action: { type: 'string', enum: ['Allow', 'Deny', 'Log', 'Pass'] },
        protocol: { type: 'string', enum: ['TCP', 'UDP'] },
        source: end,
        destination: end,
      },
      required: ['action'],
    },
  };
  const spec = {
    order: { type: 'number' },
    selector: { type: 'string' },
    types: { type: 'array', items: { type: 'string', enum: ['Ingress', 'Egress'] } },
    ingress: rules,
    egress: rules,
  };
  return { type: 'object', properties: { spec: { type: 'object', properties: spec } } };
}

/** Installs it, and waits until objects of it can be created. */
export async function installCalicoCrd(plane: ControlPlane): Promise<void> {
  for (const [args, input] of [
    [['apply', '--server-side', '-f', '-'], JSON.stringify(CALICO)],
    [['wait', '--for=condition=Established', '--timeout=30s', `crd/${CALICO.metadata.name}`], ''],
  ] as const) {
    const { code, stderr } = await plane.kubectl(args, { input });
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
  }
}
