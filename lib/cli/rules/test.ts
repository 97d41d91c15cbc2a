import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RulesError } from '../../rules/finding';
import { printJson } from '../../rules/recorded/exact-json';
import { renderJunit, type BrokenTestFile } from '../../rules/testing/junit';
import { renderResults } from '../../rules/testing/render-results';
import type { RuleTestResults } from '../../rules/testing/results';
import { runRuleTests } from '../../rules/testing/run-rule-tests';
import { parseOptions } from '../../synth/parse-options';
import type { ExitCode, Streams } from '../../synth/report';
import { UsageError } from '../../synth/usage-error';
import { CommandError } from '../command-error';

const HELP = `Usage: falco-egress rules test PATH… [options]

Runs rule tests: events in, alerts expected.

Arguments:
  PATH            a test file, or a folder whose *.test.yaml are run, those of its folders too

Options:
  --stock FILE    stock rules for test files that name none; may stand more than once
  --junit FILE    write the results as JUnit XML too
  --json          print the results as JSON
  -h, --help      print this

Exit code: 0 if all pass, 1 if one fails or a file is wrong, 2 for wrong use.
`;

const OPTIONS = {
  stock: { type: 'string', multiple: true },
  junit: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** A test file that couldn't be run. */
interface Broken extends BrokenTestFile {
  readonly code: string;
  readonly findings: RulesError['findings'];
}

/** `rules test`. */
export function rulesTest(args: readonly string[], streams: Streams): ExitCode {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (values.help === true) {
    streams.out(HELP);
    return 0;
  }
  if (positionals.length === 0) throw new UsageError('name a test file or a folder of them; see --help');
  const stock = values.stock ?? [];
  for (const file of stock) if (!isThere(file)) throw new UsageError(`there is no file ${file} for --stock`);
  const results = [...new Set(positionals.flatMap(testFiles))].map((file) => run(file, stock));
  const tests = results.flatMap((result) => ('tests' in result ? result.tests : []));
  const failed = tests.filter(({ passed }) => !passed).length;
  const broken = results.filter((result) => !('tests' in result)).length;
  if (values.junit !== undefined) write(values.junit, renderJunit(results));
  if (values.json === true) {
    const summary = { files: results.length, broken, tests: tests.length, failed };
    streams.out(`${printJson({ files: results.map(described), summary })}\n`);
  } else {
    for (const result of results)
      streams.out(`${'tests' in result ? renderResults(result) : result.message}\n`);
    const wrong = broken === 0 ? '' : `, ${count(broken, 'file')} could not be run`;
    streams.out(
      `${count(tests.length, 'test')} in ${count(results.length, 'file')}: ${tests.length - failed} passed, ${failed} failed${wrong}\n`,
    );
  }
  return failed + broken > 0 ? 1 : 0;
}

function run(file: string, stock: readonly string[]): RuleTestResults | Broken {
  try {
    return runRuleTests(file, { stock });
  } catch (error) {
    if (!(error instanceof RulesError)) throw error;
    const { code, message, findings } = error;
    return { file, code, message, findings };
  }
}

function described(result: RuleTestResults | Broken): object {
  if ('tests' in result) return result;
  const { file, code, message, findings } = result;
  return { file, passed: false, error: findings.length > 0 ? { code, findings } : { code, message } };
}

/** The test files of a path, in the order of their names. */
function testFiles(path: string): readonly string[] {
  if (!isThere(path)) throw new UsageError(`there is no file or folder ${path}`);
  if (!statSync(path).isDirectory()) return [path];
  const found = [...within(path)].sort();
  if (found.length === 0) throw new UsageError(`there are no *.test.yaml in ${path}`);
  return found;
}

function* within(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
      yield* within(path);
    if (entry.isFile() && /\.test\.ya?ml$/.test(entry.name)) yield path;
  }
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new CommandError('NOT_WRITTEN', `${path} can't be written: ${(error as Error).message}`);
  }
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
