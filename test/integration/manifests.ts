import { join } from 'node:path';

import type { ControlPlane } from './control-plane';
import { errorsIn, warningsIn } from './control-plane/kubectl';
import { describeObject, manifestFiles, readManifests, type Manifest } from './manifest-files';
import type { PodManifest } from './pod-templates';

export { podTemplates } from './pod-templates';

const APPLY = ['apply', '--server-side', '--force-conflicts=false', '--validate=strict'];

/** What became of one object. */
export interface ApplyOutcome {
  readonly file: string;
  /** `Deployment falco/ui` */
  readonly object: string;
  /** Whether the API server took it without an error and without a warning. */
  readonly ok: boolean;
  /** Warnings of the API server, without their prefix. */
  readonly warnings: readonly string[];
  /** kubectl's error; empty when there is none. */
  readonly error: string;
}

/** What the API server said to a Pod that was not kept. */
export interface DryRunOutcome {
  readonly admitted: boolean;
  /** Warnings of the API server, without their prefix. */
  readonly warnings: readonly string[];
  /** kubectl's error; empty when admitted. */
  readonly error: string;
}

/**
 * Applies the YAML files of `dir` in file-name order, their bytes as they are, as `kubectl apply
 * --server-side --validate=strict` does: an unknown field, a duplicate one or a conflict is an error. Goes on
 * after a failure. One outcome an object, in order.
 */
export async function applyDirectory(plane: ControlPlane, dir: string): Promise<readonly ApplyOutcome[]> {
  const manifests = await readManifests(dir);
  // All at once, as users do; only if that is not fine, each file alone.
  if (manifests.length > 0 && (await isFine(plane, dir)))
    return manifests.map((manifest) => outcomeOf(manifest, 0, ''));
  const outcomes: ApplyOutcome[] = [];
  for (const file of await manifestFiles(dir)) {
    const own = manifests.filter((manifest) => manifest.file === file);
    outcomes.push(...(await applyFile(plane, join(dir, file), own)));
  }
  return outcomes;
}

/** The outcomes that are not fine, each as readable lines; empty when everything was applied. */
export function applyProblems(outcomes: readonly ApplyOutcome[]): readonly string[] {
  return outcomes
    .filter(({ ok }) => !ok)
    .map(({ file, object, warnings, error }) => {
      const lines = [...warnings.map((warning) => `warning: ${warning}`), error].filter(
        (line) => line !== '',
      );
      return `${file}: ${object}: ${lines.join('\n')}`;
    });
}

/**
 * What applying the YAML files of `dir` again would change, as a unified diff; '' when nothing would.
 */
export async function diffDirectory(plane: ControlPlane, dir: string): Promise<string> {
  const { code, stdout, stderr } = await plane.kubectl(['diff', '--server-side', '-f', dir], {
    env: { KUBECTL_EXTERNAL_DIFF: 'diff -u' },
  });
  // 1 means that there are differences; so does an error that printed none.
  if (code > 1 || (code === 1 && stdout === '')) throw new Error(`kubectl diff of ${dir} failed:\n${stderr}`);
  return stdout;
}

const DRY_RUN = ['create', '--dry-run=server', '--validate=strict', '-o', 'name', '-f', '-'];

/** Asks the API server to create Pods, as {@link dryRunPod} does; an outcome for each. */
export async function dryRunPods(
  plane: ControlPlane,
  pods: readonly PodManifest[],
): Promise<readonly DryRunOutcome[]> {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods });
  const { code, stdout, stderr } = await plane.kubectl(DRY_RUN, { input });
  // Of several, a warning does not tell which one it is about.
  if (code !== 0 || stderr.trim() !== '' || stdout.trim().split('\n').length !== pods.length)
    return Promise.all(pods.map((pod) => dryRunPod(plane, pod)));
  return pods.map(() => ({ admitted: true, warnings: [], error: '' }));
}

/** Asks the API server to create `pod`, through all admission, but not to keep it. */
export async function dryRunPod(plane: ControlPlane, pod: PodManifest): Promise<DryRunOutcome> {
  const { code, stderr } = await plane.kubectl(DRY_RUN, { input: JSON.stringify(pod) });
  return { admitted: code === 0, warnings: warningsIn(stderr), error: errorsIn(stderr) };
}

/** Whether a file or a folder is applied without an error and without a warning. */
async function isFine(plane: ControlPlane, path: string): Promise<boolean> {
  const { code, stderr } = await plane.kubectl([...APPLY, '-f', path]);
  return code === 0 && stderr.trim() === '';
}

/** The whole file at once; only if that is not fine, each object alone to see which one is to blame. */
async function applyFile(
  plane: ControlPlane,
  path: string,
  manifests: readonly Manifest[],
): Promise<readonly ApplyOutcome[]> {
  if (manifests.length === 0) return [];
  const { code, stderr } = await plane.kubectl([...APPLY, '-f', path]);
  const fine = code === 0 && stderr.trim() === '';
  if (fine) return manifests.map((manifest) => outcomeOf(manifest, 0, ''));
  const outcomes: ApplyOutcome[] = [];
  for (const manifest of manifests) {
    const alone = await plane.kubectl([...APPLY, '-f', '-'], { input: manifest.text });
    outcomes.push(outcomeOf(manifest, alone.code, alone.stderr));
  }
  if (outcomes.every(({ ok }) => ok)) {
    throw new Error(`${path}: kubectl complained about the file, but about none of its objects:\n${stderr}`);
  }
  return outcomes;
}

function outcomeOf({ file, object }: Manifest, code: number, stderr: string): ApplyOutcome {
  const warnings = warningsIn(stderr);
  return {
    file,
    object: describeObject(object),
    ok: code === 0 && warnings.length === 0,
    warnings,
    error: errorsIn(stderr),
  };
}
