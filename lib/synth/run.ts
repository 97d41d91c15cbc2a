import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvironment, type Environment, type EnvironmentOptions } from './environment';
import { EnvironmentError } from './environment-error';
import { parseOptions } from './parse-options';
import { reportFailure, type ExitCode, type Streams } from './report';
import { distinctWarnings, renderWarnings } from './rules-warnings';
import { selectEnvironments } from './select';
import { synthesize } from './synthesize';
import { UsageError } from './usage-error';
import { staleFiles, writeFolders } from './write';

export const SYNTH_HELP = `Usage: falco-egress synth [environment…] [options]

Writes the manifests of environments, each into a folder of its own.

Arguments:
  environment        name of a file in environments/; without any, all of them

Options:
  --settings FILE    an environment file anywhere else; may stand more than once
  --rules PATH       a rules file or a folder of them, added to each environment; may stand more than once
  --out DIR          where the folders go (default: manifests)
  --check            write nothing; exit with 1 where what is on disk is stale
  --json             print what was done, warnings and errors as JSON
  -h, --help         print this
`;

/** `synth`: environments in, manifests out. Nothing is written unless every environment is right. */
export function runSynth(args: readonly string[], streams: Streams, outdir = 'manifests'): ExitCode {
  const json = args.includes('--json');
  try {
    return synth(args, streams, outdir);
  } catch (error) {
    return reportFailure(error, json, streams);
  }
}

function synth(args: readonly string[], streams: Streams, outdir: string): ExitCode {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (values.help) {
    streams.out(SYNTH_HELP);
    return 0;
  }
  const { settings = [], rules = [] } = values;
  const files = selectEnvironments(positionals, settings);
  const missing = rules.find((path) => !existsSync(path));
  if (missing !== undefined) throw new UsageError(`there is no file or folder ${missing} for --rules`);
  const complete = positionals.length === 0 && settings.length === 0;
  const environments = loadAll(files, { rules });
  const folders = new Map(environments.map((environment) => [environment.name, synthesize(environment)]));
  const warnings = distinctWarnings(environments.map((environment) => environment.warnings));
  if (!values.json) streams.error(renderWarnings(warnings));
  const target = values.out ?? outdir;
  if (values.check) {
    const stale = staleFiles(target, folders, complete);
    if (values.json) streams.out(`${JSON.stringify({ stale, warnings: warnings.findings })}\n`);
    else if (stale.length > 0)
      streams.error(
        `${stale.map((line) => join(target, line)).join('\n')}\nRun it without --check, and commit ${target}.\n`,
      );
    return stale.length > 0 ? 1 : 0;
  }
  writeFolders(target, folders, complete);
  if (values.json) {
    const written = [...folders].map(([name, texts]) => ({
      environment: name,
      folder: join(target, name),
      files: [...texts.keys()],
    }));
    streams.out(`${JSON.stringify({ written, warnings: warnings.findings })}\n`);
  } else {
    for (const [name, texts] of folders) streams.out(`${join(target, name)}  ${texts.size} files\n`);
  }
  return 0;
}

/** Reads all environments, so that one run says what is wrong with any of them. */
function loadAll(files: readonly string[], options: EnvironmentOptions): Environment[] {
  const errors: EnvironmentError[] = [];
  const environments = files.flatMap((file) => {
    try {
      return [loadEnvironment(file, options)];
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      errors.push(error);
      return [];
    }
  });
  if (errors.length > 0) throw EnvironmentError.all(errors);
  return environments;
}

const OPTIONS = {
  settings: { type: 'string', multiple: true },
  rules: { type: 'string', multiple: true },
  out: { type: 'string' },
  check: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;
