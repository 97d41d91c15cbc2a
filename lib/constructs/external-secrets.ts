import { Construct } from 'constructs';
import { either, given, is, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { metadata } from './metadata';
import { eachNeededSecret, type NeededSecret } from './needed-secrets';
import { namespaced } from './object';

/** Settings that the ExternalSecrets read. */
export type ExternalSecretsProps = Pick<
  FalcoEgressProps,
  | 'cluster'
  | 'name'
  | 'namespaces'
  | 'sidekick'
  | 'sidekickUi'
  | 'grafana'
  | 'responder'
  | 'secrets'
  | 'labels'
  | 'annotations'
>;

/**
 * An ExternalSecret for each Secret that the stack needs, where `secrets.source` is `externalSecrets`: the operator
 * External Secrets fills it from a store of yours.
 *
 * What the operator would default is written out, so that Argo CD sees no difference. Fact: its CustomResourceDefinition
 * of 1.3, version v1.
 */
export class ExternalSecrets extends Construct {
  constructor(scope: Construct, id: string, props: ExternalSecretsProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    when(is(settings.secrets.source, 'externalSecrets'), () => {
      eachNeededSecret(settings, (needed) => {
        this.add(settings, needed);
      });
    });
  }

  private add(settings: Settings, { id, secret, key }: NeededSecret): void {
    const { storeKind, storeName, refreshInterval } = settings.secrets.externalSecrets;
    const remoteKey = either(
      given(secret.remoteKey),
      () => secret.remoteKey,
      () => secret.name,
    );
    namespaced(this, id, {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: metadata(settings, 'secrets', {
        name: secret.name,
        namespace: settings.namespaces.services,
      }),
      spec: {
        refreshInterval,
        secretStoreRef: { kind: storeKind, name: storeName },
        target: {
          name: secret.name,
          creationPolicy: 'Owner',
          deletionPolicy: 'Retain',
          // Without a template the operator copies our labels to the Secret, and Argo CD would take it for its own.
          template: { engineVersion: 'v2', mergePolicy: 'Replace', metadata: { labels: {} } },
        },
        data: [
          {
            secretKey: key.key,
            remoteRef: {
              key: remoteKey,
              property: key.key,
              conversionStrategy: 'Default',
              decodingStrategy: 'None',
              metadataPolicy: 'None',
            },
          },
        ],
      },
    });
  }
}
