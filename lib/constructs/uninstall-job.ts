import type { V1Container, V1JobSpec, V1Volume } from '@kubernetes/client-node';
import { Construct } from 'constructs';
import { objectName, selectorLabels } from '../names';
import { all, given, is, present, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { PORTS, usesTls } from './endpoints';
import { hook } from './hook';
import { metadata } from './metadata';
import { networkPolicy, podsOf, tcp, toApiServer, toDns } from './network-policy';
import { namespaced } from './object';
import { podTemplate, restrictedContainer, restrictedPod, type PodTemplate } from './pod';
import type { ProgramProps } from './program';
import { quiet } from './quiet';
import { RESPONDER_CONFIG_DIRECTORY, RESPONDER_CONFIG_KEY } from './responder-config';
import { grantInCluster, grantInNamespace } from './rights';
import { PROGRAM_USER, runProgram } from './run-program';
import { serviceAccount } from './service-account';
import { tlsMount, tlsSecretName } from './tls';
import { RELEASE_RIGHTS, REPORT_RIGHTS, stopRights } from './uninstall-rights';

const COMPONENT = 'uninstall';

/** Tries again so often, each in a Pod of its own, whose log stays. */
const BACKOFF_LIMIT = 2;

/** Helm waits for five minutes by default, and does not say then what has failed. */
const DEADLINE_SECONDS = 240;

/** Gone once it is done; one that fails stays with the logs of its Pods. */
const JOB_HOOK = {
  ...hook('pre-delete', 'before-hook-creation,hook-succeeded', 0),
  'helm.sh/hook-output-log-policy': 'hook-succeeded,hook-failed',
};

/** There before the Job, and never left behind: they give rights and let Pods in. */
const NEEDED_HOOK = hook('pre-delete', 'before-hook-creation,hook-succeeded,hook-failed', -10);

/**
 * What `helm uninstall` runs before it deletes anything: a Job that tells which Pods stay cut off, or releases them, as
 * `responder.uninstall` says; where there are responses. All of it is hooks of Helm's and no part of the stack: in manifests
 * `kubectl apply` would run it at once. Argo CD runs it from 3.3 on, and ignores it before.
 */
export class UninstallJob extends Construct {
  constructor(scope: Construct, id: string, props: FalcoEgressProps & ProgramProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    const { responder, responses } = settings;
    when(all(responder.enabled, given(responses)), () => {
      this.addRights(settings);
      this.addJob(settings, props);
      this.addPolicies(settings);
    });
  }

  private addRights(settings: Settings): void {
    const namespace = settings.namespaces.services;
    const grant = { component: COMPONENT, namespace, annotations: NEEDED_HOOK } as const;
    serviceAccount(this, settings, COMPONENT, namespace, NEEDED_HOOK);
    grantInCluster(new Construct(this, 'report'), settings, {
      ...grant,
      name: `${objectName(settings.name, COMPONENT)}-report`,
      rights: REPORT_RIGHTS,
    });
    when(is(settings.responder.uninstall, 'release'), () => {
      const name = `${objectName(settings.name, COMPONENT)}-release`;
      grantInCluster(new Construct(this, 'release'), settings, { ...grant, name, rights: RELEASE_RIGHTS });
      const rights = stopRights(objectName(settings.name, 'responder'));
      grantInNamespace(new Construct(this, 'stop'), settings, { ...grant, name, rights });
    });
  }

  private addJob(settings: Settings, props: ProgramProps): void {
    namespaced<{ spec: V1JobSpec }>(this, 'job', {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: metadata(settings, COMPONENT, {
        namespace: settings.namespaces.services,
        annotations: JOB_HOOK,
      }),
      spec: {
        backoffLimit: BACKOFF_LIMIT,
        activeDeadlineSeconds: DEADLINE_SECONDS,
        template: podOf(settings, props),
      },
    });
  }

  /** It may ask the API server and tell falcosidekick, which lets it in, for that time only. */
  private addPolicies(settings: Settings): void {
    const namespace = settings.namespaces.services;
    networkPolicy(this, settings, {
      component: COMPONENT,
      namespace,
      annotations: NEEDED_HOOK,
      ingress: [],
      egress: [
        toDns,
        toApiServer(settings),
        when(settings.sidekick.enabled, () => ({
          to: [podsOf(settings, 'sidekick', namespace)],
          ports: tcp(PORTS.sidekick),
        })),
      ],
    });
    when(all(settings.networkPolicies.enabled, settings.sidekick.enabled), () =>
      namespaced(this, 'sidekick-network-policy', {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: metadata(settings, COMPONENT, {
          name: `${objectName(settings.name, COMPONENT)}-sidekick`,
          namespace,
          annotations: NEEDED_HOOK,
        }),
        spec: {
          podSelector: { matchLabels: selectorLabels(settings.name, 'sidekick') },
          policyTypes: ['Ingress'],
          ingress: [{ from: [podsOf(settings, COMPONENT, namespace)], ports: tcp(PORTS.sidekick) }],
        },
      }),
    );
  }
}

function podOf(settings: Settings, props: ProgramProps): PodTemplate {
  const config = `${RESPONDER_CONFIG_DIRECTORY}/${RESPONDER_CONFIG_KEY}`;
  const args = ['uninstall', '--mode', settings.responder.uninstall, '--config', config];
  const program = runProgram(settings, args, props);
  const container: V1Container = {
    name: COMPONENT,
    ...program.container,
    env: [...program.env],
    securityContext: restrictedContainer,
    volumeMounts: present([
      { name: 'config', mountPath: RESPONDER_CONFIG_DIRECTORY, readOnly: true },
      tlsMount(settings),
      program.mount,
    ]),
  };
  return podTemplate(settings, {
    component: COMPONENT,
    pod: quiet(settings.responder),
    serviceAccountName: objectName(settings.name, COMPONENT),
    apiAccess: true,
    securityContext: restrictedPod(settings, PROGRAM_USER),
    container,
    volumes: [
      { name: 'config', configMap: { name: objectName(settings.name, 'responder') } },
      certificate(settings),
      program.volume,
    ],
    spec: { restartPolicy: 'Never', enableServiceLinks: false },
  });
}

/** The responder's own, with which it shows itself to falcosidekick; what is missing must not keep the Job from running. */
function certificate(settings: Settings): V1Volume | undefined {
  return when(usesTls(settings), () => ({
    name: 'tls',
    secret: { secretName: tlsSecretName(settings, 'responder'), defaultMode: 0o440, optional: true },
  }));
}
