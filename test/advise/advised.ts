import { advise } from '../../lib/advise/advise';
import type { Advice } from '../../lib/advise/advice';
import { BLOCK_RULE } from '../../lib/advise/blocks';
import { clusterState } from '../../lib/advise/cluster-state';
import { Observations, type Wanted } from '../../lib/advise/observations';
import type { Bounds } from '../../lib/advise/observed';
import { Workloads } from '../../lib/advise/workloads';
import { readAlertLine } from '../../lib/history/alert-line';
import { CutOffPods } from '../../lib/history/cut-off-pods';
import { atTheTime } from '../../lib/history/inventory/connection-then';
import { InventoryHistory } from '../../lib/history/inventory/inventory';
import type { InventoryRecord } from '../../lib/inventory/record';
import { alertLine } from '../history/alert';

let nanoseconds = 0;

/** An alert of cart-0 of shop, a moment after the last one. */
export function attempt(
  address: string | null,
  port: number | null,
  fields: object = {},
  at = '07:41:15',
): string {
  const time = `2026-11-22T${at}.${String(nanoseconds++).padStart(9, '0')}Z`;
  return alertLine({ 'fd.sip': address, 'fd.sport': port, 'evt.arg.addr': null, ...fields }, { time });
}

/** What is advised on some alerts, in a cluster of some objects. */
export function advised(
  objects: readonly object[],
  lines: readonly string[],
  {
    wanted = {},
    allowFailed = false,
    bounds,
    records = [],
    hours = 24,
  }: {
    readonly wanted?: Wanted;
    readonly allowFailed?: boolean;
    readonly bounds?: Bounds;
    readonly records?: readonly InventoryRecord[];
    /** For how long it was watched. */
    readonly hours?: number;
  } = {},
): {
  readonly advice: readonly Advice[];
  readonly observations: Observations;
  readonly workloads: Workloads;
} {
  const state = clusterState(objects);
  const workloads = new Workloads(state);
  const observations = new Observations(state, workloads, wanted, bounds);
  const inventory = new InventoryHistory();
  for (const record of records) inventory.add(record);
  const cutOff = new CutOffPods();
  for (const line of lines) {
    const content = readAlertLine(line);
    if (content.kind === 'connection') observations.add(atTheTime(content.connection, inventory));
    else if (content.kind === 'other') cutOff.note(content.alert);
  }
  observations.leaveOut(cutOff);
  const from = Date.parse('2026-11-22T00:00:00Z');
  const watched = { from, to: from + hours * 3_600_000 };
  const advice = advise(state, workloads, observations, wanted, {
    ...{ program: 'falco-egress test', watched, allowFailed, blocks: BLOCK_RULE },
    coverage: { kind: 'unknown', why: 'a test' },
  });
  return { advice, observations, workloads };
}

/** The policy of a workload; it fails where none is advised. */
export function policyFor(
  advice: readonly Advice[],
  workload: string,
): Extract<Advice, { readonly kind: 'policy' }> {
  const found = advice.find((each) => each.workload === workload);
  if (found?.kind !== 'policy') throw new Error(`no policy for ${workload}: ${found?.why ?? 'unknown'}`);
  return found;
}
