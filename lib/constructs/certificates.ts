import { Construct } from 'constructs';
import { objectName } from '../names';
import { either, given, is, not, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { dnsNames } from './endpoints';
import { usesK8smeta } from './k8smeta-plugin';
import { metadata } from './metadata';
import { clusterWide, namespaced } from './object';
import { tlsSecretName, type TlsComponent } from './tls';

const API_VERSION = 'cert-manager.io/v1';

/** Settings that the certificates read. */
export type CertificatesProps = Pick<
  FalcoEgressProps,
  | 'cluster'
  | 'name'
  | 'namespaces'
  | 'tls'
  | 'falco'
  | 'plugins'
  | 'sidekick'
  | 'responder'
  | 'collector'
  | 'labels'
  | 'annotations'
>;

/**
 * cert-manager's Certificates for every hop between our Pods, and, unless the settings name an issuer, an authority of
 * the stack's own: its key lies in cert-manager's namespace, where ClusterIssuers look for it.
 */
export class Certificates extends Construct {
  constructor(scope: Construct, id: string, props: CertificatesProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    when(is(settings.tls.issuer, 'certManager'), () => {
      this.addAll(settings);
    });
  }

  private addAll(settings: Settings): void {
    const { node, services } = settings.namespaces;
    when(not(given(settings.tls.certManager.issuerName)), () => {
      this.addAuthority(settings);
    });
    // Falco's, also one that somebody else installs: falcosidekick takes alerts only from who shows one.
    const falco = either(
      settings.falco.install,
      () => node,
      () => settings.falco.external.namespace,
    );
    this.addCertificate(settings, 'falco', falco, []);
    when(settings.collector.enabled, () => {
      this.addCertificate(settings, 'collector', node, []);
    });
    when(settings.sidekick.enabled, () => {
      this.addCertificate(settings, 'sidekick', services, dnsNames(settings, 'sidekick'));
    });
    when(settings.responder.enabled, () => {
      this.addCertificate(settings, 'responder', services, dnsNames(settings, 'responder'));
    });
    when(usesK8smeta(settings), () => {
      this.addCertificate(settings, 'metacollector', services, dnsNames(settings, 'metacollector'));
    });
  }

  private addAuthority(settings: Settings): void {
    const { namespace } = settings.tls.certManager;
    const name = authorityName(settings);
    const selfSigned = `${name}-self-signed`;
    clusterWide(this, 'self-signed', {
      apiVersion: API_VERSION,
      kind: 'ClusterIssuer',
      metadata: metadata(settings, 'certificates', { name: selfSigned, namespace: undefined }),
      spec: { selfSigned: {} },
    });
    namespaced(this, 'authority', {
      apiVersion: API_VERSION,
      kind: 'Certificate',
      metadata: metadata(settings, 'certificates', { name, namespace }),
      spec: {
        isCA: true,
        commonName: name,
        secretName: name,
        duration: '87600h',
        privateKey: { algorithm: 'ECDSA', size: 256 },
        issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: selfSigned },
      },
    });
    clusterWide(this, 'issuer', {
      apiVersion: API_VERSION,
      kind: 'ClusterIssuer',
      metadata: metadata(settings, 'certificates', { name, namespace: undefined }),
      spec: { ca: { secretName: name } },
    });
  }

  private addCertificate(
    settings: Settings,
    component: TlsComponent,
    namespace: string,
    dnsNames: string[],
  ): void {
    const { duration, issuerKind, issuerName } = settings.tls.certManager;
    const secretName = tlsSecretName(settings, component);
    namespaced(this, component, {
      apiVersion: API_VERSION,
      kind: 'Certificate',
      metadata: metadata(settings, 'certificates', { name: secretName, namespace }),
      spec: {
        secretName,
        duration,
        commonName: objectName(settings.name, component),
        dnsNames: dnsNames.length > 0 ? dnsNames : undefined,
        usages: ['digital signature', 'key encipherment', 'server auth', 'client auth'],
        privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
        issuerRef: either(
          given(issuerName),
          () => ({ group: 'cert-manager.io', kind: issuerKind, name: issuerName }),
          () => ({ group: 'cert-manager.io', kind: 'ClusterIssuer', name: authorityName(settings) }),
        ),
      },
    });
  }
}

function authorityName(settings: Settings): string {
  return `${settings.name}-ca`;
}
