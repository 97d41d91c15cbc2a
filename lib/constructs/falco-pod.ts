import type { V1Affinity, V1Container, V1EnvVar, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import { GUARD_DIRECTORY, objectName } from '../names';
import { each, eachEntry, either, given, present, when } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { PORTS } from './endpoints';
import { CONFIG_DIRECTORY, HOST_ROOT } from './falco-paths';
import { falcoSecurityContext } from './falco-privilege';
import { image } from './image';
import { pluginContainers, pluginMount, pluginVolumes } from './k8smeta-plugin';
import { podTemplate, type PodTemplate } from './pod';
import { rulesGuard, type RulesGuardProps } from './rules-guard';
import { rulesMount, rulesVolume } from './rules-volume';
import { tlsMount, tlsVolume } from './tls';

const config: V1VolumeMount = { name: 'config', mountPath: CONFIG_DIRECTORY, readOnly: true };

const tmp: V1VolumeMount = { name: 'tmp', mountPath: '/tmp' };

/** The template of Falco's Pods. Its ServiceAccount and the ConfigMap of its configuration have the component's name. */
export function falcoPod(settings: Settings): PodTemplate {
  const { falco } = settings;
  const name = objectName(settings.name, 'falco');
  return podTemplate(settings, {
    component: 'falco',
    pod: falco,
    // Owner of what the init containers leave for Falco, which may read everything but override nothing.
    securityContext: { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: 'RuntimeDefault' } },
    serviceAccountName: name,
    initContainers: [...pluginContainers(settings), ...rulesGuard(settings, guardView(settings))],
    container: container(settings),
    volumes: [
      ...guardVolumes(settings),
      tlsVolume(settings, 'falco'),
      { name: 'tmp', emptyDir: {} },
      { name: 'host-proc', hostPath: { path: '/proc' } },
      { name: 'host-etc', hostPath: { path: '/etc' } },
      { name: 'sys-kernel', hostPath: { path: '/sys/kernel' } },
      ...each(falco.runtimeSocketDirectories, (path, index): V1Volume => ({
        name: `runtime-${index}`,
        hostPath: { path },
      })),
    ],
    spec: {
      hostPID: when(falco.hostPid, () => true),
      affinity: affinity(settings),
      // Alerts in the queue still go out.
      terminationGracePeriodSeconds: 60,
      // Service links would only fill Falco's environment, out of which its configuration may take values.
      enableServiceLinks: false,
    },
  });
}

function container(settings: Settings): V1Container {
  return {
    name: 'falco',
    ...image(settings, 'falco'),
    command: ['/usr/bin/falco'],
    args: ['-c', `${CONFIG_DIRECTORY}/falco.yaml`],
    env: [{ name: 'HOST_ROOT', value: HOST_ROOT }, ...nodeEnv()],
    ports: [{ name: 'web', containerPort: PORTS.falco, protocol: 'TCP' }],
    securityContext: falcoSecurityContext(settings),
    // Falco answers once it watches; reading a large node's processes takes a while.
    startupProbe: { ...health, periodSeconds: 5, failureThreshold: 24 },
    readinessProbe: { ...health, periodSeconds: 15 },
    livenessProbe: { ...health, periodSeconds: 15 },
    volumeMounts: present([
      config,
      rulesMount,
      { name: 'state', mountPath: GUARD_DIRECTORY, readOnly: true },
      pluginMount(settings),
      tlsMount(settings),
      tmp,
      { name: 'host-proc', mountPath: `${HOST_ROOT}/proc`, readOnly: true },
      { name: 'host-etc', mountPath: `${HOST_ROOT}/etc`, readOnly: true },
      { name: 'sys-kernel', mountPath: '/sys/kernel', readOnly: true },
      ...each(settings.falco.runtimeSocketDirectories, (path, index): V1VolumeMount => ({
        name: `runtime-${index}`,
        mountPath: `${HOST_ROOT}${path}`,
        readOnly: true,
      })),
    ]),
  };
}

const health = { httpGet: { path: '/healthz', port: 'web' }, timeoutSeconds: 5 };

function nodeEnv(): V1EnvVar[] {
  return ['FALCO_HOSTNAME', 'FALCO_K8S_NODE_NAME'].map((name) => ({
    name,
    valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } },
  }));
}

/** The guard sees what Falco sees of rules and configuration, and nothing of the node. */
export function guardView(settings: Settings): RulesGuardProps {
  return {
    configDirectory: CONFIG_DIRECTORY,
    env: [...nodeEnv(), ...eachEntry(settings.falco.env, (name, value) => ({ name, value }))],
    volumeMounts: present([
      config,
      rulesMount,
      { name: 'state', mountPath: GUARD_DIRECTORY },
      pluginMount(settings),
      tmp,
    ]),
  };
}

/** The volumes of what the guard sees, but for the one at /tmp. */
export function guardVolumes(settings: Settings): (V1Volume | undefined)[] {
  return [
    { name: 'config', configMap: { name: objectName(settings.name, 'falco') } },
    rulesVolume(settings),
    { name: 'state', emptyDir: { sizeLimit: '64Mi' } },
    ...pluginVolumes(settings),
  ];
}

/** Falco's probe is built for these; the user's own affinity takes its place. */
export function affinity(settings: Settings): V1Affinity {
  return either<V1Affinity>(
    given(settings.falco.affinity),
    () => settings.falco.affinity,
    () => ({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: [{ key: 'kubernetes.io/arch', operator: 'In', values: ['amd64', 'arm64'] }],
            },
          ],
        },
      },
    }),
  );
}
