import type { V1Container, V1Probe, V1StatefulSetSpec } from '@kubernetes/client-node';
import { Construct } from 'constructs';
import { objectName, selectorLabels } from '../names';
import { when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { PORTS, usesSidekickUi } from './endpoints';
import { image } from './image';
import { dataVolume, keptClaim } from './kept-claim';
import { metadata } from './metadata';
import { networkPolicy, podsOf, tcp } from './network-policy';
import { namespaced } from './object';
import { podTemplate, restrictedContainer, restrictedPod } from './pod';
import { secretEnv } from './secret-env';
import { service } from './service';

/** Any user but root will do: the image names none, and what it runs is for everyone to read. */
const USER = 1234;

const DATA_DIRECTORY = '/data';

/** Settings that the store reads. */
export type SidekickUiStoreProps = Pick<
  FalcoEgressProps,
  | 'cluster'
  | 'name'
  | 'platform'
  | 'namespaces'
  | 'images'
  | 'sidekick'
  | 'sidekickUi'
  | 'secrets'
  | 'networkPolicies'
  | 'labels'
  | 'annotations'
>;

/**
 * The store of falcosidekick-ui: Redis with RediSearch, in the variant of the image that has no admin page. It asks for a
 * password, and only the UI's Pods reach it; the UI speaks no TLS to it.
 */
export class SidekickUiStore extends Construct {
  constructor(scope: Construct, id: string, props: SidekickUiStoreProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    when(usesSidekickUi(settings), () => {
      when(settings.sidekickUi.store.persistent, () => {
        keptClaim(this, settings, 'sidekick-ui-store', settings.sidekickUi.store);
      });
      this.addPod(settings);
      this.addService(settings);
      this.addNetworkPolicy(settings);
    });
  }

  private addPod(settings: Settings): void {
    const { services } = settings.namespaces;
    const { store } = settings.sidekickUi;
    const labels = selectorLabels(settings.name, 'sidekick-ui-store');
    namespaced<{ spec: V1StatefulSetSpec }>(this, 'stateful-set', {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: metadata(settings, 'sidekick-ui-store', { namespace: services, wave: 'workloads' }),
      spec: {
        replicas: 1,
        revisionHistoryLimit: 3,
        serviceName: objectName(settings.name, 'sidekick-ui-store'),
        // The other policy waits for ever for a Pod that a wrong image keeps from starting, also after the image is right.
        podManagementPolicy: 'Parallel',
        selector: { matchLabels: labels },
        template: podTemplate(settings, {
          component: 'sidekick-ui-store',
          pod: store,
          securityContext: restrictedPod(settings, USER),
          container: container(settings),
          volumes: [
            { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
            dataVolume(settings, 'sidekick-ui-store', settings.sidekickUi.store),
          ],
          spec: { enableServiceLinks: false },
        }),
      },
    });
  }

  private addService(settings: Settings): void {
    service(this, settings, 'sidekick-ui-store', [
      { name: 'redis', port: PORTS.sidekickUiStore, targetPort: 'redis' },
    ]);
  }

  private addNetworkPolicy(settings: Settings): void {
    const { services } = settings.namespaces;
    networkPolicy(this, settings, {
      component: 'sidekick-ui-store',
      namespace: services,
      ingress: [{ from: [podsOf(settings, 'sidekick-ui', services)], ports: tcp(PORTS.sidekickUiStore) }],
      egress: [],
    });
  }
}

function container(settings: Settings): V1Container {
  const { maxMemory } = settings.sidekickUi.store;
  return {
    name: 'redis',
    ...image(settings, 'sidekickUiStore'),
    ports: [{ name: 'redis', containerPort: PORTS.sidekickUiStore, protocol: 'TCP' }],
    env: [
      // redis-cli logs in by it; and a variable is put into another's value only if it stands before it.
      secretEnv('REDISCLI_AUTH', settings.secrets.sidekickUiStore.name, 'password'),
      {
        // The image's start script, which also loads RediSearch, hands these to Redis word by word. Every alert expires,
        // so `volatile-ttl` drops the oldest when memory is short; the snapshot keeps the index over a restart.
        name: 'REDIS_ARGS',
        value: `--requirepass $(REDISCLI_AUTH) --save 300 1 --maxmemory ${maxMemory} --maxmemory-policy volatile-ttl`,
      },
    ],
    securityContext: restrictedContainer,
    startupProbe: { ...answers('FT._LIST'), periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 90 },
    readinessProbe: { ...answers('FT._LIST'), periodSeconds: 10, timeoutSeconds: 5 },
    livenessProbe: { ...answers('PING'), periodSeconds: 20, timeoutSeconds: 10 },
    volumeMounts: [
      { name: 'data', mountPath: DATA_DIRECTORY },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}

/** `-e` makes an error of Redis an error of redis-cli: a wrong password, a module that is not there, data still loading. */
function answers(command: string): V1Probe {
  return { exec: { command: ['redis-cli', '-e', command] } };
}
