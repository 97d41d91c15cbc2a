import type { V1Container } from '@kubernetes/client-node';
import { Construct } from 'constructs';
import { objectName, PRODUCT, selectorLabels, type Component } from '../names';
import { is, present, when } from '../settings/decide';
import type { Resolved } from '../settings/resolved';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import type { PodSettings } from '../settings/workload';
import { host, PORTS, usesSidekickUi } from './endpoints';
import { affinity, guardVolumes, guardView } from './falco-pod';
import { hook } from './hook';
import { image } from './image';
import { pluginContainers } from './k8smeta-plugin';
import { metadata, type Metadata } from './metadata';
import { podsOf, tcp, toDns, toRegistry } from './network-policy';
import { namespaced } from './object';
import { podTemplate, restrictedContainer, restrictedPod, type PodProps } from './pod';
import { quiet } from './quiet';
import { GUARD_RESOURCES, judgement } from './rules-guard';
import { runProgram } from './run-program';
import { plainPort } from './sidekick';

/** Any user but root will do: what the images hold is for everyone to read. */
const USER = 65534;

const ASKING_RESOURCES = { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } };

/** What is asked whether it answers. */
const ASKED: Component[] = ['sidekick', 'sidekick-ui', 'loki', 'grafana', 'responder'];

/** Gone once all tests have passed; of those that fail the Pod stays, with its log. */
const POD_HOOK = hook('test', 'before-hook-creation,hook-succeeded', 0);

/** There before the Pods, and never left behind: they let Pods in. */
const POLICY_HOOK = hook('test', 'before-hook-creation,hook-succeeded,hook-failed', -10);

/**
 * What `helm test` runs: Pods that ask Falco for its verdict on the rules as they are in the cluster, and the services
 * whether they answer. They are hooks of Helm's and no part of the stack; Argo CD, which knows no such hook, ignores them.
 */
export class ReleaseTests extends Construct {
  constructor(scope: Construct, id: string, props: FalcoEgressProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    const { sidekick, sidekickUi, loki, grafana, responder, networkPolicies } = settings;
    when(settings.falco.install, () => {
      this.addRulesTest(settings);
    });
    when(sidekick.enabled, () => {
      const url = `http://${host(settings, 'sidekick')}:${plainPort(settings)}/ping`;
      this.addTest(settings, 'sidekick', sidekick, asks(settings, 'sidekick', url));
    });
    when(usesSidekickUi(settings), () => {
      const url = `http://${host(settings, 'sidekick-ui')}:${PORTS.sidekickUi}/api/v1/healthz`;
      this.addTest(settings, 'sidekick-ui', sidekickUi, asks(settings, 'sidekickUi', url));
    });
    when(loki.enabled, () => {
      const url = `http://${host(settings, 'loki')}:${PORTS.loki}/ready`;
      this.addTest(settings, 'loki', loki, asksByNode(settings, url));
    });
    when(grafana.enabled, () => {
      const url = `http://${host(settings, 'grafana')}:${PORTS.grafana}/api/health`;
      this.addTest(settings, 'grafana', grafana, asksByNode(settings, url));
    });
    when(responder.enabled, () => {
      const url = `http://${host(settings, 'responder')}:${PORTS.responderMetrics}/readyz`;
      this.addTest(settings, 'responder', responder, asksByNode(settings, url));
    });
    when(networkPolicies.enabled, () => {
      this.addPolicies(settings);
    });
  }

  private addRulesTest(settings: Settings): void {
    const { node } = settings.namespaces;
    const view = guardView(settings);
    this.addPod(settings, 'rules', node, {
      component: 'test',
      pod: { ...quiet(settings.falco), resources: GUARD_RESOURCES },
      securityContext: restrictedPod(settings, USER),
      initContainers: pluginContainers(settings),
      container: { name: 'rules', ...judgement(settings, view, 'check') },
      volumes: [...guardVolumes(settings), { name: 'tmp', emptyDir: {} }],
      spec: { affinity: affinity(settings) },
    });
  }

  private addTest(
    settings: Settings,
    name: string,
    pod: Resolved<PodSettings>,
    container: Omit<V1Container, 'name'>,
  ): void {
    this.addPod(settings, name, settings.namespaces.services, {
      component: 'test',
      pod: { ...quiet(pod), resources: ASKING_RESOURCES },
      securityContext: restrictedPod(settings, USER),
      container: { name: 'ask', ...container, securityContext: restrictedContainer },
    });
  }

  private addPod(settings: Settings, name: string, namespace: string, props: PodProps): void {
    const { spec } = podTemplate(settings, props);
    const { labels, annotations, ...meta } = testMetadata(settings, name, namespace, POD_HOOK);
    namespaced(this, name, {
      apiVersion: 'v1',
      kind: 'Pod',
      // Ours stand after all of the user's: a key that also stood before them would keep that place.
      metadata: { ...meta, labels: { ...props.pod.labels, ...labels }, annotations },
      spec: {
        ...spec,
        restartPolicy: 'Never',
        // Pulling an image takes a while; a service that does not answer is asked for some minutes.
        activeDeadlineSeconds: 600,
        enableServiceLinks: false,
      },
    });
  }

  /** What the Pods may do, and that the services let them in: for the time of the tests only. */
  private addPolicies(settings: Settings): void {
    const { node, services } = settings.namespaces;
    const policy = (name: string, namespace: string, spec: object) =>
      namespaced(this, `${name}-network-policy`, {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: testMetadata(settings, name, namespace, POLICY_HOOK),
        spec,
      });
    const tests = { podSelector: { matchLabels: selectorLabels(settings.name, 'test') } };
    const both = { policyTypes: ['Ingress', 'Egress'] };
    when(settings.falco.install, () =>
      policy('rules', node, {
        ...tests,
        ...both,
        egress: present([
          toDns,
          when(is(settings.plugins.k8smeta.source, 'artifact'), () => toRegistry(settings)),
        ]),
      }),
    );
    const stack = {
      'app.kubernetes.io/name': PRODUCT,
      'app.kubernetes.io/instance': settings.name,
    };
    const asked = [PORTS.sidekick, PORTS.sidekickPlain, PORTS.sidekickUi, PORTS.responderMetrics];
    const ports = tcp(...asked, PORTS.loki, PORTS.grafana);
    policy('services', services, {
      ...tests,
      ...both,
      egress: [toDns, { to: [{ podSelector: { matchLabels: stack } }], ports }],
    });
    policy('ingress', services, {
      podSelector: {
        matchLabels: stack,
        matchExpressions: [{ key: 'app.kubernetes.io/component', operator: 'In', values: ASKED }],
      },
      policyTypes: ['Ingress'],
      ingress: [{ from: [podsOf(settings, 'test', services)], ports }],
    });
  }
}

function testMetadata(
  settings: Settings,
  name: string,
  namespace: string,
  annotations: Record<string, string>,
): Metadata {
  return metadata(settings, 'test', {
    name: `${objectName(settings.name, 'test')}-${name}`,
    namespace,
    annotations,
  });
}

/** Asks the URL that it is given, for some minutes at most: just after an upgrade a Pod may still be starting. */
export const ASK_SCRIPT = `tries=0
until wget -q -T 5 -O /dev/null "$1"; do
  tries=$((tries + 1))
  if [ "$tries" -ge "\${TRIES:-30}" ]; then echo "$1 does not answer" >&2; exit 1; fi
  sleep 2
done
echo "$1 answers"
`;

/** By an image that has sh and wget. Facts: the liveness probes of both run by them. */
function asks(settings: Settings, name: 'sidekick' | 'sidekickUi', url: string): Omit<V1Container, 'name'> {
  return { ...image(settings, name), command: ['sh', '-c', ASK_SCRIPT, 'ask', url] };
}

/** The same by Node, for the images of the responder and of Loki have neither. */
export const ASK_BY_NODE = `const [url] = process.argv.slice(1);
const ask = async (tries) => {
  const why = await fetch(url, { signal: AbortSignal.timeout(5000) })
    .then(async (answer) => (answer.ok ? '' : answer.status + ' ' + (await answer.text())), (error) => String(error.cause ?? error));
  if (why === '') return console.log(url + ' answers');
  if (tries > 0) return setTimeout(ask, 2000, tries - 1);
  console.error(url + ' does not answer: ' + why);
  process.exitCode = 1;
};
void ask(Number(process.env.TRIES ?? 30));
`;

function asksByNode(settings: Settings, url: string): Omit<V1Container, 'name'> {
  const { image: reference, imagePullPolicy } = runProgram(settings, [], {}).container;
  return { image: reference, imagePullPolicy, command: ['node', '-e', ASK_BY_NODE, url] };
}
