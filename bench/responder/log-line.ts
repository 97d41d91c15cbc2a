import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectionPath, CORE } from '../../lib/responder/cluster/resource';
import { startDeployed } from '../../test/integration/collector/deployed';
import { NodeDirectories } from '../../test/integration/collector/node';
import { otelcolBinary } from '../../test/integration/collector/otelcol';
import { alertOf, COLLECTOR } from '../../test/integration/responder/responder-under-test';
import { contained, type Bench } from './contain';
import { percentile, printFigure, printTimes } from './figures';
import type { Target } from './ground';

const LINES = 100;
const NODE = 'bench-node';

/** From a line of Falco's log on disk, through the real Collector, to the Pod that is contained. */
export async function benchLogLine(bench: Bench): Promise<void> {
  const binary = await otelcolBinary();
  const directories = new NodeDirectories();
  directories.writeToken(await collectorToken(bench));
  const pods = await bench.ground.pods(await bench.ground.namespace('log'), LINES + 5, NODE);
  const collector = await startDeployed({
    ...{ binary, node: directories, responderPort: bench.responder.port },
  });
  try {
    const log = directories.log();
    const times: number[] = [];
    for (const pod of pods) {
      const began = performance.now();
      log.stdout(lineOf(pod));
      times.push((await contained(bench, pod)) - began);
      // Not in step with whatever polls.
      await sleep(Math.random() * 100);
    }
    const warm = times.slice(5);
    printFigure(
      percentile(warm, 0.99),
      'ms',
      500,
      'from a line of the log to contained, 99th percentile',
      printTimes(warm),
    );
  } finally {
    await collector.stop();
    directories.remove();
  }
}

/** As Falco writes it, with its keys in the order of the alphabet: by the last of them the Collector knows where an alert ends. */
function lineOf(pod: Target): string {
  const alert = Object.entries(alertOf(pod)).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(alert));
}

/** A token as the kubelet projects it: it names the node of the Collector's Pod. */
async function collectorToken({ ground }: Bench): Promise<string> {
  const { namespace, serviceAccount, audience } = COLLECTOR;
  const accounts = collectionPath({ group: '', version: 'v1', name: 'serviceaccounts' }, namespace);
  const ensure = async (path: string, kind: string, name: string): Promise<void> => {
    await ground.client.ask({
      ...{ method: 'POST', path, doing: `create ${kind} ${name}` },
      body: { apiVersion: 'v1', kind, metadata: { name } },
    });
  };
  await ensure(accounts, 'ServiceAccount', serviceAccount);
  await ensure('/api/v1/nodes', 'Node', NODE);
  const pod = await collectorPod({ ground });
  const request = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {
      audiences: [audience],
      boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: pod.name, uid: pod.uid },
    },
  };
  const answer = await ground.create(`${accounts}/${serviceAccount}/token`, request);
  return (answer as { readonly status: { readonly token: string } }).status.token;
}

async function collectorPod({ ground }: Pick<Bench, 'ground'>): Promise<Target> {
  const { namespace, serviceAccount } = COLLECTOR;
  const name = `bench-collector-${Date.now()}`;
  const spec = { serviceAccountName: serviceAccount, nodeName: NODE };
  const body = {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name } },
    spec: { ...spec, containers: [{ name: 'main', image: 'example.invalid/main' }] },
  };
  const made = await ground.create(collectionPath(CORE.pods, namespace), body);
  return { namespace, name, uid: (made as { metadata: { uid: string } }).metadata.uid };
}
