import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startControlPlane, type ControlPlane } from './control-plane';
import { installCrds } from './crds';
import { applyDirectory, applyProblems, diffDirectory, dryRunPod, podTemplates } from './manifests';

jest.setTimeout(120_000);

let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane();
}, 900_000);
afterAll(async () => {
  await plane.stop();
});

/** A folder of the given files. */
async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(plane.folder, 'manifests-'));
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  return folder;
}

const namespace = (name: string, level: 'privileged' | 'restricted' = 'privileged'): string => `
apiVersion: v1
kind: Namespace
metadata:
  name: ${name}
  labels:
    pod-security.kubernetes.io/enforce: ${level}
`;

const deployment = (name: string, inNamespace: string, replicas = 'replicas: 1'): string => `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${inNamespace}
spec:
  ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: main
          image: example.org/${name}:1
          securityContext: { privileged: true }
`;

test('is Kubernetes 1.36.3, and so is its kubectl', async () => {
  const { stdout } = await plane.kubectl(['version', '-o', 'json']);
  expect(JSON.parse(stdout)).toMatchObject({
    serverVersion: { gitVersion: 'v1.36.3', major: '1', minor: '36' },
    clientVersion: { gitVersion: 'v1.36.3' },
  });
});

test('gives every new namespace its default ServiceAccount', async () => {
  await plane.kubectl(['create', 'namespace', 'accounts']);
  const wait = ['wait', '--for=create', '--timeout=30s', '-n', 'accounts', 'serviceaccount/default'];
  expect(await plane.kubectl(wait)).toMatchObject({ code: 0 });
});

test('authorizes by RBAC', async () => {
  const nobody = await plane.kubectl(['get', 'secrets', '-A', '--as=system:serviceaccount:default:default']);
  expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('is forbidden') as string });
});

describe('a folder of manifests', () => {
  test('is applied in order without a warning, and a second look finds no difference', async () => {
    const dir = await folderWith({
      '0-namespace.yaml': namespace('good'),
      '1-web.yaml': `${deployment('web', 'good')}---${deployment('cache', 'good')}`,
    });
    const outcomes = await applyDirectory(plane, dir);
    expect(outcomes.map(({ object }) => object)).toEqual([
      'Namespace good',
      'Deployment good/web',
      'Deployment good/cache',
    ]);
    expect(applyProblems(outcomes)).toEqual([]);
    expect(await diffDirectory(plane, dir)).toBe('');

    await writeFile(join(dir, '1-web.yaml'), deployment('web', 'good', 'replicas: 2'));
    expect(await diffDirectory(plane, dir)).toMatch(/^\+ {2}replicas: 2$/m);
  });

  test('is refused for a misspelt field, which is named; the rest is applied', async () => {
    const dir = await folderWith({
      'all.yaml': [
        namespace('misspelt'),
        deployment('web', 'misspelt', 'replica: 1'),
        deployment('cache', 'misspelt'),
      ].join('---'),
    });
    const outcomes = await applyDirectory(plane, dir);
    expect(outcomes.map(({ object, ok }) => [object, ok])).toEqual([
      ['Namespace misspelt', true],
      ['Deployment misspelt/web', false],
      ['Deployment misspelt/cache', true],
    ]);
    expect(applyProblems(outcomes)).toEqual([expect.stringContaining('.spec.replica: field not declared')]);
  });

  test('fails for a warning of the API server', async () => {
    const deprecated = `
apiVersion: v1
kind: Service
metadata: { name: warned, namespace: default }
spec:
  ports: [{ port: 80 }]
  externalIPs: [203.0.113.1]
`;
    const outcomes = await applyDirectory(plane, await folderWith({ 'service.yaml': deprecated }));
    expect(outcomes).toMatchObject([{ ok: false, error: '' }]);
    expect(outcomes[0]?.warnings.join()).toContain('spec.externalIPs');
  });
});

test('Pod Security judges the Pods of workloads', async () => {
  const cronJob = `
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly, namespace: strict }
spec:
  schedule: '0 3 * * *'
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
          containers:
            - name: main
              image: example.org/nightly:1
              securityContext: { allowPrivilegeEscalation: off, capabilities: { drop: [ALL] } }
`;
  const dir = await folderWith({
    '0-namespace.yaml': namespace('strict', 'restricted'),
    'cron-job.yaml': cronJob,
    'privileged.yaml': deployment('privileged', 'strict'),
  });
  await plane.kubectl(['apply', '--server-side', '-f', join(dir, '0-namespace.yaml')]);
  await plane.kubectl(['wait', '--for=create', '--timeout=30s', '-n', 'strict', 'serviceaccount/default']);
  const pods = await podTemplates(dir);
  expect(pods.map(({ metadata }) => metadata.name)).toEqual(['nightly', 'privileged']);
  const verdicts = await Promise.all(pods.map((pod) => dryRunPod(plane, pod)));
  expect(verdicts[0]).toEqual({ admitted: true, warnings: [], error: '' });
  expect(verdicts[1]).toMatchObject({ admitted: false });
  expect(verdicts[1]?.error).toContain('violates PodSecurity "restricted');
});

test('takes CRDs of other projects, and is strict about their objects', async () => {
  await installCrds(plane, ['cert-manager', 'openshift-scc']);
  const issuer = (spec: string): string =>
    `{"apiVersion":"cert-manager.io/v1","kind":"Issuer","metadata":{"name":"own","namespace":"default"},"spec":${spec}}`;
  const apply = ['apply', '--server-side', '--validate=strict', '-f', '-'];
  expect(await plane.kubectl(apply, { input: issuer('{"selfSigned":{}}') })).toMatchObject({ code: 0 });
  expect(await plane.kubectl(apply, { input: issuer('{"selfSined":{}}') })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('.spec.selfSined: field not declared') as string,
  });
});
