/** How fields take their argument that Falco's own catalogue leaves open: `[n]` a number, `[k]` a key, `?` not required. */
export const ARGUMENTS: ReadonlyMap<string, string> = new Map([
  ['evt.type.is', ''],
  ['evt.arg', '[n]'],
  ['evt.rawarg', ''],
  ['evt.around', '[n]'],
  ['evt.abspath', ''],
  ['proc.aexe', '[n?]'],
  ['proc.aexepath', '[n?]'],
  ['proc.aname', '[n?]'],
  ['proc.args', '[n?]'],
  ['proc.aargs', '[n?]'],
  ['proc.acmdline', '[n?]'],
  ['proc.env', '[nk?]'],
  ['proc.aenv', '[nk?]'],
  ['proc.apid', '[n?]'],
  ['thread.cgroup', ''],
  ['fd.types', '[n?]'],
]);

/**
 * Fields that Falco takes in conditions and outputs, but leaves out of its catalogue (`falco --list`): deprecated ones,
 * and those of sysdig's tables. From libs, `sinsp_filtercheck_event.cpp` and `sinsp_filtercheck_thread.cpp`.
 */
export const HIDDEN_FIELDS: readonly {
  readonly name: string;
  readonly type: string;
  readonly deprecated?: true;
}[] = [
  { name: 'evt.dir', type: 'CHARBUF', deprecated: true },
  { name: 'evt.latency', type: 'RELTIME', deprecated: true },
  { name: 'evt.latency.s', type: 'RELTIME', deprecated: true },
  { name: 'evt.latency.ns', type: 'RELTIME', deprecated: true },
  { name: 'evt.latency.quantized', type: 'UINT64', deprecated: true },
  { name: 'evt.latency.human', type: 'CHARBUF', deprecated: true },
  { name: 'evt.wait_latency', type: 'RELTIME', deprecated: true },
  { name: 'evt.outputtime', type: 'CHARBUF' },
  { name: 'evt.count.procinfo', type: 'UINT32' },
  { name: 'evt.count.threadinfo', type: 'UINT32' },
  { name: 'evt.buflen.in', type: 'UINT64' },
  { name: 'evt.buflen.out', type: 'UINT64' },
  { name: 'evt.buflen.file', type: 'UINT64' },
  { name: 'evt.buflen.file.in', type: 'UINT64' },
  { name: 'evt.buflen.file.out', type: 'UINT64' },
  { name: 'evt.buflen.net', type: 'UINT64' },
  { name: 'evt.buflen.net.in', type: 'UINT64' },
  { name: 'evt.buflen.net.out', type: 'UINT64' },
  { name: 'evt.infra.docker.name', type: 'CHARBUF' },
  { name: 'evt.infra.docker.container.id', type: 'CHARBUF' },
  { name: 'evt.infra.docker.container.name', type: 'CHARBUF' },
  { name: 'evt.infra.docker.container.image', type: 'CHARBUF' },
  { name: 'thread.vmsize.b', type: 'UINT64' },
  { name: 'thread.vmrss.b', type: 'UINT64' },
];

/** Names of system calls (`PPM_SC_FIELDS` in libs) whose event has another name; Falco binds them to the generic event. */
export const SYSCALLS_WITHOUT_AN_EVENT: readonly string[] = [
  'pread64',
  'pwrite64',
  '_llseek',
  'prlimit64',
  'fstatat64',
  'sendfile64',
  'fcntl64',
  '_newselect',
  'ugetrlimit',
  'setuid32',
  'getuid32',
  'setgid32',
  'getgid32',
  'geteuid32',
  'getegid32',
  'setresuid32',
  'setresgid32',
  'getresuid32',
  'getresgid32',
  'sched_process_exit',
  'sched_switch',
  'page_fault_user',
  'page_fault_kernel',
  'signal_deliver',
  'unknown',
];
