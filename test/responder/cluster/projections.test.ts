import * as project from '../../../lib/responder/cluster/projections';

const identity = {
  name: 'cart-0',
  namespace: 'shop',
  uid: 'u',
  resourceVersion: '7',
  labels: { app: 'cart' },
};
const noise = { managedFields: [{ manager: 'kubectl' }], generation: 3, selfLink: '/x', finalizers: ['a/b'] };

test('of a Pod what a quarantine reads is kept, and nothing else', () => {
  const containerStatus = {
    name: 'main',
    image: 'example.org/cart',
    containerID: 'containerd://abc',
    lastState: { terminated: { containerID: 'containerd://old', exitCode: 1 } },
  };
  const raw = {
    metadata: {
      ...identity,
      ...noise,
      creationTimestamp: '2026-11-02T09:14:00Z',
      deletionTimestamp: '2026-11-02T10:14:00Z',
      annotations: {
        'falco-egress.io/record': '{}',
        'falco-egress.iota/x': '1',
        'kubectl.kubernetes.io/last': '{…}',
      },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: 'cart',
          uid: 'r',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: { nodeName: 'node-1', hostNetwork: true, containers: [{ env: [{ name: 'SECRET', value: 's' }] }] },
    status: {
      phase: 'Running',
      podIP: '10.0.0.1',
      conditions: [
        { type: 'Initialized', status: 'True' },
        { type: 'Ready', status: 'False', lastTransitionTime: 'x' },
        { type: 'PodReadyToStartContainers', status: 'True', lastTransitionTime: 'y', lastProbeTime: null },
      ],
      podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd77::1' }],
      startTime: '2026-11-02T09:14:01Z',
      containerStatuses: [containerStatus],
      initContainerStatuses: [{ name: 'init', containerID: 'containerd://def', lastState: {} }],
      ephemeralContainerStatuses: [{ name: 'debug' }],
    },
  };
  expect(project.projectPod(raw)).toEqual({
    key: { namespace: 'shop', name: 'cart-0' },
    uid: 'u',
    version: '7',
    object: {
      metadata: {
        ...identity,
        creationTimestamp: '2026-11-02T09:14:00Z',
        deletionTimestamp: '2026-11-02T10:14:00Z',
        annotations: { 'falco-egress.io/record': '{}' },
        ownerReferences: [{ kind: 'ReplicaSet', name: 'cart', uid: 'r', controller: true }],
      },
      spec: { nodeName: 'node-1', hostNetwork: true },
      status: {
        phase: 'Running',
        podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd77::1' }],
        startTime: '2026-11-02T09:14:01Z',
        sandbox: { status: 'True', lastTransitionTime: 'y' },
        conditions: [{ type: 'Ready', status: 'False' }],
        containerStatuses: [
          { containerID: 'containerd://abc', lastState: { terminated: { containerID: 'containerd://old' } } },
        ],
        initContainerStatuses: [{ containerID: 'containerd://def' }],
        ephemeralContainerStatuses: [{}],
      },
    },
  });
});

test('a Pod has finished when the last of its containers has', () => {
  const finished = (...times: readonly (string | undefined)[]): string | undefined =>
    project.projectPod({
      metadata: { ...identity, resourceVersion: '1' },
      status: { containerStatuses: times.map((at) => ({ state: at && { terminated: { finishedAt: at } } })) },
    })?.object.status?.finishedAt;
  expect(finished('2026-11-02T10:00:00Z', '2026-11-02T11:00:00Z', '2026-11-02T09:00:00Z')).toBe(
    '2026-11-02T11:00:00Z',
  );
  expect(finished('2026-11-02T10:00:00Z', undefined)).toBeUndefined();
  expect(finished()).toBeUndefined();
});

test('a Pod without annotations is told from one that has those of others only', () => {
  const bare = { metadata: { name: 'a', namespace: 'b', uid: 'u', resourceVersion: '1' } };
  const annotated = { metadata: { ...bare.metadata, annotations: { 'example.org/a': 'b' } } };
  expect(project.projectPod(bare)?.object.metadata).not.toHaveProperty('annotations');
  expect(project.projectPod(annotated)?.object.metadata?.annotations).toEqual({});
});

test('of other kinds too what is read is kept, and nothing else', () => {
  const metadata = { ...identity, ...noise };
  const selector = { matchLabels: { app: 'cart' } };
  const ownerReferences = [{ kind: 'Deployment', name: 'cart', uid: 'd', controller: true }];
  const policy = { podSelector: {}, policyTypes: ['Egress'] };
  const kept = { metadata: identity };
  const cases: readonly [{ readonly object: unknown } | undefined, object][] = [
    [
      project.projectNamespace({
        metadata: {
          ...metadata,
          managedFields: [
            { manager: 'kubectl', operation: 'Update', fieldsV1: { 'f:status': {} } },
            {
              ...{ manager: 'kubectl-label', operation: 'Update', time: '2026-11-02T09:14:00Z' },
              fieldsV1: { 'f:metadata': { 'f:annotations': {}, 'f:labels': { 'f:app': {} } } },
            },
          ],
        },
        spec: { finalizers: [] },
      }),
      {
        metadata: {
          ...identity,
          managedFields: [
            {
              ...{ manager: 'kubectl-label', time: '2026-11-02T09:14:00Z' },
              fieldsV1: { 'f:metadata': { 'f:labels': { 'f:app': {} } } },
            },
          ],
        },
      },
    ],
    [project.projectNetworkPolicy({ metadata, spec: policy, status: {} }), { ...kept, spec: policy }],
    [
      project.projectBudget({
        metadata,
        spec: { selector, minAvailable: 1 },
        status: { disruptionsAllowed: 1, x: 2 },
      }),
      { ...kept, spec: { selector }, status: { disruptionsAllowed: 1 } },
    ],
    [
      project.projectReplicaSet({
        metadata: { ...metadata, ownerReferences: [{ ...ownerReferences[0], apiVersion: 'apps/v1' }] },
        spec: { selector, template: {} },
      }),
      { kind: 'ReplicaSet', metadata: { ...identity, ownerReferences }, spec: { selector } },
    ],
    [
      project.projectService({
        metadata,
        spec: {
          ...{ selector: { app: 'cart' }, clusterIPs: ['10.96.0.7'], type: 'LoadBalancer' },
          ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 8443 }],
        },
        status: {
          loadBalancer: { ingress: [{ ip: '192.0.2.9', ports: [] }, { hostname: 'lb.example.org' }] },
        },
      }),
      {
        ...kept,
        spec: {
          ...{ selector: { app: 'cart' }, clusterIPs: ['10.96.0.7'] },
          ports: [{ port: 443, protocol: 'TCP' }],
        },
        ingressIPs: ['192.0.2.9'],
      },
    ],
    [
      project.projectTierPolicy({
        apiVersion: 'cilium.io/v2',
        kind: 'C',
        metadata,
        spec: { a: 1 },
        specs: [],
        status: {},
      }),
      { apiVersion: 'cilium.io/v2', kind: 'C', ...kept, spec: { a: 1 }, specs: [] },
    ],
  ];
  for (const [observed, expected] of cases) expect(observed?.object).toEqual(expected);
});

test.each([undefined, null, 'text', {}, { metadata: { name: 'a' } }])('%j is no object', (raw) => {
  expect(project.projectPod(raw)).toBeUndefined();
});
