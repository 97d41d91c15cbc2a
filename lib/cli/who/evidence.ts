import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { inertJson } from '../../inert-json';
import { messageOf } from '../../program/failure';
import { UsageError } from '../../synth/usage-error';
import type { Answer } from '../../who/answer';
import { answerAsCsv } from '../../who/answer-csv';
import { answerAsHtml } from '../../who/answer-html';
import { answerAsJson } from '../../who/answer-json';

/** Where evidence goes: one file, if that is how its name ends, else a folder. */
const ONE_FILE = /\.json$/;

/**
 * Writes what somebody needs to check the answer later: the answer with the digests of what it was made of, the queries, what
 * was covered, who asked and when; and the digests of the files written. Nothing is overwritten.
 *
 * @returns what was written
 * @throws UsageError for what is there already
 */
export function writeEvidence(path: string, answer: Answer, command: readonly string[]): readonly string[] {
  checkEvidencePath(path);
  const json = `${inertJson({ command, ...answerAsJson(answer) })}\n`;
  if (ONE_FILE.test(path)) {
    writeFileSync(path, json, { flag: 'wx', mode: 0o600 });
    return [path];
  }
  const files: readonly (readonly [name: string, text: string])[] = [
    ['answer.json', json],
    ['answer.csv', answerAsCsv(answer)],
    ['answer.html', answerAsHtml(answer)],
  ];
  const sums = files.map(([name, text]) => `${sha256(text)}  ${name}\n`).join('');
  mkdirSync(path, { mode: 0o700 });
  const all = [...files, ['SHA256SUMS', sums] as const];
  for (const [name, text] of all) writeFileSync(join(path, name), text, { flag: 'wx', mode: 0o600 });
  return all.map(([name]) => join(path, name));
}

/**
 * Before anything is read: the answer may take long.
 *
 * @throws UsageError for what is there already, and for a place where nothing can be written
 */
export function checkEvidencePath(path: string): void {
  if (existsSync(path)) throw new UsageError(`${path} is there already; evidence is never overwritten`);
  const folder = dirname(resolve(path));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UsageError(`--evidence ${path}: there is no folder ${dirname(path)}`);
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new UsageError(`--evidence ${path} can't be written: ${messageOf(error)}`);
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
