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

/** Falco takes up to 200 MiB to read its rules; between two judgements the guard sleeps. */
export const GUARD_RESOURCES = { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '512Mi' } };

/** What of a container runs the guard's program, by one of its subcommands. */
export function judgement(
  settings: Settings,
  props: RulesGuardProps,
  subcommand: 'once' | 'watch' | 'check',
): Omit<V1Container, 'name'> {
  return {
    command: ['/bin/sh', `${props.configDirectory}/${RULES_GUARD_FILE}`, subcommand],
    ...image(settings, 'falcoShell'),
    env: props.env,
    resources: GUARD_RESOURCES,
    securityContext: restrictedContainer,
    volumeMounts: props.volumeMounts,
  };
}

/**
 * An init container that judges the rules before Falco starts and never fails, and a sidecar that judges them again when
 * they change. The sidecar is not ready while the rules are refused, and with it the Pod is not, so that a rollout stops and
 * `kubectl get pods` shows it. Falco's container is not touched: it keeps running, by the rules that it took.
 */
export function rulesGuard(settings: Settings, props: RulesGuardProps): V1Container[] {
  return [
    { name: 'rules-guard', ...judgement(settings, props, 'once') },
    {
      name: 'rules-watch',
      ...judgement(settings, props, 'watch'),
      restartPolicy: 'Always',
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
