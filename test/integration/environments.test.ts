import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startControlPlane, type ControlPlane } from './control-plane';
import { installCrds } from './crds';
import { applyDirectory, applyProblems, diffDirectory, dryRunPods, podTemplates } from './manifests';

/** The manifests as they are committed: the bytes that Argo CD would apply. */
const manifests = resolve(__dirname, '../../manifests');
const environments = readdirSync(manifests).sort();

let plane: ControlPlane;

// Each environment has a control plane of its own, since they share their namespaces' names.
describe.each(environments)('environment %s', (environment) => {
  const folder = join(manifests, environment);

  beforeAll(async () => {
    plane = await startControlPlane();
    await installCrds(plane, ['cert-manager', 'external-secrets', 'openshift-scc', 'prometheus-operator']);
    // What is there already in a cluster that runs cert-manager.
    await plane.kubectl(['create', 'namespace', 'cert-manager']);
  }, 1_200_000);

  afterAll(async () => {
    await plane.stop();
  });

  test('is taken by the API server, strictly and without a warning', async () => {
    const outcomes = await applyDirectory(plane, folder);
    expect(applyProblems(outcomes)).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(10);
  }, 120_000);

  test('differs in nothing once it is applied', async () => {
    expect(await diffDirectory(plane, folder)).toBe('');
  }, 120_000);

  test('is applied a second time without a change', async () => {
    const before = await versions();
    expect(applyProblems(await applyDirectory(plane, folder))).toEqual([]);
    expect(await versions()).toEqual(before);
  }, 120_000);

  test('has no Pod that Pod Security would refuse or warn about', async () => {
    const pods = await podTemplates(folder);
    expect(pods.length).toBeGreaterThan(1);
    for (const namespace of new Set(pods.map(({ metadata }) => metadata.namespace ?? '')))
      await plane.kubectl([
        'wait',
        '--for=create',
        'serviceaccount/default',
        '-n',
        namespace,
        '--timeout=60s',
      ]);
    const outcomes = await dryRunPods(plane, pods);
    const said = outcomes.map(
      ({ error, warnings }, index) =>
        `${pods[index]?.metadata.name ?? ''}: ${[error, ...warnings].join('; ')}`,
    );
    expect(
      said.filter((_, index) => outcomes[index]?.admitted !== true || outcomes[index].warnings.length > 0),
    ).toEqual([]);
  }, 120_000);

  test('is refused with one misspelt field', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'falco-egress-misspelt-'));
    try {
      cpSync(folder, copy, { recursive: true });
      const file = join(copy, '30-sidekick.yaml');
      const text = readFileSync(file, 'utf8');
      expect(text).toContain('revisionHistoryLimit');
      writeFileSync(file, text.replace('revisionHistoryLimit', 'revisionHistoryLimits'));
      const problems = applyProblems(await applyDirectory(plane, copy));
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain('revisionHistoryLimits');
    } finally {
      rmSync(copy, { recursive: true });
    }
  }, 120_000);
});

/** The generation of every object of ours that the environment made, to see whether a second apply changes one. */
async function versions(): Promise<Record<string, string>> {
  const kinds =
    'namespaces,configmaps,services,serviceaccounts,deployments,daemonsets,statefulsets,networkpolicies,clusterroles,roles';
  const { stdout } = await plane.kubectl([
    'get',
    kinds,
    '--all-namespaces',
    '-l',
    'app.kubernetes.io/part-of=falco-egress',
    '-o',
    'jsonpath={range .items[*]}{.kind}/{.metadata.namespace}/{.metadata.name}={.metadata.generation}/{.metadata.managedFields[0].time}{"\\n"}{end}',
  ]);
  return Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line): [string, string] => {
        const [name = '', version = ''] = line.split('=');
        return [name, version];
      }),
  );
}
