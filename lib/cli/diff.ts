import { execFileSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { loadAll } from 'js-yaml';
import { loadEnvironment } from '../synth/environment';
import type { ManifestObject } from '../synth/manifest-files';
import { diffObjects, diffTexts, renderChanges } from '../synth/object-diff';
import { environmentFile } from '../synth/select';
import { synthesize } from '../synth/synthesize';
import { UsageError } from '../synth/usage-error';
import { CommandError } from './command-error';

/** What `falco-egress diff` prints, and whether anything differs. */
export interface DiffResult {
  readonly differs: boolean;
  readonly text: string;
}

/** What the settings of today do to the manifests of a revision: `ENVIRONMENT@REVISION`. */
export function diff(
  target: string,
  options: { readonly json: boolean; readonly manifests: string },
): DiffResult {
  const at = target.indexOf('@');
  const [name, revision] = [target.slice(0, at), target.slice(at + 1)];
  if (at < 1 || revision === '')
    throw new UsageError(`'${target}' is not ENVIRONMENT@REVISION; write one such as production@HEAD~1`);
  const file = environmentFile(name);
  const before = split(filesAt(revision, join(options.manifests, name)));
  const after = split(synthesize(loadEnvironment(file)));
  const changes = [...diffObjects(before.objects, after.objects), ...diffTexts(before.texts, after.texts)];
  const text = options.json ? `${JSON.stringify({ changes })}\n` : renderChanges(changes);
  return { differs: changes.length > 0, text };
}

/** What the synthesis reads off the objects for people: it changes only with them. */
const DERIVED = ['images.txt', 'RBAC.md'];

/** Objects, and files of a folder that hold none. */
interface Content {
  readonly objects: readonly ManifestObject[];
  readonly texts: ReadonlyMap<string, string>;
}

function split(files: ReadonlyMap<string, string>): Content {
  const objects: ManifestObject[] = [];
  const texts = new Map<string, string>();
  for (const [name, text] of files) {
    const found = name.endsWith('.yaml') ? objectsIn(text) : undefined;
    if (found !== undefined) objects.push(...found);
    else if (!DERIVED.includes(name)) texts.set(name, text);
  }
  return { objects, texts };
}

/** `undefined` where anything is no object of Kubernetes: older revisions hold values of Helm as `.yaml`. */
function objectsIn(text: string): ManifestObject[] | undefined {
  const documents = (loadAll(text) as (Partial<ManifestObject> | null)[]).filter((each) => each !== null);
  return documents.every(isObject) ? documents : undefined;
}

function isObject(document: Partial<ManifestObject>): document is ManifestObject {
  const { apiVersion, kind, metadata } = document;
  return apiVersion !== undefined && kind !== undefined && metadata !== undefined;
}

function filesAt(revision: string, folder: string): Map<string, string> {
  const commit = commitOf(revision);
  const files = git('ls-tree', '-r', '-z', '--name-only', commit, '--', `${folder}/`)
    .split('\0')
    .filter((path) => path !== '');
  if (!files.some((path) => path.endsWith('.yaml')))
    throw new CommandError(
      'NO_MANIFESTS',
      `there are no manifests in ${folder} at ${revision}; commit them, or name another revision`,
    );
  return new Map(files.map((path) => [basename(path), git('show', `${commit}:./${path}`)]));
}

function commitOf(revision: string): string {
  git('rev-parse', '--git-dir');
  try {
    // Whatever it begins with, a revision is no option.
    return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`).trim();
  } catch {
    throw new CommandError('NO_REVISION', `there is no revision '${revision}' in this git repository`);
  }
}

function git(...args: string[]): string {
  try {
    return execFileSync('git', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 28,
    });
  } catch (error) {
    const { code, stderr = '' } = error as { code?: string; stderr?: string };
    const reason = code === 'ENOENT' ? 'there is no git on the PATH' : stderr.trim();
    throw new CommandError('GIT', `git ${args[0] ?? ''} failed: ${reason === '' ? String(error) : reason}`);
  }
}
