import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands in for falcosidekick: takes the alerts that the responder sends back, and keeps them. */
export class SidekickSink {
  readonly alerts: { readonly rule: string; readonly output_fields: Readonly<Record<string, string>> }[] = [];

  static async start(): Promise<SidekickSink> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        sink.alerts.push(JSON.parse(Buffer.concat(chunks).toString()) as (typeof sink.alerts)[number]);
        response.end();
      });
    }).listen(0, '127.0.0.1');
    const sink = new SidekickSink(server);
    await once(server, 'listening');
    return sink;
  }

  private constructor(private readonly server: Server) {}

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Names of the Pods of a namespace of which it was told for a reason, each as often as it was. */
  told(namespace: string, reason: string): readonly string[] {
    return this.alerts
      .filter(
        ({ rule, output_fields: fields }) =>
          rule === `falco-egress: ${reason}` && fields['k8s.ns.name'] === namespace,
      )
      .map(({ output_fields: fields }) => fields['k8s.pod.name'] ?? '');
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
