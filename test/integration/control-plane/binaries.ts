import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const TOOLS = resolve(__dirname, '../../../tools/control-plane');

/** The programs a control plane consists of, each with the path of the pinned build. */
export interface Binaries {
  readonly etcd: string;
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly scheduler: string;
  readonly kubectl: string;
}

/** The small program that ends a server with the test run; see its own comment. */
export const GUARD = resolve(TOOLS, 'guard.mjs');

/**
 * The pinned programs, built first where the cache lacks them (about ten minutes, with progress on stderr).
 */
export async function binaries(): Promise<Binaries> {
  const paths = await runTool('build.mjs', []);
  return {
    etcd: pathOf(paths, 'etcd'),
    apiServer: pathOf(paths, 'kube-apiserver'),
    controllerManager: pathOf(paths, 'kube-controller-manager'),
    scheduler: pathOf(paths, 'kube-scheduler'),
    kubectl: pathOf(paths, 'kubectl'),
  };
}

/** Runs a program of tools/control-plane that prints one JSON object of names and paths. */
export async function runTool(name: string, args: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const output = await new Promise<string>((done, fail) => {
    const child = spawn(process.execPath, [resolve(TOOLS, name), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.once('error', fail);
    child.once('close', (code) => {
      if (code === 0) done(text);
      else fail(new Error(`tools/control-plane/${name} failed (exit ${String(code)}); its reason is above`));
    });
  });
  const parsed: unknown = JSON.parse(output);
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`${name} printed no JSON object`);
  return new Map(Object.entries(parsed).map(([key, value]) => [key, String(value)]));
}

function pathOf(paths: ReadonlyMap<string, string>, name: string): string {
  const path = paths.get(name);
  if (path === undefined) throw new Error(`tools/control-plane/build.mjs names no ${name}`);
  return path;
}
