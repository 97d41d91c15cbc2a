import type { V1SecurityContext, V1SELinuxOptions } from '@kubernetes/client-node';
import { either, is, not, when } from '../settings/decide';
import type { Settings } from '../settings/settings';

/**
 * What every profile needs besides BPF.
 *
 * - SYS_RESOURCE raises the limit on locked memory, which holds BPF maps on kernels before 5.11;
 * - SYS_PTRACE reads `/proc/PID/exe` of processes that are not Falco's;
 * - DAC_READ_SEARCH lists `/proc/PID/fd` and reads `/proc/PID/environ` of other users: without it Falco knows no socket
 *   that such a process opened before Falco started. Measured: root without it gets EACCES.
 */
const READ_PROCESSES = ['SYS_RESOURCE', 'SYS_PTRACE', 'DAC_READ_SEARCH'] as const;

/**
 * The security context of Falco's container, by `falco.privilege`; docs/falco.md says why. The default profiles of
 * seccomp and AppArmor keep a container from `bpf`, `perf_event_open`, and the `/proc` of others.
 */
export function falcoSecurityContext(settings: Settings): V1SecurityContext {
  const { privilege } = settings.falco;
  const privileged = is(privilege, 'privileged');
  return {
    privileged: when(privileged, () => true),
    allowPrivilegeEscalation: when(not(privileged), () => false),
    capabilities: when(not(privileged), () => ({
      drop: ['ALL'],
      add: either(
        is(privilege, 'sysAdmin'),
        () => ['SYS_ADMIN', ...READ_PROCESSES],
        () => ['BPF', 'PERFMON', ...READ_PROCESSES],
      ),
    })),
    readOnlyRootFilesystem: true,
    runAsUser: 0,
    runAsGroup: 0,
    seccompProfile: { type: 'Unconfined' },
    appArmorProfile: { type: 'Unconfined' },
    seLinuxOptions: seLinux(settings),
  };
}

/**
 * The SELinux type that a privileged container gets by itself, where the platform enforces SELinux: that of ordinary
 * containers reaches neither the runtime's socket nor the processes of others.
 */
function seLinux(settings: Settings): V1SELinuxOptions | undefined {
  const { platform } = settings;
  return either<V1SELinuxOptions | undefined>(
    is(platform, 'bottlerocket'),
    () => ({ user: 'system_u', role: 'system_r', type: 'control_t', level: 's0-s0:c0.c1023' }),
    () => when(is(platform, 'openshift'), () => ({ type: 'spc_t' })),
  );
}
