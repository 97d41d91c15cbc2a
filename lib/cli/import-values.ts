import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { dump } from 'js-yaml';
import { importValues, type Imported } from '../import-values/import-values';
import { isComplete, renderReport, secretCommands } from '../import-values/report';
import { ValuesFileError } from '../import-values/values-file';
import { reportFailure, type ExitCode, type Streams } from '../synth/report';
import { UsageError } from '../synth/usage-error';

/** What the command line says. */
export interface ImportValuesOptions {
  readonly name?: string;
  readonly out?: string;
  readonly cluster?: string;
  readonly force: boolean;
  readonly json: boolean;
}

export const IMPORT_VALUES_EXAMPLES = `
The settings go to stdout, or into a file with --name or --out; the report goes to stderr. Exit code 0: each value has
been taken care of; 1: some could not be mapped; 2: nothing was read or written.

Examples:
  $ falco-egress import-values values.yaml                      the settings to stdout
  $ falco-egress import-values values.yaml --name production    environments/production.yaml and rules/production/
  $ helm get values falco -n falco -o yaml | falco-egress import-values - --out falco-egress.yaml
`;

/** `import-values`: a values file of the official chart in, an environment file and rules files out. */
export function runImportValues(file: string, options: ImportValuesOptions, streams: Streams): ExitCode {
  try {
    return run(file, options, streams);
  } catch (error) {
    // Nothing was made, so this is not the 1 of values that could not be mapped.
    if (error instanceof ValuesFileError) reportFailure(error, options.json, streams);
    else throw error;
    return 2;
  }
}

function run(file: string, options: ImportValuesOptions, streams: Streams): ExitCode {
  const target = targetOf(options);
  const name = options.name ?? (target === undefined ? stem(file) : stem(target));
  const text = read(file);
  const imported = importValues(file === '-' ? 'stdin' : file, text, {
    name,
    ...(options.cluster !== undefined && { cluster: options.cluster }),
  });
  const made = target === undefined ? undefined : filesOf(imported, target);
  if (made !== undefined) {
    if (!options.force) refuseToOverwrite([...made.keys()]);
    for (const [path, content] of made) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  }
  if (options.json) streams.out(`${JSON.stringify(asJson(imported, made))}\n`);
  else {
    if (made === undefined) streams.out(settingsText(withRules(imported)));
    streams.error(renderReport(imported));
    if (made !== undefined) streams.error(`written: ${[...made.keys()].join(', ')}\n`);
  }
  return isComplete(imported) ? 0 : 1;
}

/** Where the settings go; `undefined` is stdout. */
function targetOf({ name, out }: ImportValuesOptions): string | undefined {
  if (name !== undefined && out !== undefined)
    throw new UsageError('--name and --out both say where the settings go; give one of them');
  if (name !== undefined && !/^[a-z0-9][-a-z0-9_.]*$/.test(name))
    throw new UsageError(
      `'${name}' is no name of an environment: lower-case letters, digits, '-', '_' and '.'`,
    );
  if (out !== undefined && !/\.ya?ml$/.test(out))
    throw new UsageError(`'${out}' is no environment file: its name ends in .yaml or .yml`);
  return name === undefined ? out : join('environments', `${name}.yaml`);
}

function stem(file: string): string {
  const name = basename(file, extname(file));
  return name === '-' || name === '' ? 'imported' : name;
}

function read(file: string): string {
  if (file === '-') return readFileSync(0, 'utf8');
  if (!existsSync(file)) throw new UsageError(`there is no file ${file}`);
  if (!statSync(file).isFile() && statSync(file).isDirectory())
    throw new UsageError(`${file} is a folder; give the values file`);
  return readFileSync(file, 'utf8');
}

/** The files to write, by their paths: rules beside the settings, in a folder of the package's name. */
function filesOf(imported: Imported, target: string): Map<string, string> {
  const { rules, rulesPackage, settings } = imported;
  const folder = dirname(target);
  // In a project environments/ and rules/ stand side by side.
  const up = basename(folder) === 'environments' ? '..' : '.';
  const files = new Map<string, string>();
  if (Object.keys(rules).length === 0) return files.set(target, settingsText(settings));
  files.set(target, settingsText({ ...settings, rulesFrom: [`${up}/rules/${rulesPackage}`] }));
  for (const [name, text] of Object.entries(rules))
    files.set(join(folder, up, 'rules', rulesPackage, name), text);
  return files;
}

function refuseToOverwrite(paths: readonly string[]): void {
  const there = paths.filter((path) => existsSync(path));
  if (there.length > 0)
    throw new UsageError(
      `already there: ${there.join(', ')}; give another --name or --out, or --force to overwrite`,
    );
}

function withRules({ settings, rules, rulesPackage }: Imported): Readonly<Record<string, unknown>> {
  return Object.keys(rules).length === 0
    ? settings
    : { ...settings, rulesPackages: { [rulesPackage]: rules } };
}

/** `cluster` first, as in every environment. */
function settingsText({ cluster, ...settings }: Readonly<Record<string, unknown>>): string {
  return `# From values of the chart falcosecurity/falco, by falco-egress import-values.\n${dump(
    { cluster, ...settings },
    { lineWidth: -1, noRefs: true },
  )}`;
}

function asJson(imported: Imported, made: ReadonlyMap<string, string> | undefined): object {
  return {
    values: imported.lines,
    secrets: imported.secrets,
    commands: secretCommands(imported),
    ...(made === undefined ? { settings: withRules(imported) } : { written: [...made.keys()] }),
  };
}
