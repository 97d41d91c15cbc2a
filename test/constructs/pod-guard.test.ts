import { PodGuard, type PodGuardProps } from '../../lib/constructs/pod-guard';
import { SettingsError } from '../../lib/settings/check';
import { synthesize, type KubeObject } from '../constructs';

function guard(props: Partial<PodGuardProps>): KubeObject[] {
  return synthesize((scope) => new PodGuard(scope, 'guard', { cluster: 'prod-eu-1', ...props }));
}

interface Binding {
  readonly policyName: string;
  readonly validationActions: readonly string[];
  readonly matchResources: {
    readonly namespaceSelector: {
      readonly matchExpressions: readonly { key: string; operator: string; values: readonly string[] }[];
    };
  };
}

function bindings(objects: readonly KubeObject[]): Binding[] {
  return objects
    .filter(({ kind }) => kind === 'ValidatingAdmissionPolicyBinding')
    .map((object) => object['spec'] as Binding);
}

test('the guard', () => {
  expect(
    guard({ egress: { podGuard: { seccomp: 'warn', hostNetwork: 'deny', rawSockets: 'audit' } } }),
  ).toMatchSnapshot();
});

test('none by default', () => {
  expect(guard({})).toEqual([]);
});

test('each demand has a mode of its own', () => {
  const modes = { seccomp: 'audit', hostNetwork: 'warn', rawSockets: 'deny' } as const;
  expect(
    bindings(guard({ egress: { podGuard: modes } })).map(({ policyName, validationActions }) => [
      policyName,
      validationActions,
    ]),
  ).toEqual([
    ['falco-egress-pod-guard-seccomp', ['Audit']],
    ['falco-egress-pod-guard-host-network', ['Warn', 'Audit']],
    ['falco-egress-pod-guard-raw-sockets', ['Deny']],
  ]);
  expect(bindings(guard({ egress: { podGuard: { ...modes, hostNetwork: 'off' } } }))).toHaveLength(2);
});

test("exempt namespaces are left alone, and Falco's, whoever installs it, and the excepted ones", () => {
  const expressions = (props: Partial<PodGuardProps>) =>
    bindings(
      guard({ egress: { podGuard: { seccomp: 'deny', exceptNamespaces: ['storage'] } }, ...props }),
    ).map(({ matchResources }) => matchResources.namespaceSelector.matchExpressions);
  expect(expressions({ exempt: { label: 'example.org/egress', values: ['open'] } })).toEqual([
    [
      { key: 'example.org/egress', operator: 'NotIn', values: ['open'] },
      { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['falco', 'storage'] },
    ],
  ]);
  const [[, byName] = []] = expressions({
    namespaces: { node: 'node' },
    falco: { install: false, external: { namespace: 'theirs' } },
  });
  expect(byName?.values).toEqual(['node', 'theirs', 'storage']);
});

test('a namespace that there cannot be', () => {
  expect(() => guard({ egress: { podGuard: { exceptNamespaces: ['a b'] } } })).toThrow(SettingsError);
});
