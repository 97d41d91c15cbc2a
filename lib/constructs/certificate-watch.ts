import type { V1Container } from '@kubernetes/client-node';
import { present, when } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { usesTls } from './endpoints';
import { image } from './image';
import { restrictedContainer } from './pod';
import { TLS_DIRECTORY, tlsMount } from './tls';

/** Seconds between two looks at the certificate. */
const INTERVAL = 30;

/**
 * A sidecar that ends a program of the same Pod once its certificate has been renewed; the kubelet starts it again. For
 * programs that read their certificate only once, from an image without a shell. The Pod must share its processes'
 * namespace, and the sidecar the program's user. The kubelet swaps the link `..data` when the Secret changes.
 *
 * @param program name of the process, at most 15 characters of it
 */
export function certificateWatch(settings: Settings, program: string): V1Container | undefined {
  const link = `${TLS_DIRECTORY}/..data`;
  return when(usesTls(settings), () => ({
    name: 'certificate-watch',
    // The smallest image of the stack with a shell: Alpine Linux.
    ...image(settings, 'sidekick'),
    command: [
      'sh',
      '-c',
      [
        "trap 'exit 0' TERM",
        `was=$(readlink ${link})`,
        'while :; do',
        `  sleep ${INTERVAL} & wait $!`,
        `  now=$(readlink ${link})`,
        '  [ "$now" = "$was" ] && continue',
        `  echo 'the certificate has changed: restarting ${program}'`,
        `  pkill -TERM -x ${program} && was=$now`,
        'done',
      ].join('\n'),
    ],
    restartPolicy: 'Always',
    resources: { requests: { cpu: '5m', memory: '8Mi' }, limits: { memory: '32Mi' } },
    securityContext: restrictedContainer,
    livenessProbe: { exec: { command: ['test', '-r', `${TLS_DIRECTORY}/tls.crt`] }, periodSeconds: 60 },
    volumeMounts: present([tlsMount(settings)]),
  }));
}
