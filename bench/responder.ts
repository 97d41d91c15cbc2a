import { startControlPlane, type ControlPlane } from '../test/integration/control-plane';
import { adminClient } from '../test/integration/responder/cluster-under-test';
import { benchBursts, benchSingles, type Bench } from './responder/contain';
import { BuiltResponder } from './responder/built-responder';
import { Ground } from './responder/ground';
import { benchMemory, benchRepeats, benchStart } from './responder/load';
import { benchLogLine } from './responder/log-line';
import { Watcher } from './responder/watcher';

type Measurements = Readonly<Record<string, (bench: Bench) => Promise<void>>>;

const MEASUREMENTS: Measurements = {
  single: benchSingles,
  // Before bursts: what they leave to be written would be counted.
  repeats: benchRepeats,
  burst: benchBursts,
  log: benchLogLine,
};

/** In a cluster of its own: the Pods that all others have left there would be counted. */
const MEMORY: Measurements = { memory: benchMemory };

/** The built responder on a real API server, beside a bare client with connections of the same make; those named, or all. */
async function main(names: readonly string[]): Promise<void> {
  const wanted = (name: string): boolean => names.length === 0 || names.includes(name);
  if (wanted('start')) await inCluster(benchStart);
  for (const group of [MEASUREMENTS, MEMORY]) {
    const chosen = Object.entries(group).filter(([name]) => wanted(name));
    if (chosen.length > 0)
      await inCluster((plane) =>
        measureOn(
          plane,
          chosen.map(([, measure]) => measure),
        ),
      );
  }
}

async function inCluster(measure: (plane: ControlPlane) => Promise<void>): Promise<void> {
  const plane = await startControlPlane();
  try {
    await measure(plane);
  } finally {
    await plane.stop();
  }
}

async function measureOn(
  plane: ControlPlane,
  measurements: readonly ((bench: Bench) => Promise<void>)[],
): Promise<void> {
  const client = adminClient(plane);
  const bench: Bench = {
    ground: new Ground(client),
    watcher: await Watcher.start(client),
    responder: await BuiltResponder.start(plane),
  };
  for (const measure of measurements) await measure(bench);
  await bench.responder.stop();
  bench.watcher.stop();
  await bench.ground.clear();
}

void main(process.argv.slice(2));
