import { readFileSync } from 'node:fs';
import { FALCO_VERSIONS } from '../../falco/versions';
import type { CompiledRule, Ruleset } from '../../rules/compile/compiled';
import type { Event } from '../../rules/evaluate/event';
import { explain } from '../../rules/evaluate/explain';
import { renderExplanation } from '../../rules/evaluate/render-explanation';
import { RulesError, type Finding } from '../../rules/finding';
import { printCondition } from '../../rules/language/print';
import { loadRules } from '../../rules/load';
import { renderCondition } from '../../rules/render-condition';
import { renderFindings, type RulesFile } from '../../rules/render';
import { readAnyEvents } from '../../rules/testing/any-events';
import { printJson } from '../../rules/recorded/exact-json';
import { nearest } from '../../schema/nearest';
import { parseOptions } from '../../synth/parse-options';
import type { ExitCode, Streams } from '../../synth/report';
import { UsageError } from '../../synth/usage-error';
import { CommandError } from '../command-error';
import { FALCO_OPTIONS, rulesForFalco, type RulesForFalco } from './falco';
import { findingsOf } from './input';

const HELP = `Usage: falco-egress rules explain FILE… RULE [options]

Prints the whole condition of a rule: macros by their names with what they stand for, lists in place.
With an event it prints what each part says of it, '>' before those that decided, and what the event holds.

Arguments:
  FILE               what rules check takes: rules files, folders, manifests, in the order in which Falco loads them
  RULE               the name of a rule

Options:
  --event FILE       an event in YAML, or recorded events or alerts as JSON, one a line; - is standard input
  --stock FILE       the stock rules (default: /etc/falco/falco_rules.yaml if it is there, else their names alone)
  --no-stock         without the stock rules: the files must stand on their own
  --library LIST     packages of our own rules, loaded before: egress, scope, record, vistatech
  --falco VERSION    the Falco that loads them (default: ${FALCO_VERSIONS.at(-1) ?? ''})
  --plugins LIST     the plugins that it loads (default: container,k8smeta)
  --json             print it as JSON
  -h, --help         print this

Exit code: 0, 1 if the rules or the events are wrong, 2 for wrong use.
`;

const OPTIONS = {
  event: { type: 'string' },
  ...FALCO_OPTIONS,
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `rules explain`. */
export function rulesExplain(args: readonly string[], streams: Streams): ExitCode {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (values.help === true) {
    streams.out(HELP);
    return 0;
  }
  const name = positionals.at(-1);
  if (name === undefined || positionals.length < 2) {
    throw new UsageError('name the rules file and the rule: rules explain FILE RULE; see --help');
  }
  const ruleset = rulesetOf(rulesForFalco(values, positionals.slice(0, -1)));
  const rule = ruleNamed(name, ruleset);
  const events = values.event === undefined ? undefined : eventsOf(values.event, rule, ruleset);
  streams.out(values.json === true ? `${json(rule, events, ruleset)}\n` : text(rule, events, ruleset));
  return 0;
}

/** The rules of files, which must be right. */
function rulesetOf({ inputs, files, stock, load }: RulesForFalco): Ruleset {
  const { findings, ruleset } = loadRules(files, { ...load, lints: false });
  const all = [...stock.inputs, ...inputs];
  const wrong = findingsOf(all, findings).filter(({ severity }) => severity === 'error');
  if (wrong.length > 0) {
    const shown = all.map((input) => input.shown);
    throw new RulesError('invalid-rules', renderFindings(wrong, shown), wrong);
  }
  return ruleset;
}

function text(rule: CompiledRule, events: readonly Event[] | undefined, { catalogue }: Ruleset): string {
  if (events === undefined) return `${head(rule)}\n${renderCondition(rule.condition)}\n`;
  return events
    .map((event, index) => {
      const explanation = explain(rule.condition, event, catalogue);
      const verdict = explanation.result ? 'fits' : 'does not fit';
      return `event ${index + 1} ${verdict}\n${renderExplanation(explanation)}\n`;
    })
    .join('\n');
}

function head({ source, priority, enabled, eventTypes }: CompiledRule): string {
  const events = eventTypes === 'all' ? 'all events' : [...eventTypes].join(', ');
  return `${priority ?? 'unknown priority'}, ${source}${enabled ? '' : ', off'}, on ${events}`;
}

function json(rule: CompiledRule, events: readonly Event[] | undefined, { catalogue }: Ruleset): string {
  const { name, source, priority, tags, enabled, eventTypes, condition, text: written } = rule;
  return printJson({
    rule: name,
    source,
    priority,
    tags,
    enabled,
    eventTypes: eventTypes === 'all' ? eventTypes : [...eventTypes],
    condition: printCondition(condition),
    written: written.text,
    tree: renderCondition(condition).split('\n'),
    ...(events && { events: events.map((event) => explain(condition, event, catalogue)) }),
  });
}

function ruleNamed(name: string, { rules }: Ruleset): CompiledRule {
  const rule = rules.find((each) => each.name === name);
  const known = rules.filter(({ known: { condition } }) => condition !== undefined).map((each) => each.name);
  if (rule === undefined || rule.known.condition === undefined) {
    const meant = nearest(name, known);
    const hint = meant === undefined ? '' : `; did you mean '${meant}'?`;
    throw new UsageError(`there is no rule '${name}' in these files${hint}`);
  }
  return rule;
}

function eventsOf(path: string, rule: CompiledRule, { catalogue }: Ruleset): readonly Event[] {
  if (!rule.complete) {
    throw new CommandError(
      'UNKNOWN_STOCK',
      `'${rule.name}' uses stock rules of which only the names are known: name their file by --stock`,
    );
  }
  const file = path === '-' ? { name: 'standard input', text: readText(0, path) } : readNamed(path);
  const { events, findings } = readAnyEvents(file, catalogue);
  if (findings.length > 0) throw invalid(findings, file);
  if (events.length === 0) throw new CommandError('NO_EVENT', `there is no event in ${file.name}`);
  return events;
}

function invalid(findings: readonly Finding[], file: RulesFile): RulesError {
  return new RulesError('invalid-event', renderFindings(findings, [file]), findings);
}

function readNamed(path: string): RulesFile {
  return { name: path, text: readText(path, path) };
}

function readText(from: string | 0, path: string): string {
  try {
    return readFileSync(from, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UsageError(`there is no file ${path}`);
    throw new CommandError('NOT_READ', `${path} can't be read: ${(error as Error).message}`);
  }
}
