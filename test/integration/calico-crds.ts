import type { ControlPlane } from './control-plane';

/**
 * Calico publishes its CustomResourceDefinitions in no Go module: these dev-only ones have the fields that we write. Under
 * the one group its own API server serves them, under the other it stores them.
 */
const CALICO = [
  ['projectcalico.org', 'v3'],
  ['crd.projectcalico.org', 'v1'],
].flatMap(([group = '', version = '']) =>
  [
    ['GlobalNetworkPolicy', 'globalnetworkpolicies', 'Cluster'],
    ['NetworkPolicy', 'networkpolicies', 'Namespaced'],
    ['Tier', 'tiers', 'Cluster'],
  ].map(([kind = '', plural = '', scope = '']) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      ...{ group, scope },
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: policySchema() } }],
    },
  })),
);

function policySchema(): object {
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

/** Installs them, and waits until objects of them can be created. */
export async function installCalicoCrds(plane: ControlPlane): Promise<void> {
  const names = CALICO.map(({ metadata }) => `crd/${metadata.name}`);
  for (const [args, input] of [
    [['apply', '--server-side', '-f', '-'], CALICO.map((crd) => JSON.stringify(crd)).join('\n---\n')],
    [['wait', '--for=condition=Established', '--timeout=30s', ...names], ''],
  ] as const) {
    const { code, stderr } = await plane.kubectl(args, { input });
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
  }
}
