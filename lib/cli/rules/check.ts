import { FALCO_VERSIONS, type FalcoRow } from '../../falco/versions';
import { DEFAULT_PLUGINS, loadRules, type LoadedRules } from '../../rules/load';
import type { Finding, Severity } from '../../rules/finding';
import { renderFindings, type RulesFile } from '../../rules/render';
import { parseOptions } from '../../synth/parse-options';
import type { ExitCode, Streams } from '../../synth/report';
import { UsageError } from '../../synth/usage-error';
import { inColours, takesColours } from '../colours';
import { withoutRepeated } from './repeated-findings';
import { FALCO_OPTIONS, rulesForFalco, type RulesForFalco } from './falco';
import { findingsOf, type RulesInput } from './input';

export const RULES_CHECK_HELP = `Usage: falco-egress rules check PATH… [options]

Checks rules files as Falco would, all of them as one Falco loads them: in the order given.

Arguments:
  PATH               a rules file, a folder of them and of such folders, a ConfigMap among other objects, a values file
                     of the official chart (customRules), or - for standard input

Options:
  --stock FILE       the stock rules (default: /etc/falco/falco_rules.yaml if it is there, else their names alone)
  --no-stock         without the stock rules: the files must stand on their own
  --library LIST     packages of our own rules, loaded before: egress, scope, record, vistatech
  --falco VERSION    the Falco that will load them (default: ${FALCO_VERSIONS.at(-1) ?? ''})
  --plugins LIST     the plugins it has, with commas between (default: ${DEFAULT_PLUGINS.join(',')})
  --no-lints         say only what Falco says
  --strict           let warnings fail too
  --json             print what was found as JSON
  -h, --help         print this

Exit code 0: Falco loads them; 1: it refuses them; 2: they could not be checked.
`;

const OPTIONS = {
  ...FALCO_OPTIONS,
  'no-lints': { type: 'boolean' },
  strict: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What was checked against what, and what came of it. */
interface Checked extends Pick<RulesForFalco, 'stock' | 'library' | 'row' | 'plugins'> {
  /** The files that were checked, and before them those of the stock that are broken. */
  readonly inputs: readonly RulesInput[];
  readonly findings: readonly Finding[];
  /** Rules that lean on what is known by name only. */
  readonly open: readonly string[];
}

/** `rules check`: rules files in, what is wrong with them out. */
export function rulesCheck(args: readonly string[], streams: Streams): ExitCode {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (values.help === true) {
    streams.out(RULES_CHECK_HELP);
    return 0;
  }
  if (positionals.length === 0) throw new UsageError('name a rules file, a folder, or -; see --help');
  const checked = check(rulesForFalco(values, positionals), values['no-lints'] !== true);
  if (values.json === true) streams.out(`${JSON.stringify(asJson(checked))}\n`);
  else streams.out(asText(checked));
  const fails = (severity: Severity): boolean => count(checked.findings, severity) > 0;
  return fails('error') || (values.strict === true && fails('warning')) ? 1 : 0;
}

function check(
  { inputs, files, library, stock, row, plugins, load }: RulesForFalco,
  lints: boolean,
): Checked {
  const loaded = loadRules(files, load);
  const found = (of: readonly RulesInput[]): Finding[] =>
    findingsOf(of, loaded.findings).filter((finding) => lints || isFalcos(finding));
  const brokenStock = stock.inputs.filter((input) => found([input]).length > 0);
  const all = [...brokenStock, ...inputs];
  return { inputs: all, library, stock, row, plugins, findings: found(all), open: openRules(loaded) };
}

/** Whether Falco says it too. */
function isFalcos({ severity, code }: Finding): boolean {
  return severity === 'error' || code.startsWith('LOAD_');
}

function openRules({ ruleset }: LoadedRules): string[] {
  return ruleset.rules.filter(({ complete }) => !complete).map(({ name }) => name);
}

function count(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

function asJson({ inputs, library, stock, row, plugins, findings, open }: Checked): unknown {
  return {
    falco: row.version,
    plugins: Object.fromEntries(versions(row, plugins)),
    stock: stock.name,
    ...(library.length > 0 && { library }),
    files: inputs.map(({ shown }) => shown.name),
    errors: count(findings, 'error'),
    warnings: count(findings, 'warning'),
    findings,
    notCheckedThrough: open,
  };
}

function asText({ inputs, stock, row, plugins, findings, open }: Checked): string {
  const shown: RulesFile[] = inputs.map((input) => input.shown);
  const { findings: printed, left } = withoutRepeated(findings);
  const text = renderFindings(printed, shown);
  const lines = [
    ...(text === '' ? [] : [takesColours(process.stdout) ? inColours(text) : text]),
    ...left,
    `${number(count(findings, 'error'), 'error')}, ${number(count(findings, 'warning'), 'warning')} in ${number(inputs.length, 'file')} (${against(row, plugins)})`,
  ];
  if (open.length > 0 && stock.name === 'names')
    lines.push(
      `not checked through: ${open.join(', ')}; of the stock rules only names are known, give them by --stock FILE`,
    );
  return `${lines.join('\n')}\n`;
}

function number(count: number, what: string): string {
  return `${count === 0 ? 'no' : count} ${what}${count === 1 ? '' : 's'}`;
}

function against(row: FalcoRow, plugins: readonly string[]): string {
  const named = versions(row, plugins).map(([name, version]) => `${name} ${version}`);
  return [`Falco ${row.version}`, ...named].join(', ');
}

function versions(row: FalcoRow, plugins: readonly string[]): [string, string][] {
  return Object.entries(row.plugins)
    .filter(([name]) => plugins.includes(name))
    .map(([name, { version }]) => [name, version]);
}
