import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

import { printInventoryRecord } from '../../../lib/inventory/record';
import { alertOf } from '../../../lib/responder/report/report';
import { CANARY_RULE, RECORD_RULE } from '../../../lib/rules/library/names';
import { alertLine } from '../../history/alert';
import { exemptionAt, podAt } from '../../history/inventory/records';
import { startDeployed } from '../collector/deployed';
import { NodeDirectories } from '../collector/node';
import { otelcolBinary } from '../collector/otelcol';
import { waitUntil } from '../control-plane/wait';

const CLUSTER = 'prod-eu-1';
const RESPONDER = 'falco-egress_falco-egress-responder-5d9c-x7k2p_0f1d2c4e-0a3b-4c5d-8e9f-001122334455';

/** Classes of data that the collector has Loki keep, each with a query for its lines and no others. */
export const CLASSES = {
  record: `{rule="${RECORD_RULE}"}`,
  alert: '{rule="Outbound"}',
  responder: '{source="falco-egress"}',
  canary: `{rule="${CANARY_RULE}"}`,
  drops: '{rule="Falco internal: syscall event drop"}',
  inventory: '{source="inventory"} |= `"kind":"pod"`',
  exemption: '{source="inventory"} |= `"kind":"exemption"`',
} as const;

interface Resource {
  readonly resource: object;
  readonly scopeLogs: readonly { readonly logRecords: readonly object[] }[];
}

/** A line of each class, in the body that the deployed collector sends to Loki. */
export class SentByCollector {
  static async ofEachClass(): Promise<SentByCollector> {
    const resources: Resource[] = [];
    const server = createServer((request, response) => {
      void buffer(request).then((body) => {
        const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
        resources.push(...(JSON.parse(text.toString()) as { resourceLogs: Resource[] }).resourceLogs);
        response.setHeader('Content-Type', 'application/json').end('{}');
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port: lokiPort } = server.address() as AddressInfo;
    const node = new NodeDirectories();
    node.writeToken('token');
    write(node);
    const here = { binary: await otelcolBinary(), node, responderPort: 1, lokiPort, lokiJson: true };
    const collector = await startDeployed(
      { ...here, interval: '1s' },
      {
        ...{ cluster: CLUSTER, sidekickUi: { enabled: false }, egress: { record: { enabled: true } } },
        responder: { inventory: { enabled: true } },
        collector: { enabled: true, loki: { url: 'http://loki.example.org' } },
      },
    );
    const count = (): number =>
      resources.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)).length;
    try {
      await waitUntil(
        () => Promise.resolve(count() >= Object.keys(CLASSES).length),
        30_000,
        () => new Error(`${count()} lines came\n${collector.log()}`),
      );
    } finally {
      await collector.stop('SIGKILL');
      server.close();
      node.remove();
    }
    return new SentByCollector(resources);
  }

  private constructor(private readonly resources: readonly Resource[]) {}

  /** How many streams Loki makes of them. */
  get streams(): number {
    return new Set(this.resources.map(({ resource }) => JSON.stringify(resource))).size;
  }

  /** The body as if it had been sent at another time, by another cluster: so that no stream has lines of two times. */
  at(milliseconds: number, cluster: string): string {
    const time = String(BigInt(milliseconds) * 1_000_000n);
    const times = { timeUnixNano: time, observedTimeUnixNano: time };
    const resourceLogs = this.resources.map((each) => ({
      ...each,
      scopeLogs: each.scopeLogs.map((scope) => ({
        ...scope,
        logRecords: scope.logRecords.map((line) => ({ ...line, ...times })),
      })),
    }));
    return JSON.stringify({ resourceLogs }).replaceAll(
      `{"stringValue":"${CLUSTER}"}`,
      `{"stringValue":"${cluster}"}`,
    );
  }
}

/** What Falco and the responder write to their logs. */
function write(node: NodeDirectories): void {
  const now = new Date();
  const time = now.toISOString();
  const alert = (rule: string, priority: string, tag: string): string =>
    alertLine({}, { rule, priority, tags: [tag], time });
  node
    .log()
    .stdout(
      alert(RECORD_RULE, 'Informational', 'record'),
      alert('Outbound', 'Warning', 'alert'),
      alert(CANARY_RULE, 'Informational', 'canary'),
      alert('Falco internal: syscall event drop', 'Debug', 'drop'),
    );
  const contained = alertOf(
    {
      ...{ reason: 'Contained', line: 'shop/cart-0 is contained', about: 'a test', rule: 'Outbound' },
      ...{ response: 'isolate', pod: { namespace: 'shop', name: 'cart-0', uid: 'cart-0-uid' } },
    },
    now,
    CLUSTER,
  );
  const inventory = [podAt('cart-0', time), exemptionAt('kube-system', time)].map(printInventoryRecord);
  node.log(RESPONDER, 'responder').stdout(JSON.stringify(contained), ...inventory);
}
