import type { V1Container } from '@kubernetes/client-node';
import { Construct } from 'constructs';
import { when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { host, PORTS, usesSidekickUi } from './endpoints';
import { image } from './image';
import { networkPolicy, podsOf, tcp, toDns } from './network-policy';
import { copy, restrictedContainer, restrictedPod } from './pod';
import { replicated } from './replicated';
import { secretEnv } from './secret-env';
import { service } from './service';

/** The user of the image. Fact: falcosidekick-ui's Dockerfile. */
const USER = 1234;

/** Settings that the UI reads. */
export type SidekickUiProps = Pick<
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
 * falcosidekick-ui, on port 2802, behind a login; `kubectl port-forward` reaches it.
 *
 * It takes alerts from anyone who can POST to it, login or not, so the NetworkPolicy lets only falcosidekick in. A
 * port-forward comes from the node itself, which a NetworkPolicy does not hold back.
 */
export class SidekickUi extends Construct {
  constructor(scope: Construct, id: string, props: SidekickUiProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    when(usesSidekickUi(settings), () => {
      this.addPods(settings);
      this.addService(settings);
      this.addNetworkPolicy(settings);
    });
  }

  private addPods(settings: Settings): void {
    replicated(this, settings, {
      component: 'sidekick-ui',
      namespace: settings.namespaces.services,
      pod: settings.sidekickUi,
      securityContext: restrictedPod(settings, USER),
      initContainers: [waitForStore(settings)],
      container: container(settings),
      // Service links would set variables, and the UI's settings are variables.
      spec: { enableServiceLinks: false },
    });
  }

  private addService(settings: Settings): void {
    service(this, settings, 'sidekick-ui', [{ name: 'http', port: PORTS.sidekickUi, targetPort: 'http' }]);
  }

  private addNetworkPolicy(settings: Settings): void {
    const { services } = settings.namespaces;
    networkPolicy(this, settings, {
      component: 'sidekick-ui',
      namespace: services,
      ingress: [{ from: [podsOf(settings, 'sidekick', services)], ports: tcp(PORTS.sidekickUi) }],
      egress: [
        toDns,
        { to: [podsOf(settings, 'sidekick-ui-store', services)], ports: tcp(PORTS.sidekickUiStore) },
      ],
    });
  }
}

/** The UI ends at once if the store does not answer when it starts: waiting spares a first start the back-off. */
function waitForStore(settings: Settings): V1Container {
  const store = `${host(settings, 'sidekick-ui-store')} ${PORTS.sidekickUiStore}`;
  return {
    name: 'wait-for-store',
    ...image(settings, 'sidekickUi'),
    command: [
      'sh',
      '-c',
      `until nc -w 2 ${store} </dev/null; do echo 'waiting for the store'; sleep 2; done`,
    ],
    resources: copy(settings.sidekickUi.resources),
    securityContext: restrictedContainer,
  };
}

function container(settings: Settings): V1Container {
  const { sidekickUi, sidekickUiStore } = settings.secrets;
  const healthz = { path: '/api/v1/healthz', port: 'http' };
  return {
    name: 'falcosidekick-ui',
    ...image(settings, 'sidekickUi'),
    ports: [{ name: 'http', containerPort: PORTS.sidekickUi, protocol: 'TCP' }],
    env: [
      secretEnv('FALCOSIDEKICK_UI_USER', sidekickUi.name, 'user'),
      {
        name: 'FALCOSIDEKICK_UI_REDIS_URL',
        value: `${host(settings, 'sidekick-ui-store')}:${PORTS.sidekickUiStore}`,
      },
      secretEnv('FALCOSIDEKICK_UI_REDIS_PASSWORD', sidekickUiStore.name, 'password'),
      { name: 'FALCOSIDEKICK_UI_TTL', value: settings.sidekickUi.ttl },
      // At `info` each request is a line, the probe's too.
      { name: 'FALCOSIDEKICK_UI_LOGLEVEL', value: 'warning' },
    ],
    securityContext: restrictedContainer,
    startupProbe: { httpGet: healthz, periodSeconds: 2, failureThreshold: 30 },
    readinessProbe: { httpGet: healthz, periodSeconds: 5, timeoutSeconds: 5 },
    livenessProbe: {
      exec: { command: ['sh', '-c', COUNTS_ALERTS] },
      periodSeconds: 30,
      timeoutSeconds: 10,
    },
  };
}

/**
 * Counts the alerts, with the login. `/api/v1/healthz` says "ok" whatever happens, and the UI makes its index in the store
 * only when it starts: after the store has lost it, nothing but a restart helps. It fails as well where the login is not
 * `login:password` with one colon, which the UI would silently take for `admin:admin`.
 */
const COUNTS_ALERTS = [
  `login=$(printf %s "$FALCOSIDEKICK_UI_USER" | base64 | tr -d '\\n')`,
  `wget -q -O /dev/null --header "Authorization: Basic $login" http://127.0.0.1:${PORTS.sidekickUi}/api/v1/events/count`,
].join('\n');
