import type { V1Container, V1EnvVar, V1VolumeMount } from '@kubernetes/client-node';
import { image } from './image';
import { restrictedContainer } from './pod';
import { GUARD_DIRECTORY } from '../names';
import type { Settings } from '../settings/settings';

/** The file of the guard's program, beside falco.yaml. */
export const RULES_GUARD_FILE = 'rules-guard.sh';

/** What the guard's containers need to look at the rules as Falco does. */
export interface RulesGuardProps {
  /** Directory of falco.yaml and of the program. */
  readonly configDirectory: string;
  /** Falco's own environment: its configuration may name variables. */
  readonly env: V1EnvVar[];
  /** Mounts of the configuration, the rules, the state and the plugins. */
  readonly volumeMounts: V1VolumeMount[];
}

/**
 * An init container that judges the rules before Falco starts and never fails, and a sidecar that judges them again when
 * they change. The sidecar is not ready while the rules are refused, and with it the Pod is not, so that a rollout stops and
 * `kubectl get pods` shows it. Falco's container is not touched: it keeps running, by the rules that it took.
 */
export function rulesGuard(settings: Settings, props: RulesGuardProps): V1Container[] {
  const shared = {
    ...image(settings, 'falcoShell'),
    env: props.env,
    // Falco takes up to 200 MiB to read its rules; between two judgements the guard sleeps.
    resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '512Mi' } },
    securityContext: restrictedContainer,
    volumeMounts: props.volumeMounts,
  };
  const program = `${props.configDirectory}/${RULES_GUARD_FILE}`;
  return [
    { name: 'rules-guard', command: ['/bin/sh', program, 'once'], ...shared },
    {
      name: 'rules-watch',
      command: ['/bin/sh', program, 'watch'],
      restartPolicy: 'Always',
      ...shared,
      readinessProbe: {
        exec: { command: ['/bin/sh', '-c', `! test -e ${GUARD_DIRECTORY}/refused`] },
        periodSeconds: 10,
      },
      livenessProbe: {
        exec: { command: ['/bin/sh', '-c', `test -n "$(find ${GUARD_DIRECTORY}/alive -mmin -10)"`] },
        periodSeconds: 60,
        timeoutSeconds: 5,
      },
    },
  ];
}
