import type { V1Container } from '@kubernetes/client-node';
import { Construct } from 'constructs';
import { objectName } from '../names';
import type { Right } from '../program/right';
import { present, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { certificateWatch } from './certificate-watch';
import { PORTS, usesTls } from './endpoints';
import { falcoPeer } from './falco-peer';
import { image } from './image';
import { usesK8smeta } from './k8smeta-plugin';
import { networkPolicy, tcp, toApiServer, toDns } from './network-policy';
import { restrictedContainer, restrictedPod } from './pod';
import { replicated } from './replicated';
import { grantInCluster } from './rights';
import { TLS_DIRECTORY, tlsMount, tlsVolume } from './tls';
import { serviceAccount } from './service-account';
import { service } from './service';

/** The user of the image. Fact: k8s-metacollector's Dockerfile. */
const USER = 65532;

const PROGRAM = 'meta-collector';

const READ = ['get', 'list', 'watch'] as const;

/** What it reads. Fact: k8s-metacollector's manifest. It hands on names, labels and owners. */
const RIGHTS: readonly Right[] = [
  {
    apiGroups: [''],
    resources: ['namespaces', 'pods'],
    verbs: READ,
    why: 'tells Falco the labels of a Pod and of its namespace, by which namespaces are exempt',
  },
  {
    apiGroups: [''],
    resources: ['endpoints', 'replicationcontrollers', 'services'],
    verbs: READ,
    why: 'tells Falco to which Services and controllers a Pod belongs; does not start without',
  },
  {
    apiGroups: ['apps'],
    resources: ['daemonsets', 'deployments', 'replicasets'],
    verbs: READ,
    why: 'tells Falco which workload a Pod belongs to; does not start without',
  },
  {
    apiGroups: ['discovery.k8s.io'],
    resources: ['endpointslices'],
    verbs: READ,
    why: 'finds the Pods of a Service; does not start without',
  },
];

/** Settings that k8s-metacollector reads. */
export type MetacollectorProps = Pick<
  FalcoEgressProps,
  | 'cluster'
  | 'name'
  | 'platform'
  | 'namespaces'
  | 'images'
  | 'falco'
  | 'plugins'
  | 'metacollector'
  | 'tls'
  | 'networkPolicies'
  | 'labels'
  | 'annotations'
>;

/**
 * k8s-metacollector: tells the k8smeta plugin of each node about the Pods there and the labels of their namespaces, so
 * that Falco needs no access to the API server. It runs wherever the plugin is used, somebody else's Falco included.
 */
export class Metacollector extends Construct {
  constructor(scope: Construct, id: string, props: MetacollectorProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    when(usesK8smeta(settings), () => {
      this.addRights(settings);
      this.addPods(settings);
      this.addService(settings);
      networkPolicy(this, settings, {
        component: 'metacollector',
        namespace: settings.namespaces.services,
        ingress: [
          { from: [falcoPeer(settings)], ports: tcp(PORTS.metacollector) },
          { ports: tcp(PORTS.metacollectorMetrics) },
        ],
        egress: [toDns, toApiServer(settings)],
      });
    });
  }

  private addRights(settings: Settings): void {
    const namespace = settings.namespaces.services;
    serviceAccount(this, settings, 'metacollector', namespace);
    grantInCluster(this, settings, { component: 'metacollector', namespace, rights: RIGHTS });
  }

  private addPods(settings: Settings): void {
    replicated(this, settings, {
      component: 'metacollector',
      namespace: settings.namespaces.services,
      pod: settings.metacollector,
      securityContext: restrictedPod(settings, USER),
      serviceAccountName: objectName(settings.name, 'metacollector'),
      apiAccess: true,
      initContainers: [certificateWatch(settings, PROGRAM)],
      container: container(settings),
      volumes: [tlsVolume(settings, 'metacollector')],
      spec: { shareProcessNamespace: when(usesTls(settings), () => true) },
    });
  }

  private addService(settings: Settings): void {
    service(this, settings, 'metacollector', [
      {
        name: 'grpc',
        port: PORTS.metacollector,
        targetPort: 'broker',
      },
    ]);
  }
}

function container(settings: Settings): V1Container {
  const tls = usesTls(settings);
  return {
    name: PROGRAM,
    ...image(settings, 'metacollector'),
    command: [`/${PROGRAM}`],
    args: present([
      'run',
      `--broker-bind-address=:${PORTS.metacollector}`,
      `--metrics-bind-address=:${PORTS.metacollectorMetrics}`,
      `--health-probe-bind-address=:${PORTS.metacollectorProbes}`,
      when(tls, () => `--broker-server-cert=${TLS_DIRECTORY}/tls.crt`),
      when(tls, () => `--broker-server-key=${TLS_DIRECTORY}/tls.key`),
    ]),
    ports: [
      { name: 'broker', containerPort: PORTS.metacollector, protocol: 'TCP' },
      { name: 'metrics', containerPort: PORTS.metacollectorMetrics, protocol: 'TCP' },
      { name: 'probes', containerPort: PORTS.metacollectorProbes, protocol: 'TCP' },
    ],
    securityContext: restrictedContainer,
    startupProbe: { httpGet: { path: '/healthz', port: 'probes' }, periodSeconds: 5, failureThreshold: 24 },
    readinessProbe: { httpGet: { path: '/readyz', port: 'probes' }, periodSeconds: 10, timeoutSeconds: 5 },
    livenessProbe: { httpGet: { path: '/healthz', port: 'probes' }, periodSeconds: 15, timeoutSeconds: 5 },
    volumeMounts: when(tls, () => present([tlsMount(settings)])),
  };
}
