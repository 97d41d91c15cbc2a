import { withoutSecrets } from '../../../lib/responder/respond/without-secrets';

const SECRET = 'hunter2';

test('of a Pod stays what tells what it is, and not what it was told', () => {
  const container = {
    name: 'app',
    image: 'app:1',
    command: ['/app'],
    args: ['--password', SECRET],
    env: [
      { name: 'PASSWORD', value: SECRET },
      { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'token', key: 'token' } } },
      { name: 'EMPTY' },
    ],
    livenessProbe: { exec: { command: ['check', SECRET] }, periodSeconds: 3 },
    readinessProbe: {
      httpGet: { path: `/ready?token=${SECRET}`, httpHeaders: [{ name: 'Authorization', value: SECRET }] },
    },
    lifecycle: { preStop: { exec: { command: [SECRET] } } },
  };
  const pod = {
    metadata: {
      name: 'app-1',
      annotations: {
        note: 'mine',
        'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(container),
        'kapp.k14s.io/original': JSON.stringify(container),
      },
    },
    spec: {
      containers: [container],
      initContainers: [container],
      ephemeralContainers: [container],
      nodeName: 'node-1',
      volumes: [
        {
          name: 'a',
          csi: { driver: 'smb.csi.k8s.io', volumeAttributes: { source: '//nas', password: SECRET } },
        },
        { name: 'b', flexVolume: { driver: 'x', options: { password: SECRET } } },
        { name: 'c', emptyDir: {} },
      ],
    },
    status: {
      podIP: '10.0.0.1',
      containerStatuses: [
        {
          name: 'app',
          restartCount: 2,
          state: { waiting: { reason: 'RunContainerError', message: `exec: "${SECRET}": not found` } },
          lastState: { terminated: { exitCode: 1, reason: 'Error', message: `login as ${SECRET}` } },
        },
      ],
    },
  };
  const left = withoutSecrets(pod);
  expect(JSON.stringify(left)).not.toContain(SECRET);
  expect(left).toMatchObject({
    metadata: { name: 'app-1', annotations: { note: 'mine' } },
    spec: {
      nodeName: 'node-1',
      volumes: [
        { csi: { driver: 'smb.csi.k8s.io', volumeAttributes: { password: '(7 characters)' } } },
        { flexVolume: { options: { password: '(7 characters)' } } },
        { name: 'c', emptyDir: {} },
      ],
      containers: [
        {
          name: 'app',
          image: 'app:1',
          command: ['(4 characters)'],
          args: ['(10 characters)', '(7 characters)'],
          env: [
            { name: 'PASSWORD', value: '(7 characters)' },
            { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'token', key: 'token' } } },
            { name: 'EMPTY' },
          ],
          livenessProbe: { exec: { command: ['(5 characters)', '(7 characters)'] }, periodSeconds: 3 },
          readinessProbe: {
            httpGet: { path: '/ready?…', httpHeaders: [{ name: 'Authorization', value: '(7 characters)' }] },
          },
        },
      ],
    },
    status: {
      podIP: '10.0.0.1',
      containerStatuses: [
        {
          restartCount: 2,
          state: { waiting: { reason: 'RunContainerError', message: '(26 characters)' } },
          lastState: { terminated: { exitCode: 1, reason: 'Error', message: '(16 characters)' } },
        },
      ],
    },
  });
});
