import type { V1EnvVar } from '@kubernetes/client-node';

/** An environment variable whose value stands in a Secret of the Pod's namespace. A Pod waits until the Secret is there. */
export function secretEnv(name: string, secret: string, key: string): V1EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}
