/**
 * The words that Falco takes where its own schema says only "text". Falco refuses to start on any
 * other. Read from Falco's source: configuration.cpp, falco_common.cpp, logger.cpp .
 */

/** Values of `engine.kind`, letter for letter; `ebpf` and `gvisor` went away in Falco 0.44. */
export const ENGINE_KINDS = ['modern_ebpf', 'kmod', 'replay', 'nodriver'] as const;

/** Values of `rule_matching`, in any case of letters. */
export const RULE_MATCHINGS = ['first', 'all'] as const;

/** Values of `priority`, in any case of letters; `info` is the same as `informational`. */
export const PRIORITIES = [
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'informational',
  'info',
  'debug',
] as const;

/** Values of `log_level`, letter for letter. */
export const LOG_LEVELS = [
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'info',
  'debug',
] as const;

/** Values of `libs_logger.severity`, letter for letter. */
export const LIBS_SEVERITIES = [
  'fatal',
  'critical',
  'error',
  'warning',
  'notice',
  'info',
  'debug',
  'trace',
] as const;

/** Values of `syscall_event_drops.actions`, letter for letter. */
export const DROP_ACTIONS = ['ignore', 'log', 'alert', 'exit'] as const;
