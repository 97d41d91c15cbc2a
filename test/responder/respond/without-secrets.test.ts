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
    readinessProbe: { httpGet: { path: '/', httpHeaders: [{ name: 'Authorization', value: SECRET }] } },
    lifecycle: { preStop: { exec: { command: [SECRET] } } },
  };
  const pod = {
    metadata: {
      name: 'app-1',
      annotations: {
        note: 'mine',
        'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(container),
      },
    },
    spec: {
      containers: [container],
      initContainers: [container],
      ephemeralContainers: [container],
      nodeName: 'node-1',
    },
    status: { podIP: '10.0.0.1' },
  };
  const left = withoutSecrets(pod);
  expect(JSON.stringify(left)).not.toContain(SECRET);
  expect(left).toMatchObject({
    metadata: { name: 'app-1', annotations: { note: 'mine' } },
    spec: {
      nodeName: 'node-1',
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
            httpGet: { path: '/', httpHeaders: [{ name: 'Authorization', value: '(7 characters)' }] },
          },
        },
      ],
    },
    status: { podIP: '10.0.0.1' },
  });
});
