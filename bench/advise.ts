import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLI, run, writeAlerts } from './measured-run';

const PODS = 200;

/** The Pods of which the alerts tell, as kubectl prints them. */
function clusterState(): object {
  const items = Array.from({ length: PODS }, (_, pod) => ({
    kind: 'Pod',
    metadata: {
      ...{ name: `cart-${pod}-6799fc88d8-996gz`, namespace: `team-${pod % 20}` },
      labels: { app: `cart-${pod}`, 'pod-template-hash': '6799fc88d8' },
      ownerReferences: [{ kind: 'ReplicaSet', name: `cart-${pod}-6799fc88d8`, controller: true }],
    },
    status: { phase: 'Running', podIP: `10.244.1.${pod}` },
  }));
  return { apiVersion: 'v1', kind: 'List', items };
}

/** Advises on a file of so many alerts: how long it takes, and how much memory. */
async function benchAdvise(count: number, folder: string): Promise<void> {
  const file = join(folder, 'alerts.jsonl.gz');
  const state = join(folder, 'state.json');
  writeFileSync(state, JSON.stringify(clusterState()));
  await writeAlerts(count, file);
  const args = [CLI, 'advise', file, '--cluster-state', state, '--json'];
  const { seconds, mebibytes, out } = await run(process.execPath, args);
  const { advice } = JSON.parse(out) as { advice: { sure?: { attempts: number } }[] };
  const attempts = advice.reduce((sum, { sure }) => sum + (sure?.attempts ?? 0), 0);
  if (attempts !== count) throw new Error(`${attempts} attempts of ${count} are in the policies`);
  const [most, room] = [(10 * count) / 1_000_000, 300];
  console.log(
    `${seconds.toFixed(2)} s (aim ${most} s), ${mebibytes} MiB (aim ${room})  advise, ${count.toLocaleString('en')} alerts from gzip, ${advice.length} policies`,
  );
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'falco-egress-bench-'));
  const counts = process.argv.slice(2).map(Number);
  try {
    for (const count of counts.length > 0 ? counts : [1_000_000]) await benchAdvise(count, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
