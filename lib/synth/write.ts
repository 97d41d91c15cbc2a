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
import { join } from 'node:path';

/** Folders to write: by name, files by name, texts. */
export type Folders = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Moves a file or folder within one file system. */
type Move = (from: string, to: string) => void;

/**
 * Writes folders into `target`, each whole or not at all: they are written beside one another under a hidden name first,
 * in `target` itself since that may be a file system of its own, and swapped in at the end, so that a failure leaves the
 * old ones. One that would not change is not touched. With `removeOthers`, folders of other environments in `target` go; a
 * folder that the synthesis has not made is never touched.
 *
 * @throws {@link ForeignFolderError} where something else has the name of an environment
 */
export function writeFolders(
  target: string,
  folders: Folders,
  removeOthers: boolean,
  move: Move = renameSync,
): void {
  for (const folder of folders.keys()) {
    const place = join(target, folder);
    if (existsSync(place) && !isOurs(place)) throw new ForeignFolderError(place);
  }
  mkdirSync(target, { recursive: true });
  removeLeftovers(target);
  const staging = mkdtempSync(join(target, `${STAGING}${process.pid}-`));
  try {
    const changed = new Map(
      [...folders].filter(([name, files]) => staleInFolder(target, name, files).length > 0),
    );
    for (const [folder, files] of changed) {
      mkdirSync(join(staging, 'new', folder), { recursive: true });
      for (const [name, text] of files) writeFileSync(join(staging, 'new', folder, name), text);
    }
    mkdirSync(join(staging, 'old'));
    for (const folder of changed.keys())
      swap(join(target, folder), join(staging, 'new', folder), join(staging, 'old', folder), move);
    if (removeOthers)
      for (const folder of foldersIn(target))
        if (!folders.has(folder)) move(join(target, folder), join(staging, 'old', folder));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Puts `next` in the place of what is there, which goes to `old`, and comes back where that fails. */
function swap(place: string, next: string, old: string, move: Move): void {
  const taken = existsSync(place);
  if (taken) move(place, old);
  try {
    move(next, place);
  } catch (error) {
    if (taken) renameSync(old, place);
    throw error;
  }
}

/** How the name of a folder begins in which the next folders are written; the id of the process follows. */
const STAGING = '.falco-egress-';

/** What a process has left that was killed; one that still writes keeps its own. */
function removeLeftovers(target: string): void {
  for (const name of readdirSync(target)) {
    const [, pid] = /^\.falco-egress-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(target, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What on disk differs from `folders`: paths below `target`, each with what is wrong. */
export function staleFiles(target: string, folders: Folders, complete: boolean): string[] {
  const stale = [...folders].flatMap(([folder, files]) => staleInFolder(target, folder, files));
  const gone = complete ? foldersIn(target).filter((folder) => !folders.has(folder)) : [];
  return [...stale, ...gone.map((folder) => `${folder} is not an environment any more`)];
}

function staleInFolder(target: string, folder: string, files: ReadonlyMap<string, string>): string[] {
  const place = join(target, folder);
  const present = existsSync(place) ? readdirSync(place) : [];
  const stale = [...files].flatMap(([name, text]) => {
    if (!present.includes(name)) return [`${join(folder, name)} is missing`];
    return readFileSync(join(place, name), 'utf8') === text ? [] : [`${join(folder, name)} is stale`];
  });
  const gone = present.filter((name) => !files.has(name));
  return [...stale, ...gone.map((name) => `${join(folder, name)} is not synthesized any more`)];
}

/** Folders of environments; a hidden one is none. */
function foldersIn(target: string): string[] {
  if (!existsSync(target)) return [];
  return readdirSync(target).filter((name) => !name.startsWith('.') && isOurs(join(target, name)));
}

/** Files that every environment has. */
const MARKS = ['images.txt', 'RBAC.md'];

/** Whether the synthesis has made a folder, or may: `--out .` must not cost anybody a source tree. */
function isOurs(place: string): boolean {
  if (!statSync(place).isDirectory()) return false;
  const present = readdirSync(place);
  return present.length === 0 || MARKS.every((mark) => present.includes(mark));
}

/** What stands where manifests should go is not ours to replace. */
class ForeignFolderError extends Error {
  override readonly name = 'ForeignFolderError';
  readonly code = 'FOREIGN_FOLDER';

  constructor(place: string) {
    super(
      `${place} holds something else than manifests, and is left alone; give another folder by --out, or remove it`,
    );
  }
}
