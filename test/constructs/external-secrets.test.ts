import { ExternalSecrets, type ExternalSecretsProps } from '../../lib/constructs/external-secrets';
import { synthesize } from '../constructs';

interface Spec {
  readonly secretStoreRef: object;
  readonly data: readonly { readonly secretKey: string; readonly remoteRef: object }[];
}

function externalSecrets(props: Partial<ExternalSecretsProps> = {}) {
  const secrets = { source: 'externalSecrets', ...props.secrets } as const;
  return synthesize(
    (scope) => new ExternalSecrets(scope, 'external', { cluster: 'prod-eu-1', ...props, secrets }),
  ) as (ReturnType<typeof synthesize>[number] & { spec: Spec })[];
}

test('the ExternalSecrets', () => {
  expect(externalSecrets()).toMatchSnapshot();
});

test.each(['job', 'existing'] as const)('none where the source is %s', (source) => {
  expect(externalSecrets({ secrets: { source } })).toEqual([]);
});

test('the Secrets that the operator makes get no label of ours, by which Argo CD would track and prune them', () => {
  for (const { spec } of externalSecrets())
    expect(spec).toMatchObject({
      target: { template: { mergePolicy: 'Replace', metadata: { labels: {} } } },
    });
});

test('only what the enabled components need', () => {
  const names = externalSecrets({ responder: { enabled: false } }).map(({ metadata }) => metadata.name);
  expect(names).toEqual(['falco-egress-sidekick-ui', 'falco-egress-sidekick-ui-store']);
});

test('store, name and key in the store are settings', () => {
  const [token] = externalSecrets({
    secrets: {
      externalSecrets: { storeKind: 'SecretStore', storeName: 'vault' },
      responderToken: { name: 'token', remoteKey: 'security/falco' },
    },
    sidekickUi: { enabled: false },
  });
  expect(token?.spec).toMatchObject({
    secretStoreRef: { kind: 'SecretStore', name: 'vault' },
    target: { name: 'token' },
    data: [{ secretKey: 'token', remoteRef: { key: 'security/falco', property: 'token' } }],
  });
});
