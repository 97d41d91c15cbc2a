import { flag, gone, named, onlyDefault, unless, unneeded, whole, type Mapping, type Table } from './mapping';

const LOADER = 'the modern eBPF probe is part of Falco, so nothing is built or downloaded';
const PROBE =
  'Falco 0.44 removed the old eBPF probe; the modern one (Linux 5.8 and later, with BTF) is always used';
const MODULE =
  'the stack loads no kernel module; the modern eBPF probe (Linux 5.8 and later, with BTF) is always used';

const kind: Mapping = {
  apply: (item, draft) => {
    const value = String(item.value);
    if (['modern_ebpf', 'modern-bpf', 'auto'].includes(value))
      draft.unneeded(item, 'the modern eBPF probe is always used');
    else if (['kmod', 'module'].includes(value)) draft.gone(item, MODULE);
    else if (value === 'ebpf') draft.gone(item, PROBE);
    else if (value === 'gvisor') draft.gone(item, 'Falco 0.44 removed gVisor support');
    else draft.unknown(item, 'not a driver of the official chart');
  },
};

/** Full privilege is what the chart gives by default; the stack's default starts with less. */
const leastPrivileged: Mapping = unless(
  [false],
  'the stack has a profile that starts everywhere: falco.privilege',
  {
    apply: (item, draft) => {
      draft.take(
        item,
        ['falco', 'privilege'],
        'capabilities',
        'where kernel.perf_event_paranoid is over 2 (Ubuntu, Debian) remove it: see docs/falco.md',
      );
    },
  },
);

/** `driver` and, of 1.x, `ebpf`. */
export const driver: Table = {
  'driver.enabled': onlyDefault([true], 'without its probe Falco sees no connection'),
  'driver.kind': kind,
  'driver.sysfsMountPath': onlyDefault(['/sys/kernel'], 'the stack mounts /sys/kernel'),
  'driver.kmod': gone(MODULE),
  'driver.ebpf.leastPrivileged': leastPrivileged,
  ...named(
    ['path', 'hostNetwork', 'bufSizePreset', 'dropFailedExit', 'sysfsMount'].map(
      (key) => `driver.ebpf.${key}`,
    ),
    gone(PROBE),
  ),
  ...(Object.assign(
    {},
    ...['modernEbpf', 'modern_bpf', 'modernBpf'].map((name) => modern(`driver.${name}`)),
  ) as Table),
  'driver.loader': gone(LOADER),
  'driver.gvisor': gone('Falco 0.44 removed gVisor support'),
  'ebpf.enabled': unless([false], MODULE, gone(PROBE)),
  ...named(['ebpf.path', 'ebpf.settings.hostNetwork'], gone(PROBE)),
  'leastPrivileged.enabled': leastPrivileged,
};

function modern(prefix: string): Table {
  const engine = 'falco.config.engine.modern_ebpf';
  return {
    [`${prefix}.leastPrivileged`]: leastPrivileged,
    [`${prefix}.bufSizePreset`]: unless([4], `the chart's default`, whole(`${engine}.buf_size_preset`)),
    [`${prefix}.dropFailedExit`]: unless([false], `the chart's default`, flag(`${engine}.drop_failed_exit`)),
    [`${prefix}.cpusForEachBuffer`]: unless(
      [2],
      `the chart's default`,
      whole(`${engine}.cpus_for_each_buffer`),
    ),
    [`${prefix}.disableIterators`]: unless(
      [false],
      `the chart's default`,
      flag(`${engine}.disable_iterators`),
    ),
    [`${prefix}.sysfsMount`]: unneeded('the stack mounts /sys/kernel'),
  };
}
