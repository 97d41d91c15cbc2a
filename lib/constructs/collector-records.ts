import { COUNT, MINUTE, RUN } from '../observability/egress-stream';
import type { Settings } from '../settings/settings';
import { alertTexts, logFiles } from './collector-log';

/** Processors of the record tier, in their order. */
export const RECORD_PROCESSORS = [
  'memory_limiter/records',
  'logdedup',
  'batch/records',
  'transform/records',
  'groupbyattrs/records',
] as const;

/** Lines that are taken apart at once: each is several times as large then. */
const LINES_AT_ONCE = 500;

/** Of each connection another: they neither tell connections apart nor, being of one that stands for several, are kept. */
const OF_ONE_ALONE = ['fd.cport', 'proc.pid', 'evt.time', 'evt.time.iso8601', 'evt.num', 'fd.name'];

/** The attribute that is the same for connections that are counted together. */
const KEY = 'alike';

const TIME = '"time":"';
const MINUTE_LENGTH = '2006-01-02T15:04'.length;
const FIELDS = 'log.attributes["output_fields"]';

/**
 * Lines of the record, read from the beginning of the logs whenever the collector starts: what it had counted and not yet sent
 * when it was killed is counted again. Which process counted a line is stored with it, by a number of the kernel's, and
 * `falco-egress who` takes of each minute what one process counted, not what all did together.
 *
 * What is alike is found in the text. Only a line that stands for several is taken apart, once it is sent: JSON, and each
 * operator on what comes of it, cost more than all else.
 */
export function recordReader(settings: Settings, resource: object, isRecord: string): object {
  return {
    ...logFiles(settings),
    resource: { ...resource, [RUN]: '${file:/proc/sys/kernel/random/uuid}' },
    operators: [
      ...alertTexts(isRecord),
      { type: 'add', field: `attributes.${KEY}`, value: `EXPR(${alike()})`, on_error: 'drop' },
    ],
  };
}

/**
 * An alert's text from its fields to its minute, without the fields of one alone. Within a text of the alert a quotation mark has
 * a backslash before it, so that nothing in one is taken for a name or an end.
 */
function alike(): string {
  const begin = `indexOf(body, '"output_fields":')`;
  const end = `lastIndexOf(body, '${TIME}') + ${TIME.length + MINUTE_LENGTH}`;
  const without = OF_ONE_ALONE.flatMap((name, index) => [
    `let at${index} = indexOf(text${index}, '"${name}":')`,
    `let text${index + 1} = at${index} < 0 ? text${index} : text${index}[:at${index}] + ` +
      `text${index}[at${index} + indexOf(text${index}[at${index}:], ',"'):]`,
  ]);
  return [`let text0 = body[${begin}:${end}]`, ...without, `text${OF_ONE_ALONE.length}`].join('; ');
}

/**
 * Counts what is alike, then takes apart the line that stands for it, few at a time; its labels become attributes of the resource.
 *
 * Who connects to ever other places, as a scanner does, makes each connection a line that is counted for a minute: memory is what
 * bounds them. Beyond it the reader tries again until the minute is over; the log waits on the disk, and no alert has to.
 */
export function recordProcessors(): Readonly<Record<(typeof RECORD_PROCESSORS)[number], object>> {
  return {
    'memory_limiter/records': {
      check_interval: '250ms',
      limit_percentage: 60,
      spike_limit_percentage: 15,
      // Most of what it finds is garbage.
      min_gc_interval_when_soft_limited: '0s',
    },
    logdedup: {
      interval: '60s',
      log_count_attribute: COUNT,
      include_fields: [`attributes.${KEY}`],
    },
    'batch/records': { timeout: '0s', send_batch_size: LINES_AT_ONCE, send_batch_max_size: LINES_AT_ONCE },
    'transform/records': { error_mode: 'ignore', log_statements: takenApart() },
    'groupbyattrs/records': { keys: ['rule', 'source', 'priority', 'namespace'] },
  };
}

function takenApart(): string[] {
  const string = JSON.stringify;
  const field = (name: string): string => `${FIELDS}[${string(name)}]`;
  return [
    // As a number, one beyond 2^53 would lose digits.
    `replace_pattern(log.body, ${string(String.raw`([^\\])":(-?[0-9]{16,})([,}])`)}, ${string('$$1":"$$2"$$3')}) where IsMatch(log.body, ${string('":-?[0-9]{16}')})`,
    'merge_maps(log.attributes, ParseJSON(log.body), "upsert")',
    `set(log.attributes["${MINUTE}"], Substring(log.attributes["time"], 0, ${MINUTE_LENGTH}))`,
    `set(log.attributes["namespace"], ${field('k8s.ns.name')})`,
    ...['"?"', field('proc.name')].map((value) => `set(log.cache["by"], ${value})`),
    ...['"?"', field('evt.arg.addr'), field('fd.sip')].map((value) => `set(log.cache["to"], ${value})`),
    'set(log.body, Concat([log.cache["by"], log.cache["to"]], " -> "))',
    ...[KEY, 'output', 'tags', 'uuid'].map((name) => `delete_key(log.attributes, "${name}")`),
    ...OF_ONE_ALONE.map((name) => `delete_key(${FIELDS}, "${name}")`),
  ];
}
