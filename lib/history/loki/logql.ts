import { INVENTORY_SOURCE } from '../../inventory/record';
import { alertStreams, fieldBeside } from '../../observability/egress-stream';
import { plainTextOf } from '../asked';
import { DROP_RULE } from '../losses';

/** Streams of alerts, whichever way they came: both label them by the rule. */
export const ALERT_STREAMS = alertStreams();

/** Fields in which a destination stands, by the names that they have beside a line. */
const FIELDS = [
  'fd.sip',
  'evt.arg.addr',
  'fd.name',
  'evt.arg.tuple',
  'fd.rip',
  'fd.sip.name',
  'fd.rip.name',
].map(fieldBeside);

/** The query for what Falco said that it lost. */
export function dropQuery(selector: string): string {
  return selector === ALERT_STREAMS ? `{rule="${DROP_RULE}"}` : `${selector} |= ${quoted(DROP_RULE)}`;
}

/** Where the collector's alerts are: no stream of falcosidekick's is without the node. */
const NOT_SIDEKICK = 'hostname=""';

/**
 * The queries for alerts that hold one of some patterns: in their lines, or else beside them.
 *
 * @param selector of the streams with alerts, such as {@link ALERT_STREAMS}
 * @param patterns see `patternsOf`; all alerts if it is `undefined`
 */
export function queriesFor(selector: string, patterns: readonly string[] | undefined): readonly string[] {
  if (patterns === undefined) return [selector];
  const [only = ''] = patterns;
  // Without a regular expression Loki is faster, and without regard to case it is much slower.
  const plain = patterns.length === 1 ? plainTextOf(only) : undefined;
  const fold = patterns.every((pattern) => /^[\d\\.()?:|]+$/.test(pattern)) ? '' : '(?i)';
  const any = patterns.join('|');
  const beside = FIELDS.map((field) => `${field}=~${quoted(`${fold}.*(?:${any}).*`)}`).join(' or ');
  const [holds, lacks] =
    plain === undefined
      ? [`|~ ${quoted(`${fold}${any}`)}`, `!~ ${quoted(`${fold}${any}`)}`]
      : [`|= ${quoted(plain)}`, `!= ${quoted(plain)}`];
  return [`${selector} ${holds}`, `${withMatcher(selector)} ${lacks} | ${beside}`];
}

/** A query is no longer than Loki takes. */
const PATTERNS_OF_A_QUERY = 200;
/** Where so many are looked for, everything is read. */
const MOST_PATTERNS = 2_000;

/**
 * The queries for records of the inventory that hold one of some patterns, with all that tell of pictures; for everything if it
 * is `undefined`.
 */
export function inventoryQueries(patterns: readonly string[] | undefined): readonly string[] {
  const stream = `{source=${quoted(INVENTORY_SOURCE)}}`;
  if (patterns === undefined || patterns.length > MOST_PATTERNS) return [stream];
  const queries: string[] = [];
  for (let at = 0; at < patterns.length; at += PATTERNS_OF_A_QUERY) {
    const some = patterns.slice(at, at + PATTERNS_OF_A_QUERY);
    queries.push(`${stream} |~ ${quoted(`(?i)"kind":"picture"|${some.join('|')}`)}`);
  }
  return queries;
}

/** The query for records of the inventory that tell of exempt namespaces, with all that tell of pictures. */
export function exemptionQuery(): string {
  return `{source=${quoted(INVENTORY_SOURCE)}} |~ ${quoted('"kind":"(exemption|picture)"')}`;
}

function withMatcher(selector: string): string {
  return selector.replace(/,?\s*\}\s*$/, `, ${NOT_SIDEKICK}}`);
}

/** A text in LogQL, which reads escapes as Go does. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
