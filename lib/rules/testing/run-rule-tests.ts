import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { RulesError } from '../finding';
import type { RulesFile } from '../render';
import type { RuleTestResults } from './results';
import { runTests } from './run-tests';

export interface RuleTestOptions {
  /** Files of stock rules for a test file that names none in `stock`. */
  readonly stock?: readonly string[];
}

/**
 * Runs the rule tests of a file (`*.test.yaml`): its events in, the alerts that it expects.
 *
 * @param path of the test file; what it names is looked for beside it
 * @throws {@link RulesError} if a file can't be read, or the test file, its rules or its recorded events are wrong
 */
export function runRuleTests(path: string, options: RuleTestOptions = {}): RuleTestResults {
  const beside = (named: string): RulesFile | undefined =>
    readIfThere(isAbsolute(named) ? named : join(dirname(path), named));
  const stock = (options.stock ?? []).map(readOrThrow);
  return runTests(readOrThrow(path), beside, stock);
}

function readOrThrow(path: string): RulesFile {
  const file = readIfThere(path);
  if (file === undefined) throw new RulesError('no-file', `there is no file ${path}`);
  return file;
}

function readIfThere(path: string): RulesFile | undefined {
  try {
    return { name: path, text: readFileSync(path, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new RulesError('no-file', `${path} can't be read: ${(error as Error).message}`);
  }
}
