import { FALCO_VERSIONS } from '../../falco/versions';
import type { RuleMatching } from '../../rules/evaluate/rules';
import { DEFAULT_PLUGINS } from '../../rules/load';
import { replayRecording, tune, type TuneRules } from '../../rules/tune/tune';
import { parseOptions } from '../../synth/parse-options';
import type { ExitCode, Streams } from '../../synth/report';
import { UsageError } from '../../synth/usage-error';
import { CommandError } from '../command-error';
import { Recordings } from './recordings';
import { FALCO_OPTIONS, rulesForFalco } from './falco';
import { findingsOf } from './input';
import { renderReplay, renderTuned, replayAsJson, tunedAsJson } from './tune-report';

export const RULES_TUNE_HELP = `Usage: falco-egress rules tune ALERTS… --rules PATH [options]
       falco-egress rules tune ALERTS… [--rules PATH] --replay PATH [options]

Proposes the narrowest exceptions that remove most of the recorded alerts, as a rules file; or says what changed rules
do to them.

Arguments:
  ALERTS             files of alerts, one JSON object a line, as Falco or falcosidekick prints them, a container's log
                     holds them, or kubectl logs or logcli shows them; also compressed by gzip, or zstd where Node can; -
                     for standard input. For --replay also events.

Options:
  --rules PATH       the rules that raised them: a file or a folder; may be given again, in Falco's order
  --replay PATH      changed rules to try the alerts on, all of them; may be given again
  --keep FIELD       a field that every exception must hold; may be given again
  --max-values N     how many values an exception may hold (default: 50)
  --min-alerts N     how often a combination must have been seen (default: 5)
  --top N            how many exceptions to propose (default: 20)
  --owner NAME       who answers for them
  --expires WHEN     until when: 90d, or a date such as 2027-02-23 (default: 90d)
  --matching WHICH   rule_matching of Falco: first (default) or all, as our Falco has it
  --stock FILE       the stock rules (default: /etc/falco/falco_rules.yaml if it is there, else their names alone)
  --no-stock         without the stock rules
  --library LIST     packages of our own rules, loaded before: egress, scope, record, vistatech
  --falco VERSION    the Falco that loads them (default: ${FALCO_VERSIONS.at(-1) ?? ''})
  --plugins LIST     the plugins it has, with commas between (default: ${DEFAULT_PLUGINS.join(',')})
  --json             print what was found as JSON
  -h, --help         print this

Exit code 0: done; 1: the changed rules raise other alerts, or Falco refuses the rules; 2: it could not be done.
`;

const OPTIONS = {
  rules: { type: 'string', multiple: true },
  replay: { type: 'string', multiple: true },
  keep: { type: 'string', multiple: true },
  'max-values': { type: 'string' },
  'min-alerts': { type: 'string' },
  top: { type: 'string' },
  owner: { type: 'string' },
  expires: { type: 'string' },
  matching: { type: 'string' },
  ...FALCO_OPTIONS,
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>['values'];

/** `rules tune`: recorded alerts in, exceptions out; or what changed rules do to them. */
export async function rulesTune(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (values.help === true) {
    streams.out(RULES_TUNE_HELP);
    return 0;
  }
  if (positionals.length === 0) throw new UsageError('name a file of alerts, or -; see --help');
  if (values.rules === undefined && values.replay === undefined)
    throw new UsageError('give the rules that raised the alerts by --rules; see --help');
  // All that may be wrong with the command is found before a large file is read.
  const before = values.rules && rulesOf(values.rules, values);
  const changed = values.replay && rulesOf(values.replay, values);
  const options = {
    maxValues: positive('max-values', values['max-values'], 50),
    minAlerts: positive('min-alerts', values['min-alerts'], 5),
    top: positive('top', values.top, 20),
    keep: values.keep ?? [],
  };
  const ownership = {
    owner: values.owner ?? 'nobody yet',
    expires: expiryOf(values.expires ?? '90d', new Date()),
  };
  const files = await Recordings.open(positionals);
  const read = (): ReturnType<Recordings['read']> => files.read();
  const print = (text: string, json: unknown): void => {
    streams.out(values.json === true ? `${JSON.stringify(json, bigintAsText)}\n` : text);
  };
  try {
    if (changed !== undefined) {
      const { outcomes, skipped } = await replayRecording(read, before, changed);
      print(renderReplay(outcomes, skipped, files), replayAsJson(outcomes, skipped, files));
      return outcomes.gone.length + outcomes.appeared.length > 0 ? 1 : 0;
    }
    if (before === undefined) return 2;
    const tuned = await tune(read, before, options);
    print(renderTuned(tuned, files, ownership), tunedAsJson(tuned, files, ownership));
    return 0;
  } finally {
    files.close();
  }
}

function rulesOf(paths: readonly string[], values: Values): TuneRules {
  if (paths.includes('-')) throw new UsageError('standard input may hold alerts, but not rules');
  const { inputs, files, stock, load } = rulesForFalco(values, paths);
  const problem = findingsOf([...stock.inputs, ...inputs], [])[0];
  if (problem !== undefined)
    throw new CommandError('RULES', `${problem.file}:${problem.line}:${problem.column} ${problem.message}`);
  return {
    files,
    load: { ...load, lints: false },
    matching: matchingOf(values.matching ?? 'first'),
  };
}

function matchingOf(text: string): RuleMatching {
  if (text === 'first' || text === 'all') return text;
  throw new UsageError(`--matching must be first or all, not '${text}'`);
}

function positive(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--${name} must be a number above 0, not '${text}'`);
}

const DAY = 24 * 60 * 60 * 1000;

function expiryOf(text: string, now: Date): string {
  const days = /^([1-9]\d{0,3})d$/.exec(text)?.[1];
  if (days !== undefined) return new Date(now.getTime() + Number(days) * DAY).toISOString().slice(0, 10);
  const date = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  if (date === undefined || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text)
    throw new UsageError(`--expires must be days such as 90d, or a date such as 2027-02-23, not '${text}'`);
  if (date <= now) throw new UsageError(`--expires ${text} is in the past`);
  return text;
}

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
