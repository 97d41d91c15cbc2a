import { spawn } from 'node:child_process';

const WARNING = 'Warning: ';

/** What a run of kubectl came to. */
interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run kubectl once. */
interface KubectlOptions {
  /** Its stdin, for `-f -`. @default empty */
  readonly input?: string | Uint8Array;
  /** Environment variables on top of this process's. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** After this long it is killed and the call rejects. @default 60000 */
  readonly timeoutMs?: number;
}

/** Runs kubectl against one control plane. An exit code other than 0 is a result, not an error. */
export type Kubectl = (args: readonly string[], options?: KubectlOptions) => Promise<KubectlResult>;

/**
 * A {@link Kubectl} that runs the program at `path` with `kubeconfig`; `home` takes its discovery cache and
 * keeps the user's own kubectl preferences out.
 */
export function kubectlWith(path: string, kubeconfig: string, home: string): Kubectl {
  return (args, { input = '', env = {}, timeoutMs = 60_000 } = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(path, args, {
        env: { ...process.env, HOME: home, ...env, KUBECONFIG: kubeconfig },
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
      // kubectl may end without reading its input; its exit code says why.
      child.stdin.on('error', () => undefined).end(input);
      child.once('error', reject);
      child.once('close', (code, signal) => {
        if (code !== null) resolve({ code, stdout, stderr });
        else reject(new Error(`kubectl ${args.join(' ')} was ended by ${String(signal)}\n${stderr}`));
      });
    });
}

/** The API server's warnings in kubectl's stderr, without their prefix. */
export function warningsIn(stderr: string): readonly string[] {
  return linesOf(stderr).flatMap((line) => (line.startsWith(WARNING) ? [line.slice(WARNING.length)] : []));
}

/** kubectl's stderr without the API server's warnings. */
export function errorsIn(stderr: string): string {
  return linesOf(stderr)
    .filter((line) => !line.startsWith(WARNING))
    .join('\n');
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}
