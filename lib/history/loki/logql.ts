import { plainTextOf } from '../asked';

/** Streams of alerts, whichever way they came: both label them by the rule. */
export const ALERT_STREAMS = '{rule=~".+"}';

/** Fields in which a destination stands, by the names that they have beside a line. */
const FIELDS = [
  'output_fields_fd_sip',
  'output_fields_evt_arg_addr',
  'output_fields_fd_name',
  'output_fields_evt_arg_tuple',
  'output_fields_fd_rip',
  'output_fields_fd_sip_name',
  'output_fields_fd_rip_name',
];

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
  const any = patterns.every((pattern) => /^[\d\\.()?:|]+$/.test(pattern))
    ? patterns.join('|')
    : `(?i)${patterns.join('|')}`;
  const beside = FIELDS.map((field) => `${field}=~${quoted(`(?i).*(?:${patterns.join('|')}).*`)}`).join(
    ' or ',
  );
  const [holds, lacks] =
    plain === undefined
      ? [`|~ ${quoted(any)}`, `!~ ${quoted(any)}`]
      : [`|= ${quoted(plain)}`, `!= ${quoted(plain)}`];
  return [`${selector} ${holds}`, `${withMatcher(selector)} ${lacks} | ${beside}`];
}

function withMatcher(selector: string): string {
  return selector.replace(/,?\s*\}\s*$/, `, ${NOT_SIDEKICK}}`);
}

/** A text in LogQL, which reads escapes as Go does. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
