import { Metacollector } from '../../lib/constructs/metacollector';
import type { FalcoEgressProps } from '../../lib/settings/settings';
import { synthesize, type KubeObject } from '../constructs';
import { component, find, kinds, mainContainer, policy, template } from './find';

function metacollector(props: Partial<FalcoEgressProps> = {}): KubeObject[] {
  return synthesize((scope) => {
    new Metacollector(scope, 'metacollector', { cluster: 'test', ...props });
  });
}

test('the objects', () => {
  expect(metacollector()).toMatchSnapshot();
});

test('its Service leads to a port that its container has', () => {
  const objects = metacollector();
  const { ports } = find(objects, 'Service')['spec'] as { ports: { port: number; targetPort: string }[] };
  expect(ports).toEqual([{ name: 'grpc', port: 45000, targetPort: 'broker' }]);
  expect(mainContainer(objects).ports?.map(({ name }) => name)).toContain('broker');
});

test('it may only read', () => {
  const role = find(metacollector(), 'ClusterRole');
  expect(role.metadata).not.toHaveProperty('namespace');
  const rules = role['rules'] as { verbs: string[]; resources: string[] }[];
  expect(new Set(rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(['get', 'list', 'watch']));
  expect(rules.flatMap(({ resources }) => resources)).not.toContain('secrets');
});

describe('with certificates', () => {
  const props = { tls: { issuer: 'certManager' } } as const;

  it('serves by its own', () => {
    expect(mainContainer(metacollector(props)).args).toEqual(
      expect.arrayContaining([
        '--broker-server-cert=/etc/falco-egress/tls/tls.crt',
        '--broker-server-key=/etc/falco-egress/tls/tls.key',
      ]),
    );
    expect(mainContainer(metacollector()).args?.join(' ')).not.toContain('cert');
  });

  it('is started again when it is renewed: it reads it only once', () => {
    const spec = template(metacollector(props)).spec;
    expect(spec.shareProcessNamespace).toBe(true);
    const [watch] = spec.initContainers ?? [];
    expect(watch).toMatchSnapshot();
    expect(watch?.command?.[2]).toContain(`pkill -TERM -x ${mainContainer(metacollector(props)).name}`);
    expect(template(metacollector()).spec).not.toHaveProperty('initContainers');
  });
});

test('only Falco reaches it: ours, or the one that is there', () => {
  expect(policy(metacollector()).ingress?.[0]).toMatchObject({ ports: [{ port: 45000 }] });
  const peer = (props: Partial<FalcoEgressProps>): unknown =>
    (policy(metacollector(props)).ingress?.[0] as { from?: object[] }).from?.[0];
  expect(component(peer({}) as object)).toBe('falco');
  expect(
    peer({ falco: { install: false, external: { namespace: 'sec', podLabels: { app: 'falco' } } } }),
  ).toEqual({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'sec' } },
    podSelector: { matchLabels: { app: 'falco' } },
  });
});

test('more than one, with a budget', () => {
  expect(kinds(metacollector({ metacollector: { replicas: 2 } }))).toContain('PodDisruptionBudget');
});

test('nothing without the plugin', () => {
  expect(metacollector({ plugins: { k8smeta: { source: 'none' } } })).toEqual([]);
});
