import type { Fields } from '../../../lib/program/log';
import { parseConfig } from '../../../lib/responder/config';
import { ResponderMetrics } from '../../../lib/responder/report/responder-metrics';
import { startResponder, type RunningResponder } from '../../../lib/responder/run';
import { MINIMAL_CONFIG } from '../../responder/minimal-config';
import type { ControlPlane } from '../control-plane';
import { waitUntil } from '../control-plane/wait';
import { clusterOf } from './cluster-under-test';
import { postAlert, postLogs } from './post';

const TOKEN = 'sesame';

/** The response of the demo. */
export const VISTATECH = {
  name: 'vistatech',
  match: 'rule = "Connection to vistatech.it"',
  action: 'quarantine',
  mode: 'enforce',
  ttl: '4h',
};

/** A responder in this process, on a real API server. */
export class ResponderUnderTest {
  readonly logged: { level: string; message: string; fields: Fields }[] = [];
  /** Lines of the inventory. */
  readonly inventory: string[] = [];
  private running: RunningResponder | undefined;

  /** Starts one and waits until it is ready; on any free port, unless it is to be found again. */
  static async start(
    plane: ControlPlane,
    { port = 0, ...config }: Readonly<Record<string, unknown>> & { readonly port?: number } = {},
    props: Parameters<typeof clusterOf>[1] = {},
  ): Promise<ResponderUnderTest> {
    const responder = new ResponderUnderTest();
    const { cluster } = clusterOf(plane, props);
    responder.running = await startResponder({
      config: {
        ...parseConfig({
          ...MINIMAL_CONFIG,
          authentication: { collector: COLLECTOR },
          ...{ responses: [VISTATECH], ...config },
        }),
        ...{ port, metricsPort: 0 },
      },
      cluster,
      metrics: new ResponderMetrics(),
      version: '0.0.0',
      token: TOKEN,
      log: (level, message, fields = {}) => responder.logged.push({ level, message, fields }),
      write: (line) => responder.inventory.push(line),
    });
    await waitUntil(
      async () => (await responder.probe('/readyz')).status === 200,
      30_000,
      () => new Error(`not ready: ${JSON.stringify(responder.logged.slice(-5))}`),
    );
    return responder;
  }

  /** Asks the port of probes. */
  async probe(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await fetch(`http://127.0.0.1:${this.running?.metricsPort ?? 0}${path}`);
    return { status: answer.status, text: await answer.text() };
  }

  /** Posts what falcosidekick would. */
  postAlert(body: object, token = TOKEN): Promise<number> {
    return postAlert({ port: this.port, token }, body);
  }

  /** Posts what a collector would; each line a record. */
  postLogs(lines: readonly object[], token: string): Promise<number> {
    return postLogs({ port: this.port, token }, lines);
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
  }

  private get port(): number {
    return this.running?.port ?? 0;
  }
}

/** How the collector is known in these tests. */
export const COLLECTOR = { namespace: 'default', serviceAccount: 'collector', audience: 'responder' };

let raised = 0;

/** An alert of a Pod as Falco prints it, each of another moment. */
export function alertOf(
  pod: { readonly namespace: string; readonly name: string; readonly uid?: string },
  over: { readonly rule?: string; readonly time?: string; readonly fields?: object } = {},
): object {
  raised += 1;
  const nanoseconds = String(raised % 1_000_000).padStart(6, '0');
  return {
    rule: over.rule ?? 'Connection to vistatech.it',
    priority: 'Warning',
    output: 'Connection to vistatech.it',
    time: over.time ?? new Date().toISOString().replace('Z', `${nanoseconds}Z`),
    source: 'syscall',
    tags: ['network'],
    output_fields: {
      'k8s.ns.name': pod.namespace,
      'k8s.pod.name': pod.name,
      ...(pod.uid !== undefined && { 'k8s.pod.uid': pod.uid }),
      'fd.sip': '213.215.222.58',
      ...over.fields,
    },
  };
}
