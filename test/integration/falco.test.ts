import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExternalFalco } from '../../lib/constructs/external-falco';
import { Falco } from '../../lib/constructs/falco';
import { Metacollector } from '../../lib/constructs/metacollector';
import { Namespaces } from '../../lib/constructs/namespaces';
import type { FalcoEgressProps } from '../../lib/settings/settings';
import { synthesize } from '../constructs';
import { startControlPlane, type ControlPlane } from './control-plane';
import { warningsIn } from './control-plane/kubectl';
import { podTemplates } from './pod-templates';

const VARIANTS: readonly [string, Partial<FalcoEgressProps>][] = [
  ['the defaults', {}],
  ['capabilities', { falco: { privilege: 'capabilities' } }],
  ['privileged, in the host’s PID namespace', { falco: { privilege: 'privileged', hostPid: true } }],
  [
    'k8smeta from an image',
    { plugins: { k8smeta: { source: 'image', image: 'registry.example.org/k8smeta:1' } } },
  ],
  [
    'k8smeta from an image volume',
    { plugins: { k8smeta: { source: 'imageVolume', image: 'registry.example.org/k8smeta:1' } } },
  ],
  ['k8smeta from the node', { plugins: { k8smeta: { source: 'hostPath' } } }],
  ['no k8smeta', { plugins: { k8smeta: { source: 'none' } } }],
  ['no rules', { egress: { enabled: false } }],
  ['certificates', { tls: { issuer: 'existingSecrets' }, metacollector: { replicas: 2 } }],
  ['bottlerocket', { platform: 'bottlerocket' }],
  ['openshift', { platform: 'openshift' }],
  ['gke', { platform: 'gke' }],
  ['rules for a Falco that is there', { falco: { install: false, external: { namespace: 'falco' } } }],
];

let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane();
}, 900_000);

afterAll(() => plane.stop());

/** What kubectl says and the API server warns of. */
async function kubectl(args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await plane.kubectl(args, { input });
  expect({ stderr, warnings: warningsIn(stderr), code }).toEqual({ stderr: '', warnings: [], code: 0 });
  return stdout;
}

test.each(VARIANTS)(
  '%s: applied, unchanged the second time, and its Pods are admitted',
  async (name, props) => {
    const objects = synthesize((scope) => {
      const settings = { cluster: 'test', rulesPackages: { shop: { 'a.yaml': '[]\n' } }, ...props };
      new Namespaces(scope, 'namespaces', settings);
      new Falco(scope, 'falco', settings);
      new ExternalFalco(scope, 'external', settings);
      new Metacollector(scope, 'metacollector', settings);
    });
    const folder = join(plane.folder, name.replace(/\W/g, '-'));
    await mkdir(folder);
    // Each in a file of its own, as JSON, which is YAML; namespaces first.
    await Promise.all(
      objects.map((object, index) =>
        writeFile(join(folder, `${String(index).padStart(3, '0')}.yaml`), JSON.stringify(object)),
      ),
    );
    const apply = ['apply', '--server-side', '--validate=strict', '-f', folder];
    await kubectl(apply);
    await kubectl(['diff', '--server-side', '-f', folder]);
    for (const pod of await podTemplates(folder))
      await kubectl(['create', '--dry-run=server', '--validate=strict', '-f', '-'], JSON.stringify(pod));
    const workloads = ['delete', '--wait=false', '--ignore-not-found', '-f', folder];
    await kubectl([...workloads, '-l', 'app.kubernetes.io/component!=namespaces']);
  },
);
