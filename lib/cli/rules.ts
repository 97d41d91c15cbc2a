import { nearest } from '../schema/nearest';
import { reportFailure, type ExitCode, type Streams } from '../synth/report';
import { UsageError } from '../synth/usage-error';

/** A command of the group: what stands behind its name, in; the exit code, out. */
type RulesCommand = (args: readonly string[], streams: Streams) => ExitCode | Promise<ExitCode>;

/** One file a command, loaded when it is asked for. */
const COMMANDS: Readonly<Record<string, () => Promise<RulesCommand>>> = {
  check: async () => (await import('./rules-check.js')).rulesCheck,
  test: async () => (await import('./rules-test.js')).rulesTest,
  explain: async () => (await import('./rules-explain.js')).rulesExplain,
  tune: async () => (await import('./rules-tune.js')).rulesTune,
};

export const RULES_HELP = `Usage: falco-egress rules <command> [options]

Check, test and explain rules of Falco.

Commands:
  check PATH…          find what Falco would refuse, or what hardly means what it seems to
  test PATH…           run rule tests: events in, alerts expected
  explain FILE RULE    print the whole condition of a rule, and why an event does or does not fit
  tune ALERTS…         propose exceptions for recorded alerts, or replay them on changed rules

Each prints its options with --help.
`;

/** `rules …`: runs a command of the group. */
export async function runRules(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const [name = '--help', ...rest] = args;
  if (['--help', '-h', 'help'].includes(name)) {
    (args.length === 0 ? streams.error : streams.out)(RULES_HELP);
    return args.length === 0 ? 2 : 0;
  }
  try {
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (load === undefined) throw new UsageError(unknown(name));
    const command = await load();
    return await command(rest, streams);
  } catch (error) {
    return reportFailure(error, args.includes('--json'), streams);
  }
}

function unknown(name: string): string {
  const meant = nearest(name, Object.keys(COMMANDS));
  const hint = meant === undefined ? '' : ` (Did you mean rules ${meant}?)`;
  return `unknown command 'rules ${name}'${hint}; see --help`;
}
