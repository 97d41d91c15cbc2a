import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Folders to write: by name, files by name, texts. */
export type Folders = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Writes folders into `target`, each whole or not at all: they are written beside it first and swapped in at the end, so
 * that a failure leaves the old ones. With `removeOthers`, folders in `target` that are not among them go.
 */
export function writeFolders(target: string, folders: Folders, removeOthers: boolean): void {
  mkdirSync(target, { recursive: true });
  const staging = mkdtempSync(join(dirname(resolve(target)), `.${basename(resolve(target))}-`));
  try {
    for (const [folder, files] of folders) {
      mkdirSync(join(staging, 'new', folder), { recursive: true });
      for (const [name, text] of files) writeFileSync(join(staging, 'new', folder, name), text);
    }
    mkdirSync(join(staging, 'old'));
    for (const folder of folders.keys()) {
      const place = join(target, folder);
      if (existsSync(place)) renameSync(place, join(staging, 'old', folder));
      renameSync(join(staging, 'new', folder), place);
    }
    if (removeOthers)
      for (const folder of foldersIn(target))
        if (!folders.has(folder)) renameSync(join(target, folder), join(staging, 'old', folder));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** What on disk differs from `folders`: paths below `target`, each with what is wrong. */
export function staleFiles(target: string, folders: Folders, complete: boolean): string[] {
  const stale: string[] = [];
  for (const [folder, files] of folders) {
    for (const [name, text] of files) {
      const file = join(target, folder, name);
      if (!existsSync(file)) stale.push(`${join(folder, name)} is missing`);
      else if (readFileSync(file, 'utf8') !== text) stale.push(`${join(folder, name)} is stale`);
    }
    for (const name of existsSync(join(target, folder)) ? readdirSync(join(target, folder)) : [])
      if (!files.has(name)) stale.push(`${join(folder, name)} is not synthesized any more`);
  }
  if (complete)
    for (const folder of foldersIn(target))
      if (!folders.has(folder)) stale.push(`${folder} is not an environment any more`);
  return stale;
}

function foldersIn(target: string): string[] {
  return existsSync(target)
    ? readdirSync(target).filter((name) => statSync(join(target, name)).isDirectory())
    : [];
}
