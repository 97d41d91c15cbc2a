import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlPlane } from '../../test/integration/control-plane';
import { alertOf } from '../../test/integration/responder/responder-under-test';
import { BuiltResponder } from './built-responder';
import { quarantineAll, type Bench } from './contain';
import { percentile, printFigure, printRatio } from './figures';
import { inFlight } from './in-flight';

const REPEATS = 10_000;
const STARTS = 7;
const QUARANTINES = 10_000;
const OF_NAMESPACE = 1_000;

/** The same Pod again and again. */
export async function benchRepeats({ ground, responder }: Bench): Promise<void> {
  const [pod] = await ground.pods(await ground.namespace('repeats'), 1);
  if (pod === undefined) throw new Error('no Pod');
  const before = await responder.calls();
  const began = performance.now();
  await inFlight(Array.from({ length: REPEATS }), 100, () => responder.post(alertOf(pod)));
  const seconds = (performance.now() - began) / 1000;
  await sleep(1_000);
  const calls = (await responder.calls()) - before;
  const more = `${(REPEATS / seconds).toFixed(0)} alerts a second`;
  printFigure(calls, 'calls', 5, `to the API server for ${REPEATS} alerts of one Pod`, more);
}

/** How fast it starts, and what it takes when nothing happens. */
export async function benchStart(plane: ControlPlane): Promise<void> {
  const times: number[] = [];
  const bare: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < STARTS; round++) {
    const began = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    bare.push(performance.now() - began);
    const responder = await BuiltResponder.start(plane);
    times.push(responder.listening);
    await sleep(1_000);
    memory.push(responder.memory());
    await responder.stop();
  }
  const started = percentile(times, 0.5);
  const node = percentile(bare, 0.5);
  printFigure(
    started,
    'ms',
    1_000,
    'until it listens',
    `${(started / node).toFixed(1)} × node -e 0, which takes ${node.toFixed(0)} ms`,
  );
  printFigure(percentile(memory, 0.5), 'MB', 120, 'resident, idle');
}

/** What it takes once it holds many. */
export async function benchMemory(bench: Bench): Promise<void> {
  const { ground, responder } = bench;
  const took: number[] = [];
  for (let done = 0; done < QUARANTINES; done += OF_NAMESPACE) {
    const pods = await ground.pods(await ground.namespace(`memory-${done}`), OF_NAMESPACE);
    took.push(await quarantineAll(bench, pods));
  }
  const most = responder.memory();
  printRatio(
    (took.at(-1) ?? NaN) / (took[0] ?? NaN),
    1.5,
    `the first ${OF_NAMESPACE}'s time: the last of ${QUARANTINES} quarantines`,
    took.map((ms) => (ms / 1000).toFixed(1)).join(' ') + ' s',
  );
  // Its Events are written when there is time.
  await responder.settled();
  const settled = responder.memory();
  printFigure(
    settled,
    'MB',
    200,
    `resident after ${QUARANTINES} quarantines`,
    `${most.toFixed(0)} MB at their end`,
  );
}
