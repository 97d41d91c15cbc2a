import { performance } from 'node:perf_hooks';
import { CORE } from '../../lib/responder/cluster/resource';
import { QUARANTINE_POLICY } from '../../lib/names';
import { alertOf } from '../../test/integration/responder/responder-under-test';
import type { BuiltResponder } from './built-responder';
import { printRatio, printTimes, percentile } from './figures';
import type { Ground, Target } from './ground';
import { inFlight } from './in-flight';
import { processorTimeOfAll } from './processor-time';
import type { Watcher } from './watcher';

/** All that a measurement works with. */
export interface Bench {
  readonly ground: Ground;
  readonly watcher: Watcher;
  readonly responder: BuiltResponder;
}

const SINGLES = 200;
const FIRSTS = 20;
const BURST = 1_000;
/** The first of them finds a process that has compiled nothing yet. */
const BURSTS = 5;
/** The bare client's writes at once. */
const BARE_IN_FLIGHT = 32;
/** Alerts that are posted at once: falcosidekick waits for none of them. */
const POSTED_AT_ONCE = 100;

/** When the other watcher has seen both the label and the policy. */
export async function contained({ watcher }: Bench, { namespace, name }: Target): Promise<number> {
  const policy = watcher.seen(CORE.networkPolicies, namespace, QUARANTINE_POLICY);
  return Math.max(await policy, await watcher.seen(CORE.pods, namespace, name));
}

/** One alert after the other, each beside one write of the bare client. */
export async function benchSingles(bench: Bench): Promise<void> {
  const { ground, watcher, responder } = bench;
  const bareNamespace = await ground.namespace('bare');
  const pods = await ground.pods(await ground.namespace('single'), SINGLES + 20);
  const first: Target[] = [];
  for (let index = 0; index < FIRSTS; index++)
    first.push(...(await ground.pods(await ground.namespace(`first-${index}`), 1)));
  const times = {
    bare: [] as number[],
    bareSeen: [] as number[],
    ours: [] as number[],
    firsts: [] as number[],
  };
  const quarantine = async (pod: Target, into: number[]): Promise<void> => {
    const began = performance.now();
    const [at] = await Promise.all([contained(bench, pod), responder.post(alertOf(pod))]);
    into.push(at - began);
  };
  for (const [index, pod] of pods.entries()) {
    const name = `bare-${index}`;
    const began = performance.now();
    await ground.policy(bareNamespace, name);
    times.bare.push(performance.now() - began);
    times.bareSeen.push((await watcher.seen(CORE.networkPolicies, bareNamespace, name)) - began);
    await quarantine(pod, times.ours);
    const another = first[index / 10];
    if (another !== undefined) await quarantine(another, times.firsts);
  }
  const [bare, bareSeen, ours, firsts] = [times.bare, times.bareSeen, times.ours, times.firsts].map((all) =>
    all.slice(all === times.firsts ? 0 : 20),
  ) as [number[], number[], number[], number[]];
  const base = percentile(bare, 0.5);
  const bareText = `the bare write ${printTimes(bare)}, seen ${printTimes(bareSeen)}`;
  printRatio(
    percentile(ours, 0.5) / base,
    2,
    'one bare write: alert → contained',
    `${printTimes(ours)}; ${bareText}`,
  );
  printRatio(
    percentile(ours, 0.99) / percentile(bare, 0.99),
    2,
    'the 99th percentile of bare writes: the same, 99th percentile',
    printTimes(ours),
  );
  printRatio(
    percentile(firsts, 0.5) / base,
    4,
    'one bare write: the first Pod of a namespace, whose policy has to be made',
    printTimes(firsts),
  );
}

/** Bursts of different Pods, each beside bursts of the bare client: policies, and patches of Pods. */
export async function benchBursts(bench: Bench): Promise<void> {
  const { ground, responder } = bench;
  const times = { bare: [] as number[], patches: [] as number[], ours: [] as number[] };
  const cost = { bare: [] as number[], patches: [] as number[], ours: [] as number[] };
  const told: number[] = [];
  const processor: number[] = [];
  const measure = async (what: keyof typeof times, burst: () => Promise<number>): Promise<void> => {
    const before = processorTimeOfAll();
    times[what].push(await burst());
    cost[what].push((processorTimeOfAll() - before) / BURST);
  };
  for (let round = 0; round < BURSTS; round++) {
    const bareNamespace = await ground.namespace(`bare-burst-${round}`);
    const labelled = await ground.pods(await ground.namespace(`labelled-${round}`), BURST);
    const pods = await ground.pods(await ground.namespace(`burst-${round}`), BURST);
    const ours = async (): Promise<void> => {
      const before = responder.processorTime();
      await measure('ours', () => quarantineAll(bench, pods));
      processor.push((responder.processorTime() - before) / BURST);
      // Its Events must not slow down the next.
      const began = performance.now();
      await responder.settled();
      told.push((performance.now() - began) / 1000);
    };
    const inOrder = [
      () => measure('bare', () => bareBurst(bench, bareNamespace)),
      ours,
      () => measure('patches', () => labelAll(bench, labelled)),
    ];
    // Each goes first in turn.
    for (let turn = 0; turn < inOrder.length; turn++) await inOrder[(turn + round) % inOrder.length]?.();
  }
  const rates = (all: readonly number[]): string =>
    all.map((ms) => ((BURST / ms) * 1000).toFixed(0)).join(', ');
  const ratio = (base: readonly number[], all: readonly number[] = times.ours): number =>
    percentile(
      all.map((ms, round) => ms / (base[round] ?? NaN)),
      0.5,
    );
  printRatio(
    ratio(times.bare),
    1.5,
    `the bare client's time: a burst of ${BURST} Pods`,
    `a second: ours ${rates(times.ours)}, bare ${rates(times.bare)}; posted again ${responder.repeated}; Events of the last written ${Math.max(...told).toFixed(0)} s later at most; ${percentile(processor, 0.5).toFixed(1)} ms of processor a Pod`,
  );
  printRatio(
    ratio(times.patches),
    1.5,
    `the time of a bare client that only labels ${BURST} Pods: the same`,
    `a second: ${rates(times.patches)}`,
  );
  const each = (all: readonly number[]): string => all.map((ms) => ms.toFixed(1)).join(', ');
  printRatio(
    ratio(cost.patches, cost.ours),
    1.2,
    'the processor time of that client, the API server and etcd with it: ours with them',
    `ms a Pod: ours ${each(cost.ours)}, labels ${each(cost.patches)}; a bare policy ${each(cost.bare)}`,
  );
}

async function labelAll({ ground, watcher }: Bench, pods: readonly Target[]): Promise<number> {
  const began = performance.now();
  const seen = pods.map(({ namespace, name }) => watcher.seen(CORE.pods, namespace, name));
  await inFlight(pods, BARE_IN_FLIGHT, (pod) => ground.label(pod));
  return Math.max(...(await Promise.all(seen))) - began;
}

async function bareBurst({ ground, watcher }: Bench, namespace: string): Promise<number> {
  const names = Array.from({ length: BURST }, (_, index) => `bare-${index}`);
  const began = performance.now();
  const seen = names.map((name) => watcher.seen(CORE.networkPolicies, namespace, name));
  await inFlight(names, BARE_IN_FLIGHT, (name) => ground.policy(namespace, name));
  return Math.max(...(await Promise.all(seen))) - began;
}

/** Cuts off all of them as fast as it goes; how long that took. */
export async function quarantineAll(bench: Bench, pods: readonly Target[]): Promise<number> {
  const began = performance.now();
  const seen = pods.map((pod) => contained(bench, pod));
  await inFlight(pods, POSTED_AT_ONCE, (pod) => bench.responder.post(alertOf(pod)));
  return Math.max(...(await Promise.all(seen))) - began;
}
