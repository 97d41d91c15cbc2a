import { CoreV1Api, type V1Secret } from '@kubernetes/client-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { PRODUCT } from '../names';
import type { Log } from '../program/log';
import { clusterError, connect, statusOf, within } from '../program/cluster-connection';
import type { SecretStore } from './job';
import type { NewSecret, SecretValues } from './plan';
import { secretId } from './spec';

const CALL_TIMEOUT = 10_000;

/** Pauses after a call that the API server could not answer: a new Pod's network may take some seconds. */
const PAUSES = [500, 1000, 2000, 4000, 8000];

/** The Secrets of the cluster that `connect` finds. */
export function clusterSecrets(log: Log): SecretStore {
  const api = connect().makeApiClient(CoreV1Api);
  const options = within(CALL_TIMEOUT);

  const persistent = async <T>(
    doing: string,
    call: () => Promise<T>,
    expected: ReadonlyMap<number, T>,
  ): Promise<T> => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await call();
      } catch (error) {
        const status = statusOf(error);
        if (status !== undefined && expected.has(status)) return expected.get(status) as T;
        const failure = clusterError(error, doing);
        const pause = PAUSES[attempt];
        if (!failure.passing || pause === undefined) throw failure;
        log('info', failure.message, { code: failure.code, retryInMs: pause });
        await sleep(pause);
      }
    }
  };

  return {
    read: (namespace, name) =>
      persistent<SecretValues | undefined>(
        `get Secret ${namespace}/${name}`,
        async () => decoded(await api.readNamespacedSecret({ namespace, name }, options)),
        new Map([[404, undefined]]),
      ),
    create: (secret) =>
      persistent<'created' | 'exists'>(
        `create Secret ${secretId(secret.secret)}`,
        async () => {
          const { namespace } = secret.secret;
          await api.createNamespacedSecret(
            { namespace, body: manifest(secret), fieldManager: PRODUCT },
            options,
          );
          return 'created';
        },
        new Map([[409, 'exists']]),
      ),
  };
}

/** The object that is created. It carries nothing by which Argo CD or Helm would track it. */
function manifest({ secret, values }: NewSecret): V1Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: secret.name,
      namespace: secret.namespace,
      labels: {
        'app.kubernetes.io/name': PRODUCT,
        'app.kubernetes.io/component': 'secrets',
        'app.kubernetes.io/part-of': PRODUCT,
        'app.kubernetes.io/managed-by': PRODUCT,
      },
    },
    type: 'Opaque',
    data: Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    ),
  };
}

function decoded(secret: V1Secret): SecretValues {
  return Object.fromEntries(
    Object.entries(secret.data ?? {}).map(([key, value]) => [
      key,
      Buffer.from(value, 'base64').toString('utf8'),
    ]),
  );
}
