import type { V1Lifecycle, V1Volume, V1VolumeMount } from '@kubernetes/client-node';

const VOLUME = 'run';

const DIRECTORY = '/run/falco-egress';

const MARK = `${DIRECTORY}/started`;

/** Seconds for which a Pod that is about to go still takes requests, until every node knows that it goes. */
const LINGER = '5';

/** The volume of the mark that `markStart` leaves. */
export const startMarkVolume: V1Volume = { name: VOLUME, emptyDir: { sizeLimit: '1Mi' } };

/** The mount of that volume. */
export const startMarkMount: V1VolumeMount = { name: VOLUME, mountPath: DIRECTORY };

/** Marks the time at which a container started; and, at its end, waits until nobody sends to the Pod any more. */
export const markStart: V1Lifecycle = {
  postStart: { exec: { command: ['touch', MARK] } },
  preStop: { exec: { command: ['sleep', LINGER] } },
};

/**
 * Lines of a shell script that fail once one of the directories, each a ConfigMap or a Secret, has changed since the
 * container started. As a part of a liveness probe they restart a program that reads its files only once: no digest on a
 * Pod template rolls the Pods, and a renewed certificate is no change of a template at all.
 *
 * The kubelet swaps the link `..data` of such a volume when an object changes, and only then.
 */
export function failsOnceChanged(...directories: readonly string[]): string[] {
  return directories.map(
    (directory) =>
      `if [ ${directory}/..data -nt ${MARK} ]; then echo '${directory} has changed: restart'; exit 1; fi`,
  );
}
