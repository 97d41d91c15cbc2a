import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { waitUntil } from '../control-plane/wait';

const BUILD = resolve(__dirname, '../../../tools/otelcol/build.mjs');

/** The pinned OpenTelemetry Collector, built first where the cache lacks it (about two minutes, with progress on stderr). */
export async function otelcolBinary(): Promise<string> {
  const build = spawn(process.execPath, [BUILD], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  build.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const [code] = (await once(build, 'close')) as [number | null];
  if (code !== 0) throw new Error('tools/otelcol/build.mjs failed; its reason is above');
  return (JSON.parse(output) as { otelcol: string }).otelcol;
}

/** How a Collector is started. */
export interface OtelcolProps {
  readonly binary: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Port of its health. */
  readonly healthPort: number;
  /** Port of its metrics. */
  readonly metricsPort: number;
}

/** A running Collector. It ends with this process at the latest. */
export class Otelcol {
  /** Starts one and waits until it says that it is ready. */
  static async start(props: OtelcolProps): Promise<Otelcol> {
    const collector = new Otelcol(
      spawn(props.binary, props.args, { env: { ...process.env, ...props.env } }),
      props.metricsPort,
    );
    await waitUntil(
      async () => {
        if (!collector.runs()) throw new Error(`the Collector ended:\n${collector.log()}`);
        const url = `http://127.0.0.1:${props.healthPort}/`;
        return (await fetch(url).catch(() => undefined))?.status === 200;
      },
      30_000,
      () => new Error(`the Collector did not become ready:\n${collector.log()}`),
    );
    return collector;
  }

  private output = '';
  private readonly gone: Promise<unknown>;
  private readonly onExit = () => this.process.kill('SIGKILL');

  private constructor(
    private readonly process: ChildProcess,
    private readonly metricsPort: number,
  ) {
    this.gone = once(this.process, 'exit');
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.setEncoding('utf8').on('data', (chunk: string) => (this.output += chunk));
    process.once('exit', this.onExit);
  }

  /** What it has written. */
  log(): string {
    return this.output;
  }

  /** Its metrics, as Prometheus reads them. */
  async metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`)).text();
  }

  /** How long it has kept a processor busy. */
  cpuSeconds(): number {
    const stat = readFileSync(`/proc/${this.process.pid ?? 0}/stat`, 'utf8');
    const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
    // Linux counts in hundredths for whoever asks.
    return (user + system) / 100;
  }

  /**
   * How many bytes of memory it takes: all, at most so far; and at present what is its own, which no page of a file is. The
   * kernel ends a container for the latter.
   */
  memory(): { readonly peak: number; readonly own: number } {
    const status = readFileSync(`/proc/${this.process.pid ?? 0}/status`, 'utf8');
    const bytes = (field: string): number =>
      1024 * Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
    return { peak: bytes('VmHWM'), own: bytes('RssAnon') };
  }

  /** Ends it, by default as the kubelet does, and waits until it is gone. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    process.off('exit', this.onExit);
    if (this.runs()) this.process.kill(signal);
    await this.gone;
  }

  private runs(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }
}
