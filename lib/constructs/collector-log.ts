import { objectName } from '../names';
import { either } from '../settings/decide';
import type { Settings } from '../settings/settings';

/** Where the node keeps the logs of its containers; mounted at the same path. */
export const LOGS_DIRECTORY = '/var/log/pods';

/** The extension that keeps checkpoints and queues on the node's disk. */
export const STORAGE = 'file_storage';

/**
 * One record of Falco's stdout or stderr in the log format of the container runtime interface: `time stream tag text`, where
 * the tag `P` marks a part of a long line and `F` its end. A record ends with its last part, so that a checkpoint never lies
 * between two parts; the operator `container`, which joins parts in memory, would lose them when the process is killed.
 * Fact: Kubernetes' kuberuntime/logs; containerd cuts at 16 KiB.
 */
const RECORD = [
  String.raw`\S+ stdout F [^\n]*\n`,
  String.raw`\S+ stdout P [^\n]*\n(?:\S+ (?:stdout P|stderr [FP]) [^\n]*\n)*\S+ stdout F [^\n]*\n`,
  String.raw`\S+ stderr [FP] [^\n]*\n`,
  // What is no record cannot be an alert; it must not hold up what follows.
  String.raw`[^0-9\n][^\n]*\n`,
  String.raw`\n`,
].join('|');

/** Reads a line's time, then leaves Falco's own text, and of these texts only alerts. */
export const ALERT_LINES = [
  {
    type: 'regex_parser',
    regex: String.raw`^(?P<time>\S+) `,
    parse_to: 'attributes',
    timestamp: {
      parse_from: 'attributes.time',
      layout_type: 'gotime',
      layout: '2006-01-02T15:04:05.999999999Z07:00',
    },
    on_error: 'send_quiet',
  },
  { type: 'remove', field: 'attributes.time', on_error: 'send_quiet' },
  // Lines of stderr between the parts of a line of stdout.
  { type: 'regex_replace', field: 'body', regex: String.raw`\n\S+ stderr [FP] [^\n]*`, replace_with: '' },
  {
    type: 'regex_replace',
    field: 'body',
    regex: String.raw`(?:\A|\n)\S+ stdout [FP] `,
    replace_with: '',
  },
  {
    type: 'filter',
    expr: `not (body startsWith '{' and body contains '"rule":' and body contains '"output_fields":')`,
  },
];

/** Falco's log on the node, whole records of it, from its beginning. Who names {@link STORAGE} goes on where it was. */
export function logFiles(settings: Settings): object {
  const log = `${LOGS_DIRECTORY}/${falcoPods(settings)}/falco/*.log`;
  return {
    // The kubelet renames a full log to *.log.<time>, and later packs all but the newest of these.
    include: [log, `${log}.2*`],
    exclude: [`${log}.2*.gz`, `${log}.2*.tmp`],
    include_file_name: false,
    start_at: 'beginning',
    poll_interval: '100ms',
    multiline: { line_end_pattern: String.raw`\A(?:${RECORD})` },
    // An unfinished record waits for its end.
    force_flush_period: '0s',
    retry_on_failure: RETRY,
  };
}

/** Folders of Falco's Pods: `namespace_pod_uid`. Of a Falco that somebody else installs only the container's name is known. */
function falcoPods(settings: Settings): string {
  return either(
    settings.falco.install,
    () => `${settings.namespaces.node}_${objectName(settings.name, 'falco')}-*_*`,
    () => `${settings.falco.external.namespace}_*_*`,
  );
}

/** For ever: what cannot be delivered waits on disk. */
export const RETRY = { enabled: true, max_interval: '10s', max_elapsed_time: '0s' };

/** A queue on disk, in which a batch is until it has been delivered. A full one makes the reader wait. */
export function onDisk(settings: Settings): object {
  return {
    enabled: true,
    storage: STORAGE,
    sizer: 'bytes',
    queue_size: settings.collector.queueBytes,
    block_on_overflow: true,
  };
}
