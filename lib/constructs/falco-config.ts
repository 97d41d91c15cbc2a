import { assertFalcoConfig, type FalcoConfig } from '../falco/config';
import { falcoVersion } from '../falco/versions';
import { GUARD_CONFIG_DIRECTORY } from '../names';
import { decided, either, overlaid, present, when } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { baseSyscalls } from './base-syscalls';
import { host, PORTS, scheme, usesTls } from './endpoints';
import { IMAGE_PLUGINS, STOCK_RULES } from './falco-paths';
import { k8smetaPlugin, usesK8smeta } from './k8smeta-plugin';
import { TLS_DIRECTORY } from './tls';

/**
 * Falco's configuration: what the stack needs, with `falco.config` merged over it. Throws unless the whole is right: what
 * the settings say may be so only where it stands.
 *
 * Some of it only repeats what Falco's own falco.yaml says. That file is not read here, and without it Falco's source has
 * other defaults: an engine that needs a kernel module, no output, no web server, drops without a word, and alerts without
 * the Pod's name (`append_output`). Facts: Falco's configuration.cpp and falco.yaml.
 *
 * @throws {@link FalcoConfigError}
 */
export function checkedFalcoConfig(settings: Settings): FalcoConfig {
  const config: unknown = overlaid(ownConfig(settings), settings.falco.config);
  if (!decided(config)) return config as FalcoConfig;
  const { version } = falcoVersion(settings.falco.version);
  assertFalcoConfig(config, version);
  return config;
}

/** What each alert tells beside its rule's own output: the Pod, and by its UID which one of that name. */
export const APPEND_OUTPUT = [
  { suggested_output: true },
  { match: { source: 'syscall' }, extra_fields: ['k8s.pod.uid'] },
];

function ownConfig(settings: Settings): FalcoConfig {
  return {
    // Not /etc/falco/config.d: a file of the image there loads the container plugin, a second time if we do too.
    config_files: [GUARD_CONFIG_DIRECTORY],
    watch_config_files: true,
    // Our rules follow by the guard's file in config_files: lists there are appended to these.
    rules_files: either(
      settings.falco.stockRules,
      () => [STOCK_RULES],
      () => [],
    ),
    // With `first`, a rule on one address would hide behind the rule on any.
    rule_matching: 'all',
    priority: settings.falco.priority,
    engine: { kind: 'modern_ebpf' },
    base_syscalls: baseSyscalls(settings),
    ...plugins(settings),
    append_output: APPEND_OUTPUT,
    json_output: true,
    time_format_iso_8601: true,
    stdout_output: { enabled: true },
    syslog_output: { enabled: false },
    http_output: httpOutput(settings),
    // Without a bound a target that hangs takes all of Falco's memory; what is dropped is counted in a metric.
    outputs_queue: { capacity: 50000 },
    log_stderr: true,
    log_syslog: false,
    log_level: 'info',
    libs_logger: { enabled: true, severity: 'info' },
    syscall_event_drops: { threshold: 0.1, actions: ['log', 'alert'], rate: 0.03333, max_burst: 1 },
    metrics: {
      enabled: settings.falco.metrics,
      output_rule: false,
      interval: '15m',
      kernel_event_counters_per_cpu_enabled: false,
      jemalloc_stats_enabled: false,
    },
    webserver: {
      enabled: true,
      listen_address: '0.0.0.0',
      listen_port: PORTS.falco,
      k8s_healthz_endpoint: '/healthz',
      prometheus_metrics_enabled: settings.falco.metrics,
    },
  };
}

/** `container` is in Falco's image and is named here, once, for all sources of k8smeta. */
function plugins(settings: Settings): FalcoConfig {
  return {
    load_plugins: present(['container', when(usesK8smeta(settings), () => 'k8smeta')]),
    plugins: present([
      {
        name: 'container',
        library_path: `${IMAGE_PLUGINS}/libcontainer.so`,
        init_config: { label_max_len: 100, with_size: false },
      },
      k8smetaPlugin(settings),
    ]),
  };
}

/** Falco sends no headers of its own choosing: a certificate is all by which it can show who it is. */
function httpOutput(settings: Settings): FalcoConfig['http_output'] {
  const tls = usesTls(settings);
  return {
    enabled: settings.sidekick.enabled,
    url: `${scheme(settings)}://${host(settings, 'sidekick')}:${PORTS.sidekick}/`,
    // One handshake for many alerts.
    keep_alive: true,
    mtls: tls,
    ca_cert: when(tls, () => `${TLS_DIRECTORY}/ca.crt`),
    client_cert: when(tls, () => `${TLS_DIRECTORY}/tls.crt`),
    client_key: when(tls, () => `${TLS_DIRECTORY}/tls.key`),
  };
}
