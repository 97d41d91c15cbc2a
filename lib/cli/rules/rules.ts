import type { ExitCode, Streams } from '../../synth/report';
import { runGroup } from '../group';

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
  const commands = {
    check: async () => (await import('./check.js')).rulesCheck,
    test: async () => (await import('./test.js')).rulesTest,
    explain: async () => (await import('./explain.js')).rulesExplain,
    tune: async () => (await import('./tune.js')).rulesTune,
  };
  return runGroup({ name: 'rules', help: RULES_HELP, commands }, args, streams);
}
