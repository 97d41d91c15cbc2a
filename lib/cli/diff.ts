import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { findEnvironments, loadEnvironment } from '../synth/environment';
import type { ManifestObject } from '../synth/manifest-files';
import { diffObjects, renderChanges } from '../synth/object-diff';
import { synthesize } from '../synth/synthesize';
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
  const [name = '', revision = ''] = target.split('@', 2);
  if (name === '' || revision === '')
    throw new CommandError(
      'USAGE',
      `'${target}' is not ENVIRONMENT@REVISION; write one such as production@HEAD~1`,
    );
  const file = existsSync('environments') ? findEnvironments('environments').get(name) : undefined;
  if (file === undefined)
    throw new CommandError('NO_ENVIRONMENT', `no environment '${name}' in environments/`);
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
  const files = git('ls-tree', '-r', '--name-only', revision, '--', `${folder}/`)
    .split('\n')
    .filter((path) => path.endsWith('.yaml'));
  if (files.length === 0)
    throw new CommandError(
      'NO_MANIFESTS',
      `there are no manifests in ${folder} at ${revision}; commit them, or name another revision`,
    );
  return files.flatMap((path) => objectsIn(git('show', `${revision}:./${path}`)));
}

function git(...args: string[]): string {
  try {
    return execFileSync('git', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 28,
    });
  } catch (error) {
    const reason = (error as { stderr?: string }).stderr?.trim() ?? String(error);
    throw new CommandError('GIT', `git ${args[0] ?? ''} failed: ${reason}`);
  }
}
