import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programFolder, readProgram } from '../../../lib/program/parts';
import { MINIMAL_CONFIG } from '../../responder/minimal-config';
import type { ControlPlane } from '../control-plane';
import { freePorts } from '../control-plane/free-ports';
import { waitUntil } from '../control-plane/wait';
import { postAlert, postLogs } from './post';
import { COLLECTOR, VISTATECH } from './responder-under-test';
import { SilentCrowd } from './silent-crowd';

const TOKEN = 'sesame';
/** It promises an answer within a second, whatever the API server does; the machine may be slow besides. */
const PATIENCE = 10_000;

/** Nobody is to wait for a person. */
const NO_LIMITS = { perNamespace: 1e6, perCluster: 1e6, perMinute: 1e6, ownerPercent: 100, maxAge: '1h' };

/** What a built responder runs with. */
export interface BuiltResponderProps {
  /** File with the token of its ServiceAccount. */
  readonly tokenFile: string;
  /** Where it finds the API server. @default the control plane's own address */
  readonly url?: string;
  readonly config?: object;
  /** More environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The program as it runs in its container: a process of its own, as its own ServiceAccount, on ports that it keeps. */
export class BuiltResponder {
  /** What all of its processes have logged. */
  readonly logged: { readonly level: string; readonly message: string; readonly [field: string]: unknown }[] =
    [];
  private child: ChildProcess | undefined;
  private exited: Promise<unknown> = Promise.resolve();

  static async prepare(plane: ControlPlane, props: BuiltResponderProps): Promise<BuiltResponder> {
    const [port = 0, metricsPort = 0] = await freePorts(2);
    const config = join(plane.folder, `responder-${port}.json`);
    const own = { responses: [VISTATECH], limits: NO_LIMITS, authentication: { collector: COLLECTOR } };
    const cut = { quarantine: { ingress: false, allowDns: false, denyTiers: [] } };
    writeFileSync(
      config,
      JSON.stringify({ ...MINIMAL_CONFIG, ...own, ...cut, ...props.config, port, metricsPort }),
    );
    const kubeconfig = join(plane.folder, `responder-${port}.kubeconfig`);
    const { url = plane.url, tokenFile } = props;
    // Without TLS there is only a proxy of a test.
    const trust = url.startsWith('https:')
      ? { 'certificate-authority': plane.caFile }
      : { 'insecure-skip-tls-verify': true };
    const cluster = { server: url, ...trust };
    // As inside of a Pod: the token is in a file that is renewed.
    const user = { 'auth-provider': { name: 'tokenFile', config: { tokenFile } } };
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'test' },
        clusters: [{ name: 'test', cluster }],
        users: [{ name: 'test', user }],
        contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      }),
    );
    return new BuiltResponder(port, metricsPort, config, {
      PATH: process.env['PATH'],
      KUBECONFIG: kubeconfig,
      PROGRAM_SHA256: readProgram().sha256,
      RESPONDER_TOKEN: TOKEN,
      ...props.environment,
    });
  }

  private constructor(
    private readonly port: number,
    private readonly metricsPort: number,
    private readonly config: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {
    process.once('exit', () => this.child?.kill('SIGKILL'));
  }

  /** Begins a process; nothing is waited for. */
  begin(): void {
    if (this.child !== undefined) throw new Error('it runs already');
    const args = [join(programFolder(), 'start.cjs'), 'responder', '--config', this.config];
    const child = spawn(process.execPath, args, {
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let rest = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (data: string) => {
        const lines = (rest + data).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) this.logged.push(JSON.parse(line) as (typeof this.logged)[number]);
      });
    this.exited = new Promise((resolve) => child.once('exit', resolve));
    this.child = child;
  }

  /** Begins a process, and waits until it is ready. */
  async start(): Promise<void> {
    this.begin();
    await this.ready();
  }

  async ready(): Promise<void> {
    await waitUntil(
      async () => {
        if (this.child?.exitCode != null)
          throw new Error(`it ended: ${JSON.stringify(this.logged.slice(-5))}`);
        return (await this.probe('/readyz').catch(() => undefined))?.status === 200;
      },
      60_000,
      () => new Error(`not ready: ${JSON.stringify(this.logged.slice(-5))}`),
    );
  }

  /** Ends its process as the kernel does that has no memory left. */
  async kill(): Promise<void> {
    const { child, exited } = this;
    child?.kill('SIGKILL');
    await exited;
    if (child?.signalCode === null) throw new Error(`it had ended: ${JSON.stringify(this.logged.slice(-5))}`);
    if (this.child === child) this.child = undefined;
  }

  /** Asks its process to end, as the kubelet does; its exit code. */
  async terminate(): Promise<number | null | undefined> {
    const { child, exited } = this;
    child?.kill('SIGTERM');
    await exited;
    if (this.child === child) this.child = undefined;
    return child?.exitCode;
  }

  /** The most memory that its process has had, in MiB. */
  peak(): number {
    const status = readFileSync(`/proc/${this.child?.pid ?? 0}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  }

  /** Connections that read nothing, to its port of health and metrics. */
  besiegers(): SilentCrowd {
    return new SilentCrowd(this.metricsPort);
  }

  async probe(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await fetch(`http://127.0.0.1:${this.metricsPort}${path}`);
    return { status: answer.status, text: await answer.text() };
  }

  postAlert(body: object): Promise<number> {
    return postAlert({ port: this.port, token: TOKEN, patience: PATIENCE }, body);
  }

  postLogs(lines: readonly object[], token: string): Promise<number> {
    return postLogs({ port: this.port, token, patience: PATIENCE }, lines);
  }
}
