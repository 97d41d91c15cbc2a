import type { FalcoConfig } from '../falco/config';
import { egressRules, type EgressRulesOptions } from '../rules/library';
import { parseCondition } from '../rules/language/parse';
import { comparisonsOf } from '../rules/language/walk';
import { when } from '../settings/decide';
import type { Settings } from '../settings/settings';

/**
 * What keeps Falco's picture of sockets and processes true, by what goes wrong without it.
 *
 * Measured with Falco 0.44.1: with connect, sendto and sendmsg alone (and `repair`) it loses connects on copies of a socket
 * (dup2, F_DUPFD, pidfd_getfd) and on bound UDP sockets. Falco itself always adds the calls of its rules and plugins, and the
 * end of processes.
 */
const STATE: Readonly<Record<string, readonly string[]>> = {
  'no address of a socket': ['socket', 'bind', 'connect', 'getsockopt'],
  'connects on copies of a socket are lost': ['dup', 'dup2', 'dup3', 'fcntl', 'pidfd_open', 'pidfd_getfd'],
  'an old socket is taken for a new one': ['close'],
  'replies of a server count as sends to somebody new': [
    'accept',
    'accept4',
    'recvfrom',
    'recvmsg',
    'recvmmsg',
  ],
  'no process, parent or container': [
    'clone',
    'clone3',
    'fork',
    'vfork',
    'execve',
    'execveat',
    'setpgid',
    'setsid',
    'prctl',
  ],
  'an old user': ['setuid', 'setresuid', 'setgid', 'setresgid'],
  'an io_uring is taken for a file': ['io_uring_setup', 'io_uring_enter'],
};

/** The calls that our rules name, and those without which what they compare would not be true. */
export function egressSyscalls(): string[] {
  const named = VARIANTS.flatMap((options) => egressRules(options)).flatMap((object) =>
    'condition' in object && typeof object.condition === 'string' ? eventTypes(object.condition) : [],
  );
  return [...new Set([...named, ...Object.values(STATE).flat()])].sort();
}

const VARIANTS: readonly EgressRulesOptions[] = [{}, { exemption: 'namespaces' }];

/** The event types that a condition compares `evt.type` with. */
export function eventTypes(condition: string): string[] {
  return comparisonsOf(parseCondition(condition)).flatMap((check) => {
    if (check.kind !== 'comparison' || check.left.kind !== 'field' || check.left.name !== 'evt.type')
      return [];
    const { right } = check;
    if (right.kind === 'value') return [right.text];
    return right.kind === 'values' ? right.items.map(({ text }) => text) : [];
  });
}

/** Falco's own key, where the settings ask for it. */
export function baseSyscalls({ falco }: Settings): FalcoConfig['base_syscalls'] {
  return when(falco.baseSyscalls.egressOnly, () => ({
    custom_set: egressSyscalls(),
    repair: falco.baseSyscalls.repair,
  }));
}
