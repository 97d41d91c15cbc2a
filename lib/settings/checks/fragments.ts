import type { V1Affinity, V1Container, V1Toleration } from '@kubernetes/client-node';
import { nearest } from '../../schema/nearest';
import type { SettingsFinding } from '../finding';

/** Keys that Kubernetes 1.36 knows; the compiler holds each table to the types of its client. */
function keysOf<T extends object>(keys: Readonly<Record<keyof T & string, true>>): readonly string[] {
  return Object.keys(keys);
}

export const TOLERATION_KEYS = keysOf<V1Toleration>({
  key: true,
  operator: true,
  value: true,
  effect: true,
  tolerationSeconds: true,
});

export const AFFINITY_KEYS = keysOf<V1Affinity>({
  nodeAffinity: true,
  podAffinity: true,
  podAntiAffinity: true,
});

export const CONTAINER_KEYS = keysOf<V1Container>({
  args: true,
  command: true,
  env: true,
  envFrom: true,
  image: true,
  imagePullPolicy: true,
  lifecycle: true,
  livenessProbe: true,
  name: true,
  ports: true,
  readinessProbe: true,
  resizePolicy: true,
  resources: true,
  restartPolicy: true,
  restartPolicyRules: true,
  securityContext: true,
  startupProbe: true,
  stdin: true,
  stdinOnce: true,
  terminationMessagePath: true,
  terminationMessagePolicy: true,
  tty: true,
  volumeDevices: true,
  volumeMounts: true,
  workingDir: true,
});

/** The first level of what is passed on to Kubernetes as it is: there a slip of the pen shows as a refused object. */
export function checkKeys(
  path: SettingsFinding['path'],
  fragment: object,
  known: readonly string[],
): SettingsFinding[] {
  return Object.keys(fragment)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const meant = nearest(key, known);
      const hint = meant === undefined ? `; one of ${known.join(', ')}` : `; did you mean '${meant}'?`;
      return { path: [...path, key], message: `Kubernetes knows no '${key}' here${hint}` };
    });
}
