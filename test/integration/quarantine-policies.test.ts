import { denyPolicy, standingPolicy, type DenyTier } from '../../lib/containment';
import { installCalicoCrds } from './calico-crds';
import { startControlPlane, type ControlPlane } from './control-plane';
import { warningsIn } from './control-plane/kubectl';
import { installCrds } from './crds';

jest.setTimeout(60_000);

let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane();
  await installCrds(plane, ['network-policy-api', 'network-policy-api-v1alpha1', 'cilium']);
  await installCalicoCrds(plane);
}, 900_000);

afterAll(async () => {
  await plane.stop();
});

async function dryRun(object: object) {
  const args = ['create', '--dry-run=server', '--validate=strict', '-o', 'json', '-f', '-'];
  return plane.kubectl(args, { input: JSON.stringify(object) });
}

const EVERY_WAY = [false, true].flatMap((ingress) => [
  { ingress },
  { ingress, allowDns: true, forensicsNamespace: 'forensics' },
]);

describe.each(EVERY_WAY)('with %j the API server takes', (options) => {
  test('the standing policy, as it is', async () => {
    const policy = standingPolicy('default', options);
    const { code, stdout, stderr } = await dryRun(policy);
    expect({ code, warnings: warningsIn(stderr) }).toEqual({ code: 0, warnings: [] });
    expect(JSON.parse(stdout)).toMatchObject(policy);
  });

  test.each<DenyTier>(['ClusterNetworkPolicy', 'AdminNetworkPolicy', 'Cilium', 'Calico'])(
    'the policy of the tier %s, as it is',
    async (tier) => {
      const policy = denyPolicy(tier, options);
      if (policy === undefined) {
        expect([tier, options]).toEqual(['Cilium', expect.objectContaining({ allowDns: true })]);
        return;
      }
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
