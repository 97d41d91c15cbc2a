import { isDeepStrictEqual } from 'node:util';
import type { Draft, Item } from './draft';
import { isEmpty, isMap, isScalar, truth, valueAt, type Mapping } from './mapping';
import { priority } from './own-outputs';

/** Keys of chart 1.x that are not the key of falco.yaml in camel case. */
const RENAMED: Readonly<Record<string, string>> = {
  timeFormatISO8601: 'time_format_iso_8601',
  rulesFile: 'rules_files',
  rules_file: 'rules_files',
  'outputs.output_timeout': 'output_timeout',
};

/** What the charts write into falco.yaml by default, over their versions: it says nothing about what a user wants. */
const DEFAULTS: Readonly<Record<string, readonly unknown[]>> = {
  watch_config_files: [true],
  time_format_iso_8601: [false],
  buffer_format_base64: [false],
  json_output: [false, true],
  json_include_message_property: [false],
  json_include_output_property: [true],
  json_include_output_fields_property: [true],
  json_include_tags_property: [true],
  buffered_outputs: [false],
  rule_matching: ['first'],
  'outputs_queue.capacity': [0],
  output_timeout: [2000],
  log_stderr: [true],
  log_syslog: [true],
  log_level: ['info'],
  'libs_logger.enabled': [false, true],
  'libs_logger.severity': ['debug', 'info'],
  'syscall_event_timeouts.max_consecutives': [1000],
  'syscall_event_drops.threshold': [0.1],
  'syscall_event_drops.actions': [['log', 'alert']],
  'syscall_event_drops.rate': [0.03333],
  'syscall_event_drops.max_burst': [1, 10],
  'syscall_event_drops.simulate_drops': [false],
  'base_syscalls.repair': [false],
  'base_syscalls.all': [false],
  'falco_libs.thread_table_size': [262144],
  'falco_libs.thread_table_auto_purging_interval_s': [300],
  'falco_libs.thread_table_auto_purging_thread_timeout_s': [300],
  'falco_libs.snaplen': [80],
  'syslog_output.enabled': [true],
  'stdout_output.enabled': [true],
  'capture.enabled': [false],
  'capture.path_prefix': ['/tmp/falco'],
  'capture.mode': ['rules'],
  'capture.default_duration': [5000],
  plugins_hostinfo: [true],
  append_output: [[{ suggested_output: true }]],
  'metrics.enabled': [false],
  'metrics.interval': ['1h', '15m'],
  'metrics.output_rule': [false, true],
  'webserver.enabled': [true],
  'webserver.listen_port': [8765],
  'webserver.listen_address': ['0.0.0.0'],
  'webserver.k8s_healthz_endpoint': ['/healthz'],
  'webserver.ssl_enabled': [false],
  'webserver.ssl_certificate': ['/etc/falco/falco.pem', '/etc/falco/certs/server.pem'],
  'webserver.threadiness': [0],
  'webserver.prometheus_metrics_enabled': [false, true],
  config_files: [['/etc/falco/config.d']],
};

/** What Falco has no more, by its key in falco.yaml or the first part of it. */
const GONE: Readonly<Record<string, string>> = {
  grpc: 'Falco 0.44 removed its gRPC server; alerts leave by http_output to falcosidekick, metrics are at port 8765',
  grpc_output: 'Falco 0.44 removed its gRPC output; alerts leave by http_output to falcosidekick',
  'outputs.rate': 'Falco 0.37 removed rate limits on alerts',
  'outputs.max_burst': 'Falco 0.37 removed rate limits on alerts',
  'webserver.k8s_audit_endpoint': 'Falco 0.32 moved Kubernetes audit events into the plugin k8saudit',
  'webserver.node_port': 'the web server serves probes and metrics only, inside the cluster',
  metadata_download: 'Falco 0.37 removed its client of the API server',
  container_engines: 'its settings belong to the container plugin now: falco.config.plugins',
  modern_bpf: 'the modern eBPF probe is always used',
  syscall_buf_size_preset: 'it is engine.modern_ebpf.buf_size_preset now: falco.config',
  syscall_drop_failed_exit: 'it is engine.modern_ebpf.drop_failed_exit now: falco.config',
  liveness_probe: 'the stack has probes of its own',
  readiness_probe: 'the stack has probes of its own',
};

/** What the stack decides, and can't leave to others. */
const DECIDED: Readonly<Record<string, string>> = {
  webserver: 'probes and metrics ask Falco at port 8765, in plain HTTP',
  plugins:
    'the stack loads the plugins container and k8smeta; others need an init container that brings them',
  load_plugins:
    'the stack loads the plugins container and k8smeta; others need an init container that brings them',
  config_files: 'the stack has a directory of its own there',
  program_output: `Falco's image has neither a shell nor programs; use an output of falcosidekick`,
  file_output: `Falco's file system is read-only here; the collector keeps alerts (docs/collector.md)`,
  engine: 'the modern eBPF probe is always used; its keys go into falco.config.engine',
  stdout_output: 'alerts are always written to the log, from which the collector reads them',
  json_output: 'alerts are always JSON',
};

/** `falco`: what the chart writes into falco.yaml; 1.x had its keys in camel case. */
export const falcoYaml: Mapping = {
  apply: (item, draft, root) => {
    if (!isMap(item.value)) draft.unmapped(item, 'expected a map with the keys of falco.yaml');
    else walk(item, [], draft, root);
  },
};

function walk(item: Item, above: readonly string[], draft: Draft, root: unknown): void {
  for (const [name, value] of Object.entries(item.value as object) as [string, unknown][]) {
    const keys = falcoKeys([...above, RENAMED[name] ?? snakeCase(name)]);
    const entry = { path: [...item.path, name], value };
    const gone = GONE[keys[0] ?? ''] ?? GONE[keys.join('.')];
    if (keys[0] === 'http_output' && isMap(value)) httpOutput(entry, draft, root);
    else if (gone !== undefined && !isMap(value)) draft.gone(entry, gone);
    else if (isEmpty(value)) draft.unneeded(entry, 'empty');
    else if (isMap(value) && keys[0] !== 'static_fields') walk(entry, keys, draft, root);
    else leaf(entry, keys, draft, item.value);
  }
}

function falcoKeys(keys: readonly string[]): readonly string[] {
  return RENAMED[keys.join('.')]?.split('.') ?? keys;
}

function leaf(item: Item, keys: readonly string[], draft: Draft, siblings: unknown): void {
  const dotted = keys.join('.');
  const value = truth(item.value) ?? item.value;
  const known = DEFAULTS[dotted] ?? [];
  const decided = DECIDED[keys[0] ?? ''];
  const isOff =
    keys.length > 1 && truth(valueAt(siblings, 'enabled')) !== true && /_output$/.test(keys[0] ?? '');
  if (known.some((one) => isDeepStrictEqual(one, value))) draft.unneeded(item, `the chart's default`);
  else if (dotted === 'priority') priority(['falco', 'priority']).apply(item, draft, undefined);
  else if (dotted === 'rules_files') rulesFiles(item, draft);
  else if (isOff) draft.unneeded(item, 'this output is off');
  else if (decided !== undefined && dotted !== 'webserver.threadiness') draft.unmapped(item, decided);
  else if (dotted === 'metrics.enabled') draft.take(item, ['falco', 'metrics'], value);
  else {
    const word = ['log_level', 'libs_logger.severity'].includes(dotted) ? String(value).toLowerCase() : value;
    draft.take(item, ['falco', 'config', ...keys], word);
  }
}

/** falcosidekick's address where it is on; another receiver where it is off. */
function httpOutput(item: Item, draft: Draft, root: unknown): void {
  const map = item.value as Readonly<Record<string, unknown>>;
  const enabled = truth(map['enabled']) === true;
  const withSidekick = truth(valueAt(root, 'falcosidekick.enabled')) === true;
  for (const [name, value] of Object.entries(map)) {
    const key = snakeCase(name);
    const entry = { path: [...item.path, name], value };
    if (isEmpty(value)) draft.unneeded(entry, 'empty');
    else if (withSidekick) {
      if (key === 'enabled' || /falcosidekick/.test(String(value)))
        draft.unneeded(entry, `falcosidekick is on, and Falco knows its address`);
      else draft.unneeded(entry, 'falcosidekick is on, and the stack says how Falco reaches it');
    } else if (!enabled) draft.unneeded(entry, 'this output is off');
    else if (key === 'url' && /falcosidekick/.test(String(value)))
      draft.unmapped(
        entry,
        'a falcosidekick of its own: set sidekick.enabled to true, and import its values under falcosidekick',
      );
    else
      draft.take(
        entry,
        ['falco', 'config', 'http_output', key],
        truth(value) ?? value,
        key === 'url'
          ? `Falco's NetworkPolicy does not allow it: write one more, or set networkPolicies.enabled to false`
          : '',
      );
  }
}

/** The stock rules, and where the chart puts its own. */
function rulesFiles(item: Item, draft: Draft): void {
  const list = (Array.isArray(item.value) ? (item.value as unknown[]) : [item.value])
    .filter(isScalar)
    .map(String);
  const usual = /^\/etc\/falco\/(falco_rules(\.local)?\.yaml|k8s_audit_rules\.yaml|rules\.d\/?)$/;
  const other = list.filter((file) => !usual.test(file));
  if (other.length > 0)
    draft.unmapped(
      item,
      `rules files come from rulesFrom; ${other.length} of these are of an image or a volume`,
    );
  else if (list.includes('/etc/falco/falco_rules.yaml')) draft.unneeded(item, `the chart's default`);
  else draft.take(item, ['falco', 'stockRules'], false);
}

function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}
