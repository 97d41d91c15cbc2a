import { startControlPlane } from '../test/integration/control-plane';
import { adminClient } from '../test/integration/responder/cluster-under-test';
import { benchBursts, benchSingles, type Bench } from './responder/contain';
import { BuiltResponder } from './responder/built-responder';
import { Ground } from './responder/ground';
import { benchMemory, benchRepeats, benchStart } from './responder/load';
import { benchLogLine } from './responder/log-line';
import { Watcher } from './responder/watcher';

/** Measurements by name; those that are named as arguments, or all. */
const MEASUREMENTS: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  single: benchSingles,
  // Before bursts: what they leave to be written would be counted.
  repeats: benchRepeats,
  burst: benchBursts,
  log: benchLogLine,
  memory: benchMemory,
};

/** The built responder on a real API server, beside a bare client with connections of the same make. */
async function main(names: readonly string[]): Promise<void> {
  const wanted = (name: string): boolean => names.length === 0 || names.includes(name);
  const plane = await startControlPlane();
  try {
    const client = adminClient(plane);
    if (wanted('start')) await benchStart(plane);
    const bench: Bench = {
      ground: new Ground(client),
      watcher: await Watcher.start(client),
      responder: await BuiltResponder.start(plane),
    };
    for (const [name, measure] of Object.entries(MEASUREMENTS)) if (wanted(name)) await measure(bench);
    await bench.responder.stop();
    bench.watcher.stop();
    await bench.ground.clear();
  } finally {
    await plane.stop();
  }
}

void main(process.argv.slice(2));
