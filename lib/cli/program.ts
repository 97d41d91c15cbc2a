import { Command, CommanderError } from 'commander';
import { reportFailure, type ExitCode, type Streams } from '../synth/report';
import { runSynth, SYNTH_HELP } from '../synth/run';
import { UsageError } from '../synth/usage-error';
import { VERSION } from '../version';
import { ADVISE_HELP } from './advise/options';
import { diff } from './diff';
import { INIT_EXAMPLES, runInit, type InitOptions } from './init';
import { QUARANTINE_HELP } from './quarantine/quarantine';
import { REPORT_HELP } from './report/report';
import { RULES_HELP } from './rules/rules';
import { WHO_HELP } from './who/who';
import { IMPORT_VALUES_EXAMPLES, runImportValues, type ImportValuesOptions } from './import-values';

/** Runs the commands but those of rules, of quarantines, `who`, `report` and `advise`; the exit code is 0 when all is fine, 1 for findings, 2 for wrong use or a failure. */
export async function runProgram(args: readonly string[], streams: Streams): Promise<ExitCode> {
  if (args[0] === 'synth') return runSynth(args.slice(1), streams);
  let exit: ExitCode = 0;
  const program = new Command('falco-egress')
    .description('See, keep and act on every outbound connection of every Pod.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  program
    .command('synth')
    .summary('write the manifests of environments')
    .argument('[environment...]')
    .configureHelp({ formatHelp: () => SYNTH_HELP });
  program
    .command('diff')
    .summary('show what a change does to the manifests')
    .description('Shows what the settings of today do to the manifests of a revision, in objects and fields.')
    .argument('<environment@revision>', 'such as production@HEAD~1')
    .option('--manifests <dir>', 'where the manifests are committed', 'manifests')
    .option('--json', 'print the changes as JSON', false)
    .action((target: string, options: { json: boolean; manifests: string }) => {
      const { differs, text } = diff(target, options);
      streams.out(text);
      exit = differs ? 1 : 0;
    });
  program
    .command('init')
    .summary('start a project')
    .description(
      'Starts a project: an environment, a rule, a test, and a workflow that finds stale manifests.',
    )
    .argument('[folder]', 'where; it is made if it is not there', '.')
    .option('--yaml', 'settings and rules alone, without TypeScript', false)
    .option('--json', 'print what was written as JSON', false)
    .addHelpText('after', INIT_EXAMPLES)
    .action((folder: string, options: InitOptions) => {
      runInit(folder, options, streams);
    });
  program
    .command('import-values')
    .summary("turn the official chart's values into settings")
    .description(
      'Reads a values file of the official chart falcosecurity/falco, of version 1.x (2021) to 9.x, and writes settings; says of each value what became of it.',
    )
    .argument('<file>', 'the values file; - reads stdin')
    .option('--name <name>', 'write environments/<name>.yaml, and rules/<name>/ where there are rules')
    .option('--out <file>', 'write the settings here, and rules beside them')
    .option(
      '--cluster <name>',
      "the cluster's name, which every alert carries (default: the environment's name)",
    )
    .option('--force', 'overwrite what is there', false)
    .option('--json', 'print what became of each value as JSON', false)
    .addHelpText('after', IMPORT_VALUES_EXAMPLES)
    .action((file: string, options: ImportValuesOptions) => {
      exit = runImportValues(file, options, streams);
    });
  program
    .command('rules')
    .summary('check, test and explain rules')
    .argument('[command...]')
    .configureHelp({ formatHelp: () => RULES_HELP });
  program
    .command('who')
    .summary('say who connected to an address')
    .argument('<address> [file...]')
    .configureHelp({ formatHelp: () => WHO_HELP });
  program
    .command('report')
    .summary('write one HTML page: who connects to what, and what is new')
    .argument('[file...]')
    .configureHelp({ formatHelp: () => REPORT_HELP });
  program
    .command('advise')
    .summary('write NetworkPolicies that fit what was seen')
    .argument('[file...]')
    .configureHelp({ formatHelp: () => ADVISE_HELP });
  program
    .command('quarantine')
    .summary('list, add, approve, dismiss and release quarantines')
    .argument('[command...]')
    .configureHelp({ formatHelp: () => QUARANTINE_HELP });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exit;
  } catch (error) {
    return failure(error, args.includes('--json'), streams);
  }
}

function failure(error: unknown, json: boolean, streams: Streams): ExitCode {
  if (!(error instanceof CommanderError)) return reportFailure(error, json, streams);
  if (error.exitCode === 0) return 0;
  // Without a command commander has printed the help.
  if (error.code === 'commander.help') return 2;
  const message = error.message.replace(/^error: /, '').replace(/\s+/g, ' ');
  return reportFailure(new UsageError(`${message}; see --help`), json, streams);
}
