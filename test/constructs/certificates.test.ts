import { Certificates, type CertificatesProps } from '../../lib/constructs/certificates';
import { Collector } from '../../lib/constructs/collector';
import { Responder } from '../../lib/constructs/responder';
import { synthesize, type KubeObject } from '../constructs';
import { FAKE_PROGRAM } from './fake-program';
import { template } from './find';

interface CertificateSpec {
  readonly secretName: string;
  readonly dnsNames?: readonly string[];
  readonly usages?: readonly string[];
  readonly issuerRef: { readonly kind: string; readonly name: string };
  readonly isCA?: boolean;
}

function certificates(props: Omit<CertificatesProps, 'cluster'> = {}): KubeObject[] {
  const tls = { issuer: 'certManager', ...props.tls } as const;
  return synthesize(
    (scope) => new Certificates(scope, 'certificates', { cluster: 'prod-eu-1', ...props, tls }),
  );
}

/** Certificates of components, by `namespace/name`; the authority's own is none. */
function leaves(objects: readonly KubeObject[]): Map<string, CertificateSpec> {
  return new Map(
    objects
      .filter(({ kind }) => kind === 'Certificate')
      .map(
        ({ metadata, spec }) =>
          [`${metadata.namespace ?? ''}/${metadata.name}`, spec as CertificateSpec] as const,
      )
      .filter(([, spec]) => spec.isCA !== true),
  );
}

function hostOf(name: string): string[] {
  return [`${name}.falco-egress.svc`, `${name}.falco-egress.svc.cluster.local`];
}

test('the certificates', () => {
  expect(certificates({ collector: { enabled: true } })).toMatchSnapshot();
});

test.each(['none', 'existingSecrets'] as const)('none where the issuer is %s', (issuer) => {
  expect(certificates({ tls: { issuer } })).toEqual([]);
});

test('each component has one, in the namespace of its Pods', () => {
  expect([...leaves(certificates({ collector: { enabled: true } })).keys()].sort()).toEqual([
    'falco-egress/falco-egress-metacollector-tls',
    'falco-egress/falco-egress-responder-tls',
    'falco-egress/falco-egress-sidekick-tls',
    'falco/falco-egress-collector-tls',
    'falco/falco-egress-falco-tls',
  ]);
});

test.each<[Omit<CertificatesProps, 'cluster'>, string]>([
  [{ plugins: { k8smeta: { source: 'none' } } }, 'metacollector'],
  [{ sidekick: { enabled: false } }, 'sidekick'],
  [{ responder: { enabled: false } }, 'responder'],
  [{}, 'collector'],
])('with %j there is none for %s', (props, component) => {
  const names = [...leaves(certificates(props)).keys()];
  expect(names.filter((name) => name.endsWith(`-${component}-tls`))).toEqual([]);
});

test('a Falco that somebody else installs has one where it runs', () => {
  const falco = { install: false, external: { namespace: 'security' } };
  expect([...leaves(certificates({ falco })).keys()]).toContain('security/falco-egress-falco-tls');
});

test('servers are known by the names of their Services; clients by none', () => {
  const found = leaves(certificates({ collector: { enabled: true } }));
  for (const server of ['metacollector', 'responder', 'sidekick']) {
    const name = `falco-egress-${server}`;
    expect(found.get(`falco-egress/${name}-tls`)?.dnsNames).toEqual(hostOf(name));
  }
  for (const client of ['collector', 'falco'])
    expect(found.get(`falco/falco-egress-${client}-tls`)).not.toHaveProperty('dnsNames');
  for (const { usages } of found.values())
    expect(usages).toEqual(expect.arrayContaining(['server auth', 'client auth']));
});

test('without an issuer of yours, the stack has an authority whose key lies with cert-manager', () => {
  const objects = certificates({ name: 'sec', tls: { certManager: { namespace: 'security' } } });
  const issuers = objects.filter(({ kind }) => kind === 'ClusterIssuer');
  expect(issuers.map(({ metadata, spec }) => [metadata.name, spec])).toEqual([
    ['sec-ca-self-signed', { selfSigned: {} }],
    ['sec-ca', { ca: { secretName: 'sec-ca' } }],
  ]);
  const authority = objects.find(({ metadata }) => metadata.name === 'sec-ca' && metadata.namespace);
  expect(authority?.metadata.namespace).toBe('security');
  for (const { issuerRef } of leaves(objects).values())
    expect(issuerRef).toMatchObject({ kind: 'ClusterIssuer', name: 'sec-ca' });
});

test('with an issuer of yours, it signs, and there is no other', () => {
  const objects = certificates({ tls: { certManager: { issuerName: 'vault', issuerKind: 'Issuer' } } });
  expect(new Set(objects.map(({ kind }) => kind))).toEqual(new Set(['Certificate']));
  for (const { issuerRef } of leaves(objects).values())
    expect(issuerRef).toMatchObject({ kind: 'Issuer', name: 'vault' });
});

test('Pods mount the Secrets that the certificates fill', () => {
  const props = {
    cluster: 'prod-eu-1',
    tls: { issuer: 'certManager' },
    collector: { enabled: true },
  } as const;
  const mounted = [
    template(
      synthesize((scope) => new Collector(scope, 'c', props)),
      'DaemonSet',
    ),
    template(synthesize((scope) => new Responder(scope, 'r', { ...props, program: FAKE_PROGRAM }))),
  ].map(({ spec }) => spec.volumes?.find(({ name }) => name === 'tls')?.secret?.secretName);
  const filled = [...leaves(certificates(props)).values()].map(({ secretName }) => secretName);
  expect(filled).toEqual(expect.arrayContaining(mounted));
  expect(mounted).toEqual(['falco-egress-collector-tls', 'falco-egress-responder-tls']);
});
