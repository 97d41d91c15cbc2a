import type { ParsedOptions } from '../../synth/parse-options';

/** Options by which a command finds its history. */
export const HISTORY_OPTIONS = {
  loki: { type: 'string', multiple: true },
  lokis: { type: 'string' },
  selector: { type: 'string' },
  since: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
} as const;

/** The line of the help for files. */
export const HISTORY_FILES_HELP = `  FILE               alerts, one JSON object a line, as Falco prints them, falcosidekick sends them on, a container's log
                     holds them, or kubectl logs shows them; also what logcli or Grafana's Explore took out of Loki; also compressed
                     by gzip, or zstd where Node can; - for standard input`;

/** Their lines of the help; `span` is how far back Loki is asked where nothing else is said. */
export function historyHelp(span: string): string {
  return `  --loki URL         a Loki that keeps alerts; may be given again. Who you are comes from the environment: LOKI_USERNAME
                     and LOKI_PASSWORD or LOKI_PASSWORD_FILE, or LOKI_BEARER_TOKEN or LOKI_BEARER_TOKEN_FILE;
                     LOKI_ORG_ID; LOKI_CA_CERT_PATH
  --lokis FILE       several Lokis, each with its own cluster and access, as YAML; see docs/who.md
  --selector TEXT    the streams with alerts in Loki (default: all that have a rule)
  --since SPAN       how far back: 30d, 12h (default with Loki: ${span}; of files all that they hold)
  --from WHEN        from when: a date such as 2026-11-22, or 2026-11-22T07:41; in UTC, unless it ends as +01:00 does
  --to WHEN          until when: a date is that whole day, a time itself not within (default: now)`;
}

/** {@link historyHelp} of most commands. */
export const HISTORY_HELP = historyHelp('30d');

/** What stood for {@link HISTORY_OPTIONS}. */
export type HistoryValues = ParsedOptions<typeof HISTORY_OPTIONS>['values'];
