import { QuarantineGuard, type QuarantineGuardProps } from '../../lib/constructs/quarantine-guard';
import { rightsOf } from '../../lib/constructs/rights';
import { synthesize } from '../constructs';
import { kinds } from './find';

const RESPONSE = { match: 'rule = "r"', action: 'quarantine' } as const;

function guard(props: Partial<QuarantineGuardProps> = {}) {
  return synthesize(
    (scope) => new QuarantineGuard(scope, 'guard', { cluster: 'prod-eu-1', responses: [RESPONSE], ...props }),
  );
}

test('five policies that refuse, and a role that nobody has', () => {
  const objects = guard();
  expect(kinds(objects).sort()).toEqual([
    'ClusterRole',
    ...Array.from({ length: 5 }, () => 'ValidatingAdmissionPolicy'),
    ...Array.from({ length: 5 }, () => 'ValidatingAdmissionPolicyBinding'),
  ]);
  for (const { kind, metadata, spec } of objects as unknown as {
    kind: string;
    metadata: { name: string };
    spec: object;
  }[])
    if (kind === 'ValidatingAdmissionPolicy') expect(spec).toMatchObject({ failurePolicy: 'Fail' });
    else if (kind === 'ValidatingAdmissionPolicyBinding')
      expect(spec).toEqual({ policyName: metadata.name, validationActions: ['Deny'] });
  expect(rightsOf(objects)).toMatchObject([
    {
      role: 'ClusterRole falco-egress-quarantine-operator',
      apiGroups: ['falco-egress.io'],
      resources: ['quarantines'],
      verbs: ['create', 'release', 'approve', 'pause'],
    },
  ]);
});

test('none where it is switched off, or where nobody responds; without responses it goes on', () => {
  expect(guard({ responder: { quarantine: { guard: false } } })).toEqual([]);
  expect(guard({ responses: [], responder: { enabled: false } })).toEqual([]);
  expect(guard({ responses: [] })).toEqual(guard());
});

test('it knows the responder by the name and the namespace that it has', () => {
  const text = JSON.stringify(guard({ name: 'fe', namespaces: { services: 'security' } }));
  expect(text).toContain('system:serviceaccount:security:fe-responder');
  expect(text).not.toContain('falco-egress-responder');
  expect(text).toContain('the ClusterRole fe-quarantine-operator has it');
});

test.each([
  [{ ...RESPONSE, strip: true }, 'true'],
  [{ ...RESPONSE, detach: true }, 'true'],
  [{ ...RESPONSE, strip: false, snapshot: true }, 'false'],
])('whether the responder may take labels follows the responses: %j', (response, expected) => {
  expect(JSON.stringify(guard({ responses: [response] }))).toContain(
    JSON.stringify({ expression: expected, name: 'takesLabels' }),
  );
});
