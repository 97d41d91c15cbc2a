import { Chart, Testing } from 'cdk8s';
import {
  NamespaceLabelling,
  Namespaces,
  type NamespacesProps,
  type PodSecurity,
} from '../../lib/constructs/namespaces';
import { synthesize, type KubeObject } from '../constructs';

function namespaces(props: Omit<NamespacesProps, 'cluster'> = {}): KubeObject[] {
  return synthesize((scope) => new Namespaces(scope, 'namespaces', { cluster: 'prod-eu-1', ...props }));
}

function labelsOf(objects: readonly KubeObject[], name: string): Readonly<Record<string, string>> {
  return objects.find(({ metadata }) => metadata.name === name)?.metadata.labels ?? {};
}

test('the namespaces', () => {
  expect(namespaces()).toMatchSnapshot();
});

test.each<[string, PodSecurity]>([
  ['falco', 'privileged'],
  ['falco-egress', 'restricted'],
])('the API server holds the Pods of %s to the profile %s', (name, profile) => {
  expect(labelsOf(namespaces(), name)).toMatchObject({
    'pod-security.kubernetes.io/enforce': profile,
    'pod-security.kubernetes.io/audit': profile,
    'pod-security.kubernetes.io/warn': profile,
  });
});

test('the stack does not watch itself, whatever the label is', () => {
  const objects = namespaces({ exempt: { label: 'example.org/egress', values: ['open', 'other'] } });
  for (const name of ['falco', 'falco-egress'])
    expect(labelsOf(objects, name)['example.org/egress']).toBe('open');
  for (const name of ['falco', 'falco-egress']) expect(labelsOf(namespaces(), name)['network']).toBe('green');
});

test("no label of the user's undoes what the stack relies on", () => {
  const objects = namespaces({
    namespaces: {
      labels: { 'pod-security.kubernetes.io/enforce': 'privileged', network: 'none', team: 'security' },
    },
  });
  expect(labelsOf(objects, 'falco-egress')).toMatchObject({
    'pod-security.kubernetes.io/enforce': 'restricted',
    network: 'green',
    team: 'security',
  });
});

test('somebody else may make them', () => {
  expect(namespaces({ namespaces: { create: false } })).toEqual([]);
});

test('other namespaces are labelled in one place, with or without ours', () => {
  const namespaceLabels = { payments: { network: 'green' }, 'kube-system': { network: 'blue', team: 'sre' } };
  const objects = namespaces({ namespaceLabels, namespaces: { create: false } });
  expect(objects.map(({ metadata }) => [metadata.name, metadata.labels])).toEqual([
    ['kube-system', { network: 'blue', team: 'sre' }],
    ['payments', { network: 'green' }],
  ]);
});

test('a namespace of others is only labelled: nothing of ours makes anybody delete it', () => {
  const [object] = synthesize(
    (scope) => new NamespaceLabelling(scope, 'payments', { name: 'payments', labels: { network: 'green' } }),
  );
  expect(object).toEqual({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: 'payments',
      labels: { network: 'green' },
      annotations: {
        'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false,ServerSideApply=true',
        'helm.sh/resource-policy': 'keep',
      },
    },
  });
});

test('our own outlive a Helm release, unless the settings say otherwise', () => {
  const policies = (namespaces: NamespacesProps['namespaces']) =>
    synthesize((scope) => new Namespaces(scope, 'namespaces', { cluster: 'test', namespaces })).map(
      ({ metadata }) => metadata.annotations?.['helm.sh/resource-policy'],
    );
  expect(policies({})).toEqual(['keep', 'keep']);
  expect(policies({ annotations: { 'helm.sh/resource-policy': 'delete' } })).toEqual(['delete', 'delete']);
});

test('they have no namespace, also in a chart that has one', () => {
  const chart = new Chart(Testing.app(), 'chart', { namespace: 'security' });
  new Namespaces(chart, 'namespaces', { cluster: 'prod-eu-1', namespaceLabels: { payments: { a: 'b' } } });
  const objects = Testing.synth(chart) as KubeObject[];
  expect(objects).toHaveLength(3);
  for (const { metadata } of objects) expect(metadata).not.toHaveProperty('namespace');
});
