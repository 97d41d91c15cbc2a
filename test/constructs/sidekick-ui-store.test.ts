import { SidekickUiStore, type SidekickUiStoreProps } from '../../lib/constructs/sidekick-ui-store';
import { synthesize } from '../constructs';
import { component, find, mainContainer, policy, template, variables } from './find';

function store(props: Omit<SidekickUiStoreProps, 'cluster'> = {}) {
  return synthesize((scope) => new SidekickUiStore(scope, 'store', { cluster: 'prod-eu-1', ...props }));
}

const persistent = { sidekickUi: { store: { persistent: true, size: '10Gi', storageClass: 'fast' } } };

test('the store', () => {
  expect(store()).toMatchSnapshot();
});

test('the store with a volume of its own', () => {
  expect(store(persistent)).toMatchSnapshot();
});

test.each([{ sidekickUi: { enabled: false } }, { sidekick: { enabled: false } }])(
  'nothing with %j',
  (props) => {
    expect(store(props)).toEqual([]);
  },
);

test('the password comes from a Secret, before the arguments that hold it', () => {
  const container = mainContainer(
    store({
      secrets: { sidekickUiStore: { name: 'redis' } },
      sidekickUi: { store: { maxMemory: '2gb' } },
    }),
    'StatefulSet',
  );
  expect(variables(container)['REDISCLI_AUTH']).toBe('redis/password');
  expect(variables(container)['REDIS_ARGS']).toMatch(/^--requirepass \$\(REDISCLI_AUTH\) .*--maxmemory 2gb /);
  expect((container.env ?? []).map(({ name }) => name)).toEqual(['REDISCLI_AUTH', 'REDIS_ARGS']);
  // The image's start script loads RediSearch.
  expect(container).not.toHaveProperty('command');
});

test('it is ready only with RediSearch and the right password', () => {
  const container = mainContainer(store(), 'StatefulSet');
  expect(container.readinessProbe?.exec?.command).toEqual(['redis-cli', '-e', 'FT._LIST']);
});

test('only the UI reaches it, and it reaches nobody', () => {
  const spec = policy(store());
  const from = (spec.ingress ?? []).flatMap(
    (rule) => (rule as { from?: Parameters<typeof component>[0][] }).from ?? [],
  );
  expect(from.map(component)).toEqual(['sidekick-ui']);
  expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
  expect(spec).not.toHaveProperty('egress');
});

test('no admin page: one port', () => {
  expect(mainContainer(store(), 'StatefulSet').ports).toEqual([
    { name: 'redis', containerPort: 6379, protocol: 'TCP' },
  ]);
  expect(mainContainer(store(), 'StatefulSet').image).toContain('redis-stack-server');
});

describe('data', () => {
  const volume = (props: Omit<SidekickUiStoreProps, 'cluster'>) =>
    template(store(props), 'StatefulSet').spec.volumes?.find(({ name }) => name === 'data');
  const claims = (props: Omit<SidekickUiStoreProps, 'cluster'>) =>
    store(props).filter(({ kind }) => kind === 'PersistentVolumeClaim');

  test("lies on the Pod's own disk", () => {
    expect(volume({})).toEqual({ name: 'data', emptyDir: { sizeLimit: '1Gi' } });
    expect(claims({})).toEqual([]);
  });

  test('lies on a volume of its own where the settings want one', () => {
    const claimName = 'falco-egress-sidekick-ui-store';
    expect(volume(persistent)).toEqual({ name: 'data', persistentVolumeClaim: { claimName } });
    expect(claims(persistent).map(({ metadata, spec }) => [metadata.name, spec])).toEqual([
      [
        claimName,
        {
          accessModes: ['ReadWriteOnce'],
          storageClassName: 'fast',
          resources: { requests: { storage: '10Gi' } },
        },
      ],
    ]);
  });

  test('of the default StorageClass names none', () => {
    expect(claims({ sidekickUi: { store: { persistent: true } } })[0]?.['spec']).not.toHaveProperty(
      'storageClassName',
    );
  });

  test('can be switched and can grow: the StatefulSet has no template of a claim, which could not change', () => {
    expect(find(store(persistent), 'StatefulSet')['spec']).not.toHaveProperty('volumeClaimTemplates');
  });
});
