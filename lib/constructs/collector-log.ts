import { objectName } from '../names';
import { CANARY_RULE } from '../rules/library';
import { either } from '../settings/decide';
import type { Settings } from '../settings/settings';

/** Where the node keeps the logs of its containers; mounted at the same path. */
export const LOGS_DIRECTORY = '/var/log/pods';

/** The extension that keeps checkpoints and queues on the node's disk. */
export const STORAGE = 'file_storage';

/**
 * The log format of the container runtime interface is `time stream tag text`, where the tag `P` marks a part of a long line and
 * `F` its end. A long line may be cut between any two bytes.
 * Fact: Kubernetes' kuberuntime/logs; containerd cuts at 16 KiB.
 */
const CUT = String.raw`(?:\n\S+ stdout [PF] )?`;

/**
 * The end of an alert: `time` is the last of its keys, and within a text a quotation mark has a backslash before it. What Falco
 * says besides goes with the alert that follows it. A piece so cut off never ends between two parts of a line, so no checkpoint
 * lies there; the operators `container` and `recombine`, which join parts in memory, would lose them when the process is killed.
 *
 * It begins with a letter that is rare in alerts, which Go looks for at once. An expression that goes over each byte, such as
 * one for whole lines, costs 40 to 150 µs an alert; this one 3.
 */
const ALERT_END = `Z${CUT}"${CUT}\\}${CUT}\\n`;

/**
 * The end of an alert of any Falco: before 0.44 its fields came last, or what the library for JSON put there. Also looked for
 * at once, by its bracket; but a long line that the runtime cuts right after one is taken for two.
 */
const OBJECT_END = `\\}${CUT}\\n`;

/** Of a piece of several lines the last record of stdout, in all its parts; white space at its end has been cut off. */
const LAST_RECORD = [
  String.raw`\A(?s:.*?\n)??`,
  String.raw`(\S+ stdout (?:F \{[^\n]*|P \{[^\n]*\n(?:\S+ (?:stdout P|stderr [FP]) [^\n]*\n)*\S+ stdout F[^\n]*))\z`,
].join('');

/** That a piece has several lines; few have. */
export const HAS_LINES = String.raw`body contains "\n"`;

/** What is true of an alert's text. */
const IS_ALERT = [`body startsWith '{'`, `body contains '"rule":'`, `body contains '"output_fields":'`];

/** Leaves of a piece the record that ends it. */
const RECORD = replace(LAST_RECORD, '$$1', HAS_LINES);

/** Leaves of a record Falco's own text. */
const TEXT = [
  replace(String.raw`\n\S+ (?:stderr [FP] [^\n]*|stdout [FP] ?)`, '', HAS_LINES),
  replace(String.raw`\A\S+ stdout [FP] `, ''),
];

/** As the rule of an alert, not within a text of it: there a quotation mark has a backslash before it. */
export const IS_CANARY = `body contains '"rule":"${CANARY_RULE}"'`;

/** Leaves Falco's own text, and of these texts only alerts of which the condition, if any, is true. */
export function alertTexts(condition?: string): readonly object[] {
  return [RECORD, ...TEXT, only(condition)];
}

/** Reads the time at which each came, and leaves the same. */
export function timedAlertTexts(condition?: string): readonly object[] {
  return [RECORD, ...READ_TIME, ...TEXT, only(condition)];
}

/** Reads the time with which the container runtime begins a line. */
export const READ_TIME: readonly object[] = [
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
];

function only(condition?: string): object {
  const all = [...IS_ALERT, ...(condition === undefined ? [] : [`(${condition})`])];
  return { type: 'filter', expr: `not (${all.join(' and ')})` };
}

function replace(regex: string, text: string, condition?: string): object {
  return { type: 'regex_replace', field: 'body', regex, replace_with: text, if: condition };
}

/** Falco's log on the node, in pieces that end with an alert, from its beginning. Who names {@link STORAGE} goes on where it was. */
export function logFiles(settings: Settings): object {
  return {
    ...containerLog(falcoPods(settings), 'falco'),
    poll_interval: '100ms',
    // Of a Falco that somebody else installs nobody knows how old it is.
    multiline: {
      line_end_pattern: either(
        settings.falco.install,
        () => ALERT_END,
        () => OBJECT_END,
      ),
    },
    // More than the kubelet lets a log become: what Falco says without any alert is not cut off in the midst of the next one.
    max_log_size: '16MiB',
  };
}

/** The logs of a container on the node, from their beginning. */
export function containerLog(pods: string, container: string): object {
  const log = `${LOGS_DIRECTORY}/${pods}/${container}/*.log`;
  return {
    // The kubelet renames a full log to *.log.<time>, and later packs all but the newest of these.
    include: [log, `${log}.2*`],
    exclude: [`${log}.2*.gz`, `${log}.2*.tmp`],
    include_file_name: false,
    start_at: 'beginning',
    // What is unfinished waits for its end.
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

/**
 * Stops what is empty: a reader that has filtered all of some lines hands on none, and each such request Loki would refuse, and
 * count among those that it refused. The condition is there because without any nothing is looked at.
 */
export const NOT_EMPTY = 'filter/empty';
export const notEmpty = { logs: { log_record: ['false'] } } as const;
