import { denyPolicy, standingPolicy, type DenyTier } from '../../lib/containment';
import { startControlPlane, type ControlPlane } from './control-plane';
import { warningsIn } from './control-plane/kubectl';
import { installCrds } from './crds';

jest.setTimeout(60_000);

let plane: ControlPlane;

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
  const rules = {
    type: 'array',
    items: {
      type: 'object',
      properties: { action: { type: 'string', enum: ['Allow', 'Deny', 'Log', 'Pass'] } },
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

beforeAll(async () => {
  plane = await startControlPlane();
  await installCrds(plane, ['network-policy-api', 'network-policy-api-v1alpha1', 'cilium']);
  const applied = await plane.kubectl(['apply', '--server-side', '-f', '-'], {
    input: JSON.stringify(CALICO),
  });
  expect(applied).toMatchObject({ code: 0 });
  await plane.kubectl([
    'wait',
    '--for=condition=Established',
    '--timeout=30s',
    `crd/${CALICO.metadata.name}`,
  ]);
}, 900_000);

afterAll(async () => {
  await plane.stop();
});

async function dryRun(object: object) {
  const args = ['create', '--dry-run=server', '--validate=strict', '-o', 'json', '-f', '-'];
  return plane.kubectl(args, { input: JSON.stringify(object) });
}

describe.each([false, true])('with ingress %s the API server takes', (ingress) => {
  test('the standing policy, as it is', async () => {
    const policy = standingPolicy('default', { ingress });
    const { code, stdout, stderr } = await dryRun(policy);
    expect({ code, warnings: warningsIn(stderr) }).toEqual({ code: 0, warnings: [] });
    expect(JSON.parse(stdout)).toMatchObject(policy);
  });

  test.each<DenyTier>(['ClusterNetworkPolicy', 'AdminNetworkPolicy', 'Cilium', 'Calico'])(
    'the policy of the tier %s, as it is',
    async (tier) => {
      const policy = denyPolicy(tier, { ingress });
      const { code, stdout, stderr } = await dryRun(policy);
      expect({ code, stderr: warningsIn(stderr) }).toEqual({ code: 0, stderr: [] });
      expect(JSON.parse(stdout)).toMatchObject(policy);
    },
  );
});

test('it would refuse a field that its kind does not have', async () => {
  const policy = denyPolicy('ClusterNetworkPolicy');
  const { code, stderr } = await dryRun({ ...policy, spec: { ...policy.spec, teir: 'Admin' } });
  expect(code).not.toBe(0);
  expect(stderr).toContain('teir');
});
