import { SecretsJob, type SecretsJobProps } from '../../lib/constructs/secrets-job';
import { rightsOf } from '../../lib/constructs/rights';
import { secretsRights } from '../../lib/secrets-job/rights';
import { parseSecretsSpec, type SecretsSpec } from '../../lib/secrets-job/spec';
import { parseArguments } from '../../lib/program/arguments';
import { VERSION } from '../../lib/version';
import { synthesize, type KubeObject } from '../constructs';
import { FAKE_PROGRAM } from './fake-program';
import { find, kinds, mainContainer, policy, template } from './find';

function job(props: Partial<SecretsJobProps> = {}): KubeObject[] {
  return synthesize(
    (scope) => new SecretsJob(scope, 'secrets', { cluster: 'prod-eu-1', program: FAKE_PROGRAM, ...props }),
  );
}

function spec(objects: readonly KubeObject[]): SecretsSpec {
  const { data } = find(objects, 'ConfigMap') as unknown as { data: Record<string, string> };
  return parseSecretsSpec(JSON.parse(data['secrets.json'] ?? ''));
}

function secretNames(props: Partial<SecretsJobProps>): string[] {
  return spec(job(props)).secrets.map(({ name }) => name);
}

test('the Job', () => {
  expect(job()).toMatchSnapshot();
});

test('it makes what the enabled components need', () => {
  const all = ['falco-egress-responder-token', 'falco-egress-sidekick-ui', 'falco-egress-sidekick-ui-store'];
  expect(secretNames({})).toEqual(all);
  expect(secretNames({ sidekickUi: { enabled: false } })).toEqual(all.slice(0, 1));
  expect(secretNames({ responder: { enabled: false } })).toEqual(all.slice(1));
  expect(secretNames({ secrets: { responderToken: { name: 'own' } } })[0]).toBe('own');
});

test.each<Partial<SecretsJobProps>>([
  { secrets: { source: 'existing' } },
  { secrets: { source: 'externalSecrets' } },
  { responder: { enabled: false }, sidekick: { enabled: false } },
])('nothing with %j', (props) => {
  expect(job(props)).toEqual([]);
});

test('its rights are those that the program needs, by the names of its spec, and no more', () => {
  const objects = job();
  const names = spec(objects).secrets.map(({ name }) => name);
  expect(rightsOf(objects)).toEqual(
    secretsRights(names).map((right) => ({ role: 'Role falco-egress/falco-egress-secrets', ...right })),
  );
  expect(kinds(objects)).not.toContain('ClusterRole');
});

test('it reads the file that is mounted', () => {
  const objects = job();
  const { args = [], volumeMounts = [] } = mainContainer(objects, 'Job');
  expect(parseArguments(args)).toEqual({ name: 'secrets', spec: '/etc/falco-egress/config/secrets.json' });
  expect(volumeMounts.map(({ mountPath }) => mountPath)).toEqual([
    '/etc/falco-egress/config',
    '/opt/falco-egress',
  ]);
});

test('what it does decides its name', () => {
  const name = (props: Partial<SecretsJobProps>) => find(job(props), 'Job').metadata.name;
  const names = [
    name({}),
    name({ secrets: { sidekickUi: { name: 'own' } } }),
    name({ secrets: { job: { tolerations: [{ operator: 'Exists' }] } } }),
    name({ images: { registry: 'mirror.example.org' } }),
    name({ program: { ...FAKE_PROGRAM, sha256: 'e'.repeat(64) } }),
  ];
  expect(new Set(names).size).toBe(names.length);
  expect(name({})).toBe(name({ sidekick: { replicas: 3 } }));
  expect(name({})).toMatch(/^falco-egress-secrets-[0-9a-f]{10}$/);
});

test('from an image of yours it runs the same', () => {
  const { image, command, args, volumeMounts } = mainContainer(
    job({ responder: { program: 'image' } }),
    'Job',
  );
  expect(image).toBe(`ghcr.io/falco-egress/falco-egress:${VERSION}`);
  expect(command).toBeUndefined();
  expect(args?.[0]).toBe('secrets');
  expect(volumeMounts).toHaveLength(1);
});

test('Argo CD runs it before everything that needs a Secret, and does not miss it afterwards', () => {
  const object = find(job(), 'Job');
  expect(object.metadata.annotations).toEqual({ 'argocd.argoproj.io/sync-wave': '-20' });
  expect(object['spec']).not.toHaveProperty('ttlSecondsAfterFinished');
  expect(template(job(), 'Job').spec.restartPolicy).toBe('OnFailure');
});

test('it reaches the API server and DNS, and nobody reaches it', () => {
  const { ingress, egress = [], policyTypes } = policy(job());
  expect(policyTypes).toContain('Ingress');
  expect(ingress).toBeUndefined();
  expect(egress.map(({ ports = [] }) => ports.map(({ port }) => port))).toEqual([
    [53, 53, 5353, 5353],
    [443, 6443],
  ]);
});
