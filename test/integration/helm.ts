import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { loadAll } from 'js-yaml';
import type { KubeObject } from '../constructs';
import { runTool } from './control-plane/binaries';

/** The chart as it is committed. */
export const CHART = resolve(__dirname, '../../charts/falco-egress');

/** A version of Kubernetes for which the chart is rendered; a Helm that is built without its own flags names none. */
export const KUBERNETES = '1.36.0';

/** The versions of Helm that the chart is held against. */
export const HELMS = ['helm3', 'helm4'] as const;

/** A process so short needs hardly collect its garbage: that would be a quarter of its time. */
export const HELM_ENVIRONMENT: Readonly<NodeJS.ProcessEnv> = { ...process.env, GOGC: '400' };

/** The pinned builds, by name; built first where the cache lacks them. */
export async function helmPrograms(): Promise<ReadonlyMap<string, string>> {
  return runTool('build.mjs', []);
}

/**
 * What `helm template` makes of the chart with these values. Throws what Helm says where it refuses them.
 *
 * @param flags what `helm test` runs is no part of the stack
 */
export async function helmTemplate(
  program: string,
  values: object,
  flags: readonly string[] = ['--no-hooks'],
  chart = CHART,
): Promise<KubeObject[]> {
  const output = await run(
    program,
    ['template', 'test', chart, '--values', '-', '--kube-version', KUBERNETES, ...flags],
    yaml(values),
  );
  return (loadAll(output) as (KubeObject | null)[]).filter((object) => object !== null);
}

/** JSON that is YAML too: what YAML takes for a line break, or for no text, is escaped. */
export function yaml(values: object): string {
  return JSON.stringify(values).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function run(program: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: HELM_ENVIRONMENT });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
    child.once('error', fail);
    child.once('close', (code) => {
      if (code === 0) done(output);
      else fail(new Error(errors));
    });
    child.stdin.end(input);
  });
}

/** What `helm lint` says of the chart. Throws where it warns of anything. */
export async function helmLint(program: string): Promise<string> {
  return run(program, ['lint', '--strict', CHART], '');
}
