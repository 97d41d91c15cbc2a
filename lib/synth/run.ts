import { basename, extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { nearest } from '../schema/nearest';
import { findEnvironments, loadEnvironment } from './environment';
import { synthesize } from './synthesize';
import { staleFiles, writeFolders } from './write';

/** How the program ends: fine, findings, wrong use or failure. */
export type ExitCode = 0 | 1 | 2;

/** Where a command writes and reads. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

export const SYNTH_HELP = `Usage: falco-egress synth [environment…] [options]

Writes the manifests of environments, each into a folder of its own.

Arguments:
  environment        name of a file in environments/; without any, all of them

Options:
  --settings FILE    an environment file anywhere else; may stand more than once
  --rules PATH       a rules file or a folder of them, added to each environment; may stand more than once
  --out DIR          where the folders go (default: manifests)
  --check            write nothing; exit with 1 where what is on disk is stale
  --json             print what was done, and errors, as JSON
  -h, --help         print this
`;

/** Wrong use of the command line. */
class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';
}

/** `synth`: environments in, manifests out. Nothing is written unless every environment is right. */
export function runSynth(args: readonly string[], streams: Streams, outdir = 'manifests'): ExitCode {
  const json = args.includes('--json');
  try {
    return synth(args, streams, outdir);
  } catch (error) {
    return report(error, json, streams);
  }
}

function synth(args: readonly string[], streams: Streams, outdir: string): ExitCode {
  const { values, positionals } = parse(args);
  if (values.help) {
    streams.out(SYNTH_HELP);
    return 0;
  }
  const files = selectFiles(positionals, values.settings);
  const complete = positionals.length === 0 && values.settings.length === 0;
  const environments = files.map((file) => loadEnvironment(file, { rules: values.rules }));
  const folders = new Map(environments.map((environment) => [environment.name, synthesize(environment)]));
  const target = values.out ?? outdir;
  if (values.check) {
    const stale = staleFiles(target, folders, complete);
    if (values.json) streams.out(`${JSON.stringify({ stale })}\n`);
    else if (stale.length > 0)
      streams.error(
        `${stale.map((line) => join(target, line)).join('\n')}\nRun npm run synth, and commit ${target}.\n`,
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
    streams.out(`${JSON.stringify({ written })}\n`);
  } else {
    for (const [name, texts] of folders) streams.out(`${join(target, name)}  ${texts.size} files\n`);
  }
  return 0;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        settings: { type: 'string', multiple: true, default: [] },
        rules: { type: 'string', multiple: true, default: [] },
        out: { type: 'string' },
        check: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}; see --help`);
  }
}

function selectFiles(names: readonly string[], settings: readonly string[]): string[] {
  const known =
    names.length > 0 || settings.length === 0 ? findEnvironments('environments') : new Map<string, string>();
  if (names.length === 0 && settings.length === 0) return [...known.values()];
  const files = [
    ...names.map((name) => {
      const file = known.get(name);
      if (file !== undefined) return file;
      const guess = nearest(name, known.keys());
      throw new UsageError(
        `no environment '${name}' in environments/${guess === undefined ? '' : `; did you mean '${guess}'?`} (there are: ${[...known.keys()].join(', ')})`,
      );
    }),
    ...settings,
  ];
  const folders = files.map((file) => basename(file, extname(file)));
  const twice = folders.find((folder, index) => folders.indexOf(folder) !== index);
  if (twice !== undefined)
    throw new UsageError(`two environments are called '${twice}'; rename one of the files`);
  return files;
}

/** Tells a person in lines, a machine in JSON. What we do not know is a bug, and keeps its stack. */
function report(error: unknown, json: boolean, { out, error: toPeople }: Streams): ExitCode {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  const code = String(error.code);
  if (json)
    out(`${JSON.stringify({ error: 'toJSON' in error ? error : { code, message: error.message } })}\n`);
  else toPeople(`${error.message}\n`);
  return code === 'INVALID_ENVIRONMENT' ? 1 : 2;
}
