import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { nearest } from '../schema/nearest';
import { findEnvironments } from './environment';
import { UsageError } from './usage-error';

const FOLDER = 'environments';

/** The files of environments by their names, and of any others by path; of all environments without either. */
export function selectEnvironments(names: readonly string[], settings: readonly string[]): string[] {
  if (names.length === 0 && settings.length === 0) return [...allEnvironments().values()];
  const missing = settings.find((path) => !existsSync(path));
  if (missing !== undefined) throw new UsageError(`there is no file ${missing} for --settings`);
  const files = [...names.map(environmentFile), ...settings];
  const folders = files.map((file) => basename(file, extname(file)));
  const twice = folders.find((folder, index) => folders.indexOf(folder) !== index);
  if (twice === undefined) return files;
  throw new UsageError(`two environments are called '${twice}': give each once, or rename one of the files`);
}

/** The file of one environment. */
export function environmentFile(name: string): string {
  const known = allEnvironments();
  const file = known.get(name);
  if (file !== undefined) return file;
  const guess = nearest(name, known.keys());
  throw new UsageError(
    `no environment '${name}' in ${FOLDER}/${guess === undefined ? '' : `; did you mean '${guess}'?`} (there are: ${[...known.keys()].join(', ')})`,
  );
}

function allEnvironments(): Map<string, string> {
  const found = existsSync(FOLDER) ? findEnvironments(FOLDER) : new Map<string, string>();
  if (found.size > 0) return found;
  throw new UsageError(
    `there is no environment here: none of ${FOLDER}/*.yaml; give a file anywhere else by --settings`,
  );
}
