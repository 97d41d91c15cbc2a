import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { loadEnvironment } from '../synth/environment';
import type { ManifestObject } from '../synth/manifest-files';
import { diffObjects, renderChanges } from '../synth/object-diff';
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
  const split = target.indexOf('@');
  const [name, revision] = [target.slice(0, split), target.slice(split + 1)];
  if (split < 1 || revision === '')
    throw new UsageError(`'${target}' is not ENVIRONMENT@REVISION; write one such as production@HEAD~1`);
  const file = environmentFile(name);
  const before = manifestsAt(revision, join(options.manifests, name));
  const after = [...synthesize(loadEnvironment(file))]
    .filter(([path]) => path.endsWith('.yaml'))
    .flatMap(([, text]) => objectsIn(text));
  const changes = diffObjects(before, after);
  const text = options.json ? `${JSON.stringify({ changes })}\n` : renderChanges(changes);
  return { differs: changes.length > 0, text };
}

function objectsIn(text: string): ManifestObject[] {
  return (loadAll(text) as (ManifestObject | null)[]).filter((object) => object !== null);
}

function manifestsAt(revision: string, folder: string): ManifestObject[] {
  const commit = commitOf(revision);
  const files = git('ls-tree', '-r', '-z', '--name-only', commit, '--', `${folder}/`)
    .split('\0')
    .filter((path) => path.endsWith('.yaml'));
  if (files.length === 0)
    throw new CommandError(
      'NO_MANIFESTS',
      `there are no manifests in ${folder} at ${revision}; commit them, or name another revision`,
    );
  return files.flatMap((path) => objectsIn(git('show', `${commit}:./${path}`)));
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
