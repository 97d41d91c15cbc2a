import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { load } from 'js-yaml';
import { startControlPlane, type ControlPlane } from './control-plane';
import { installCrds } from './crds';
import { applyDirectory, applyProblems } from './manifests';

const examples = resolve(__dirname, '../../examples/argocd');

let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane();
  await installCrds(plane, ['argo-cd']);
  await plane.kubectl(['create', 'namespace', 'argocd']);
}, 1_200_000);

afterAll(async () => {
  await plane.stop();
});

test('the examples for Argo CD are what its own definitions take, strictly', async () => {
  const outcomes = await applyDirectory(plane, examples);
  expect(applyProblems(outcomes)).toEqual([]);
  expect(outcomes.map(({ object }) => object)).toEqual([
    'Application argocd/falco-egress-chart',
    'ApplicationSet argocd/falco-egress',
    'Application argocd/falco-egress',
  ]);
}, 60_000);

test('the Application points at an environment that is here', () => {
  const { spec } = load(readFileSync(join(examples, 'application.yaml'), 'utf8')) as {
    spec: { source: { path: string } };
  };
  expect(readFileSync(resolve(examples, '../..', spec.source.path, '00-namespaces.yaml'), 'utf8')).toContain(
    'kind: Namespace',
  );
});
