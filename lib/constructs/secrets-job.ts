import type { V1Container, V1JobSpec } from '@kubernetes/client-node';
import { Construct } from 'constructs';
import { objectName } from '../names';
import { secretsRights } from '../secrets-job/rights';
import type { SecretsSpec, WantedSecret } from '../secrets-job/spec';
import { present, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { configText } from './config-text';
import { shortDigest } from './digest';
import { jsonText } from './json-text';
import { metadata } from './metadata';
import { eachNeededSecret, makesSecrets } from './needed-secrets';
import { networkPolicy, toApiServer, toDns } from './network-policy';
import { namespaced } from './object';
import { podTemplate, restrictedContainer, restrictedPod, type PodTemplate } from './pod';
import type { ProgramProps } from './program';
import { grantInNamespace } from './rights';
import { PROGRAM_USER, runProgram, type ProgramParts } from './run-program';
import { serviceAccount } from './service-account';

const SPEC_DIRECTORY = '/etc/falco-egress/config';

const SPEC_FILE = 'secrets.json';

/** How often the Job tries again; at last, with pauses, for about ten minutes. */
const BACKOFF_LIMIT = 6;

/** Settings that the Job reads. */
export type SecretsJobProps = Pick<
  FalcoEgressProps,
  | 'cluster'
  | 'name'
  | 'platform'
  | 'namespaces'
  | 'images'
  | 'sidekick'
  | 'sidekickUi'
  | 'grafana'
  | 'responder'
  | 'secrets'
  | 'networkPolicies'
  | 'labels'
  | 'annotations'
> &
  ProgramProps;

/**
 * A Job that makes each Secret that is absent, with random values, and never changes one; where `secrets.source` is `job`.
 * It runs our program, out of the ConfigMaps of `ProgramConfigMaps` by default.
 *
 * It is an ordinary object of the first sync wave and no hook: Argo CD waits until it is done before it goes on to the
 * workloads, shows when it failed, and does not run it again as long as nothing has changed. Its name holds a digest of
 * what it does, since a Job's template cannot be changed; it is kept once it is done, or it would be missing in the cluster.
 */
export class SecretsJob extends Construct {
  constructor(scope: Construct, id: string, props: SecretsJobProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    when(makesSecrets(settings), () => {
      const spec = jsonText(secretsSpec(settings));
      this.addSpec(settings, spec);
      this.addRights(settings);
      this.addJob(settings, spec, props);
      networkPolicy(this, settings, {
        component: 'secrets',
        namespace: settings.namespaces.services,
        ingress: [],
        egress: [toDns, toApiServer(settings)],
      });
    });
  }

  private addSpec(settings: Settings, spec: string): void {
    namespaced(this, 'spec', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata(settings, 'secrets', { namespace: settings.namespaces.services }),
      data: { [SPEC_FILE]: spec },
    });
  }

  private addRights(settings: Settings): void {
    const namespace = settings.namespaces.services;
    serviceAccount(this, settings, 'secrets', namespace);
    grantInNamespace(this, settings, {
      component: 'secrets',
      namespace,
      rights: secretsRights(present(eachNeededSecret(settings, ({ secret }) => secret.name))),
    });
  }

  private addJob(settings: Settings, spec: string, props: ProgramProps): void {
    const template = podOf(
      settings,
      runProgram(settings, ['secrets', '--spec', `${SPEC_DIRECTORY}/${SPEC_FILE}`], props),
    );
    const digest = shortDigest(configText({ spec, template }));
    namespaced<{ spec: V1JobSpec }>(this, 'job', {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: metadata(settings, 'secrets', {
        name: `${objectName(settings.name, 'secrets')}-${digest}`,
        namespace: settings.namespaces.services,
      }),
      spec: { backoffLimit: BACKOFF_LIMIT, template },
    });
  }
}

/** What the Job is told. */
function secretsSpec(settings: Settings): SecretsSpec {
  return {
    secrets: present(
      eachNeededSecret<WantedSecret>(settings, ({ secret, key }) => ({
        namespace: settings.namespaces.services,
        name: secret.name,
        keys: [key],
      })),
    ),
  };
}

function podOf(settings: Settings, program: ProgramParts): PodTemplate {
  const component = 'secrets';
  const container: V1Container = {
    name: 'secrets',
    ...program.container,
    env: [...program.env],
    securityContext: restrictedContainer,
    volumeMounts: present([{ name: 'spec', mountPath: SPEC_DIRECTORY, readOnly: true }, program.mount]),
  };
  return podTemplate(settings, {
    component,
    pod: settings.secrets.job,
    serviceAccountName: objectName(settings.name, component),
    apiAccess: true,
    securityContext: restrictedPod(settings, PROGRAM_USER),
    container,
    volumes: [{ name: 'spec', configMap: { name: objectName(settings.name, component) } }, program.volume],
    spec: { restartPolicy: 'OnFailure', enableServiceLinks: false },
  });
}
