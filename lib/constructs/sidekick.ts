import type { V1Container, V1EnvVar, V1Probe } from '@kubernetes/client-node';
import { Construct } from 'constructs';
import { objectName } from '../names';
import { all, eachEntry, either, given, joined, not, present, some, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { configText } from './config-text';
import { PORTS, scheme, usesSidekickUi, usesTls } from './endpoints';
import { falcoPeer } from './falco-peer';
import { image } from './image';
import { metadata } from './metadata';
import { networkPolicy, podsOf, scrapers, tcp, toDns, toOutputs } from './network-policy';
import { namespaced } from './object';
import { restrictedContainer, restrictedPod } from './pod';
import { replicated } from './replicated';
import { failsOnceChanged, markStart, startMarkMount, startMarkVolume } from './restart-on-change';
import { secretEnv } from './secret-env';
import { sidekickConfig, sidekickUsesOwnLoki } from './sidekick-config';
import { TLS_DIRECTORY, tlsMount, tlsVolume } from './tls';
import { service } from './service';

/** The user of the image. Fact: falcosidekick's Dockerfile. */
const USER = 1234;

const CONFIG_DIRECTORY = '/etc/falco-egress/config';

const CONFIG_FILE = 'config.yaml';

/** Settings that falcosidekick reads. */
export type SidekickProps = Pick<
  FalcoEgressProps,
  | 'cluster'
  | 'name'
  | 'platform'
  | 'namespaces'
  | 'images'
  | 'falco'
  | 'sidekick'
  | 'sidekickUi'
  | 'collector'
  | 'loki'
  | 'responder'
  | 'tls'
  | 'secrets'
  | 'networkPolicies'
  | 'monitoring'
  | 'labels'
  | 'annotations'
>;

/**
 * falcosidekick: takes Falco's alerts over HTTP and sends them on. It is fast and promises nothing: what a target does not
 * take at once is lost (docs/sidekick.md).
 *
 * Its configuration is a file without secrets; secrets are environment variables from Secrets. With certificates on it asks
 * each sender for one, and answers probes and metrics on port 2810.
 */
export class Sidekick extends Construct {
  constructor(scope: Construct, id: string, props: SidekickProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    when(settings.sidekick.enabled, () => {
      this.addConfig(settings);
      this.addPods(settings);
      this.addService(settings);
      this.addNetworkPolicy(settings);
    });
  }

  private addConfig(settings: Settings): void {
    namespaced(this, 'config', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata(settings, 'sidekick', { namespace: settings.namespaces.services }),
      data: { [CONFIG_FILE]: configText(sidekickConfig(settings)) },
    });
  }

  private addPods(settings: Settings): void {
    replicated(this, settings, {
      component: 'sidekick',
      namespace: settings.namespaces.services,
      pod: settings.sidekick,
      securityContext: restrictedPod(settings, USER),
      container: container(settings),
      volumes: [
        { name: 'config', configMap: { name: objectName(settings.name, 'sidekick') } },
        tlsVolume(settings, 'sidekick'),
        startMarkVolume,
      ],
      // Service links would set variables such as LOKI_PORT, which falcosidekick may read as settings.
      spec: { enableServiceLinks: false },
    });
  }

  private addService(settings: Settings): void {
    service(
      this,
      settings,
      'sidekick',
      present([
        { name: scheme(settings), port: PORTS.sidekick, targetPort: 'alerts' },
        when(usesTls(settings), () => ({
          name: 'plain',
          port: PORTS.sidekickPlain,
          targetPort: 'plain',
        })),
      ]),
    );
  }

  private addNetworkPolicy(settings: Settings): void {
    const { services } = settings.namespaces;
    networkPolicy(this, settings, {
      component: 'sidekick',
      namespace: services,
      ingress: [
        { from: [falcoPeer(settings)], ports: tcp(PORTS.sidekick) },
        // The responder's own alerts take the same way as Falco's.
        when(settings.responder.enabled, () => ({
          from: [podsOf(settings, 'responder', services)],
          ports: tcp(PORTS.sidekick),
        })),
        // Metrics, for whatever scrapes them. Without certificates they are on the port that takes alerts, which is open
        // to those alone that the settings name.
        when(usesTls(settings), () => ({ ports: tcp(PORTS.sidekickPlain) })),
        when(all(not(usesTls(settings)), given(settings.monitoring.scrapers.namespace)), () => ({
          from: [scrapers(settings)],
          ports: tcp(PORTS.sidekick),
        })),
      ],
      egress: [
        toDns,
        when(usesSidekickUi(settings), () => ({
          to: [podsOf(settings, 'sidekick-ui', services)],
          ports: tcp(PORTS.sidekickUi),
        })),
        when(settings.responder.enabled, () => ({
          to: [podsOf(settings, 'responder', services)],
          ports: tcp(PORTS.responder),
        })),
        when(sidekickUsesOwnLoki(settings), () => ({
          to: [podsOf(settings, 'loki', services)],
          ports: tcp(PORTS.loki),
        })),
        when(sendsElsewhere(settings), () => toOutputs(settings)),
      ],
    });
  }
}

function container(settings: Settings): V1Container {
  return {
    name: 'falcosidekick',
    ...image(settings, 'sidekick'),
    args: ['-c', `${CONFIG_DIRECTORY}/${CONFIG_FILE}`],
    ports: present([
      { name: 'alerts', containerPort: PORTS.sidekick, protocol: 'TCP' },
      when(usesTls(settings), () => ({
        name: 'plain',
        containerPort: PORTS.sidekickPlain,
        protocol: 'TCP',
      })),
    ]),
    env: environment(settings),
    securityContext: restrictedContainer,
    lifecycle: markStart,
    startupProbe: { ...ping(settings), periodSeconds: 2, failureThreshold: 30 },
    readinessProbe: { ...ping(settings), periodSeconds: 5, timeoutSeconds: 5 },
    livenessProbe: { ...alive(settings), periodSeconds: 15, timeoutSeconds: 5 },
    volumeMounts: present([
      { name: 'config', mountPath: CONFIG_DIRECTORY, readOnly: true },
      tlsMount(settings),
      startMarkMount,
    ]),
  };
}

/** The port that answers without a certificate. */
export function plainPort(settings: Settings): number {
  return either(
    usesTls(settings),
    () => PORTS.sidekickPlain,
    () => PORTS.sidekick,
  );
}

function ping(settings: Settings): V1Probe {
  const port = either(
    usesTls(settings),
    () => 'plain',
    () => 'alerts',
  );
  return { httpGet: { path: '/ping', port } };
}

/** Answers, and runs by the files that are there now. */
function alive(settings: Settings): V1Probe {
  const script = present([
    `wget -q -O /dev/null http://127.0.0.1:${plainPort(settings)}/ping || exit 1`,
    ...failsOnceChanged(CONFIG_DIRECTORY),
    when(usesTls(settings), () => failsOnceChanged(TLS_DIRECTORY).join('\n')),
  ]);
  return { exec: { command: ['sh', '-c', joined(script, '\n')] } };
}

/** Secrets. A variable wins over the same key of the file. */
function environment(settings: Settings): V1EnvVar[] {
  const { loki, slack } = settings.sidekick;
  const { secret, userKey, apiKeyKey } = loki.credentials;
  const authenticates = all(given(loki.url), given(secret));
  return present([
    when(authenticates, () => secretEnv('LOKI_USER', secret, userKey)),
    when(authenticates, () => secretEnv('LOKI_APIKEY', secret, apiKeyKey)),
    when(given(slack.webhookUrl.secret), () =>
      secretEnv('SLACK_WEBHOOKURL', slack.webhookUrl.secret, slack.webhookUrl.key),
    ),
    // Kubernetes puts a variable into another's value only if it stands before it.
    when(settings.responder.enabled, () =>
      secretEnv('RESPONDER_TOKEN', settings.secrets.responderToken.name, 'token'),
    ),
    when(settings.responder.enabled, () => ({
      name: 'WEBHOOK_CUSTOMHEADERS',
      value: 'Authorization:Bearer $(RESPONDER_TOKEN)',
    })),
    ...eachEntry(settings.sidekick.secretEnv, (name, reference) =>
      secretEnv(name, reference.secret, reference.key),
    ),
  ]);
}

/** Whether anything but the UI and the responder may get alerts: a variable alone can switch an output on. */
function sendsElsewhere(settings: Settings): boolean {
  const { loki, slack, alertmanager, outputs, secretEnv, env } = settings.sidekick;
  return some(
    given(loki.url),
    given(slack.webhookUrl.secret),
    given(alertmanager.url),
    given(outputs),
    given(secretEnv),
    given(env),
  );
}
