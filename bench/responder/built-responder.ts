import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { NODE_FLAGS } from '../../lib/program/node-flags';
import { programFolder, readProgram } from '../../lib/program/parts';
import type { ControlPlane } from '../../test/integration/control-plane';
import { freePorts } from '../../test/integration/control-plane/free-ports';
import { COLLECTOR, VISTATECH } from '../../test/integration/responder/responder-under-test';
import { MINIMAL_CONFIG, UNLIMITED_INTAKE } from '../../test/responder/minimal-config';
import { processorTime } from './processor-time';

const TOKEN = 'sesame';
const MOST_SOCKETS = 128;
/**
 * What Node 20 takes for itself in a container with the Deployment's limit of 256 MiB, as `v8.getHeapStatistics()` says there,
 * and what the Deployment tells it. Without a limit V8 lets its heap grow by what the machine has.
 */
const IN_CONTAINER = ['--max-old-space-size=256', ...NODE_FLAGS];
/** Nobody is to wait for a person here. */
const LIMITS = {
  ...{ perNamespace: 1e6, perCluster: 1e6, perMinute: 1e6, ownerPercent: 100, maxAge: '1h' },
};

/** The program as it is deployed, as a process of its own. */
export class BuiltResponder {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: MOST_SOCKETS });
  private output = '';
  /** From the start of the process until it listens, in milliseconds. */
  listening = NaN;
  /** Alerts that had to be posted again. */
  repeated = 0;

  /** Starts it; it is ready then. BENCH_NODE_FLAGS are flags for its Node, such as `--cpu-prof`. */
  static async start(plane: ControlPlane): Promise<BuiltResponder> {
    const [port = 0, metricsPort = 0] = await freePorts(2);
    const config = join(plane.folder, `responder-${port}.json`);
    const own = {
      ...{ responses: [VISTATECH], limits: LIMITS, intake: UNLIMITED_INTAKE },
      authentication: { collector: COLLECTOR },
    };
    writeFileSync(config, JSON.stringify({ ...MINIMAL_CONFIG, ...own, port, metricsPort }));
    const flags = (process.env['BENCH_NODE_FLAGS'] ?? '').split(' ').filter(Boolean);
    const args = [join(programFolder(), 'start.cjs'), 'responder', '--config', config];
    const began = performance.now();
    const child = spawn(process.execPath, [...IN_CONTAINER, ...flags, ...args], {
      env: {
        PATH: process.env['PATH'],
        KUBECONFIG: plane.kubeconfig,
        PROGRAM_SHA256: readProgram().sha256,
        RESPONDER_TOKEN: TOKEN,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const responder = new BuiltResponder(child, port, metricsPort);
    await responder.started(began);
    return responder;
  }

  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
    private readonly metricsPort: number,
  ) {
    process.once('exit', () => child.kill('SIGKILL'));
  }

  /** Resident memory, in MB. */
  memory(): number {
    const status = readFileSync(`/proc/${this.child.pid ?? 0}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1000;
  }

  /** Processor time so far, in milliseconds. */
  processorTime(): number {
    return processorTime(this.child.pid ?? 0);
  }

  /** Calls to the API server so far, watches apart. */
  async calls(): Promise<number> {
    const { text } = await this.probe('/metrics');
    const counts = [...text.matchAll(/^falco_egress_responder_api_calls_total\{.*\} (\d+)$/gm)];
    return counts.reduce((sum, [, count]) => sum + Number(count), 0);
  }

  /** Waits until nothing is left to be written: Events come after Pods that wait. */
  async settled(): Promise<void> {
    for (;;) {
      const { text } = await this.probe('/metrics');
      const left = [...text.matchAll(/^\w+_(?:queue_depth|queue_running|reports_waiting) (\d+)$/gm)];
      if (left.length === 3 && left.every(([, count]) => count === '0')) return;
      await sleep(250);
    }
  }

  /** Posts an alert, again when it is told to. */
  async post(alert: object): Promise<void> {
    for (;;) {
      const { status, retryAfter } = await this.postOnce(Buffer.from(JSON.stringify(alert)));
      if (status === 200) return;
      if (status !== 503) throw new Error(`the responder answered ${status}`);
      this.repeated += 1;
      await sleep(retryAfter * 1000);
    }
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    this.child.kill('SIGTERM');
    if (this.child.exitCode === null) await once(this.child, 'exit');
  }

  private postOnce(body: Buffer): Promise<{ readonly status: number; readonly retryAfter: number }> {
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': body.length,
      Authorization: `Bearer ${TOKEN}`,
    };
    const options = { method: 'POST', agent: this.agent, headers };
    return new Promise((resolve, reject) => {
      request(`http://127.0.0.1:${this.port}/alerts`, options, (response) => {
        response.resume().once('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            retryAfter: Number(response.headers['retry-after'] ?? 0),
          });
        });
      })
        .once('error', reject)
        .end(body);
    });
  }

  private async started(began: number): Promise<void> {
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding('utf8').on('data', (data: string) => {
        // Only its beginning is read; the rest of a long run is not kept.
        if (this.output.length < 10_000) this.output += data;
        if (Number.isNaN(this.listening) && this.output.includes('responder started'))
          this.listening = performance.now() - began;
      });
    while (Number.isNaN(this.listening) || (await this.probe('/readyz')).status !== 200) {
      if (this.child.exitCode !== null) throw new Error(`the responder ended: ${this.output}`);
      await sleep(20);
    }
  }

  private async probe(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await fetch(`http://127.0.0.1:${this.metricsPort}${path}`);
    return { status: answer.status, text: await answer.text() };
  }
}
