import { INVENTORY_SOURCE } from '../../inventory/record';
import { alertStreams, fieldBeside } from '../../observability/egress-stream';
import { literal, plainTextOf } from '../asked';
import { DROP_RULE } from '../losses';

/** Streams of alerts, whichever way they came: both label them by the rule. */
export const ALERT_STREAMS = alertStreams();

/** Fields in which the address of a destination stands, by the names that they have beside a line. */
const ADDRESSES = ['fd.sip', 'evt.arg.addr', 'fd.name', 'evt.arg.tuple', 'fd.rip'].map(fieldBeside);
const NAMES = ['fd.sip.name', 'fd.rip.name'].map(fieldBeside);

/** Where these stand beside a line, its destination does: the one that it reached, and the one that it asked for. */
const TELLING = ['fd.sip', 'evt.arg.addr'].map(fieldBeside);

/** The query for what Falco said that it lost. */
export function dropQuery(selector: string): string {
  return selector === ALERT_STREAMS ? `{rule="${DROP_RULE}"}` : `${selector} |= ${quoted(DROP_RULE)}`;
}

/** No stream of falcosidekick's is without the node, and none of the collector's has it. */
const SIDEKICK = 'hostname!=""';
const OTHERS = 'hostname=""';

/** Loki refuses what has 131,072 bytes or more. */
const LONGEST_QUERY = 100_000;

/** A label for the line, so that one filter can ask for what is in it or beside it. */
const LINE = 'falco_egress_line';

/**
 * The queries for alerts that hold one of some patterns, in their lines or beside them. No two read the same streams: what Loki
 * takes its time for is to unpack them.
 *
 * @param selector of the streams with alerts, such as {@link ALERT_STREAMS}
 * @param patterns see `patternsOf`; all alerts if it is `undefined`, or more than Loki takes
 */
export function queriesFor(selector: string, patterns: readonly string[] | undefined): readonly string[] {
  if (patterns === undefined) return [selector];
  const [only = ''] = patterns;
  // Without a regular expression Loki is faster, and without regard to case it is much slower.
  const plain = patterns.length === 1 ? plainTextOf(only) : undefined;
  const haveLetters = patterns.some((pattern) => !/^[\d\\.()?:|]+$/.test(pattern));
  const fold = haveLetters ? '(?i)' : '';
  const any = patterns.join('|');
  const inLine = plain === undefined ? `|~ ${quoted(`${fold}${any}`)}` : `|= ${quoted(plain)}`;
  // What has only digits is no name of a host.
  const fields = haveLetters ? [...ADDRESSES, ...NAMES] : ADDRESSES;
  const holds = (label: string): string => `${label}=~${quoted(`${fold}.*(?:${any}).*`)}`;
  const beside = fields.map(holds).join(' or ');
  const untold = TELLING.map((field) => `${field}=""`).join(' or ');
  const queries = [
    `${withMatcher(selector, SIDEKICK)} ${inLine}`,
    [
      withMatcher(selector, OTHERS),
      // Most lines of the collector's end here, of which none is copied.
      `${untold} or ${beside}`,
      `pattern "<${LINE}>"`,
      `${beside} or ${holds(LINE)}`,
      `drop ${LINE}`,
    ].join(' | '),
  ];
  // So many are looked for in what is read, then.
  return queries.some((query) => query.length > LONGEST_QUERY) ? [selector] : queries;
}

/** A query is no longer than Loki takes. */
const PATTERNS_OF_A_QUERY = 200;
/** Where so many are looked for, everything is read. */
const MOST_PATTERNS = 2_000;

/**
 * The queries for records of the inventory that hold one of some patterns, with all that tell of pictures unless these are known;
 * for everything if it is `undefined`.
 */
export function inventoryQueries(
  patterns: readonly string[] | undefined,
  pictures: 'with' | 'without' = 'with',
): readonly string[] {
  const stream = `{source=${quoted(INVENTORY_SOURCE)}}`;
  if (patterns === undefined || patterns.length > MOST_PATTERNS) return [stream];
  const queries: string[] = [];
  for (let at = 0; at < patterns.length; at += PATTERNS_OF_A_QUERY) {
    const some = patterns.slice(at, at + PATTERNS_OF_A_QUERY);
    const also = pictures === 'with' && at === 0 ? ['"kind":"picture"'] : [];
    queries.push(`${stream} |~ ${quoted(`(?i)${[...also, ...some].join('|')}`)}`);
  }
  return queries;
}

/** The query for records of the inventory that tell of exempt namespaces and of nodes, with all that tell of pictures. */
export function watchedQuery(pictures: 'with' | 'without'): string {
  const kinds = ['exemption', 'node', ...(pictures === 'with' ? ['picture'] : [])];
  return `{source=${quoted(INVENTORY_SOURCE)}} |~ ${quoted(`"kind":"(${kinds.join('|')})"`)}`;
}

/** The query for pictures of the inventory, of all clusters but some. */
export function lastPicturesQuery(but: readonly string[]): string {
  const others = but.length === 0 ? '' : `, cluster!~${quoted(but.map(literal).join('|'))}`;
  return `{source=${quoted(INVENTORY_SOURCE)}${others}} |= ${quoted('"kind":"picture"')}`;
}

function withMatcher(selector: string, matcher: string): string {
  return selector.replace(/,?\s*\}\s*$/, `, ${matcher}}`);
}

/** A text in LogQL, which reads escapes as Go does. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
