import { createHash } from 'node:crypto';
import { CANARY_RULE } from '../../rules/library/names';
import { TICK, type Canaries } from '../canaries';
import type { Span } from '../measure-coverage';
import { printTime } from '../time';
import { ALERT_STREAMS } from './logql';
import type { LokiClient } from './loki-client';
import { readMatrix } from './matrix';

/** So much is asked at once: 5,760 ticks, and Loki gives 11,000 points. */
const WINDOW = 24n * 3_600_000_000_000n;
const SECONDS_OF_TICK = Number(TICK / 1_000_000_000n);

/** Labels by which nodes are told apart, in either shape of alerts: what names the node, then the cluster. */
const NODE = ['hostname', 'k8s_node_name'] as const;
const CLUSTER = ['cluster', 'k8s_cluster_name'] as const;

/** What was asked for the coverage, and what came: for whoever checks the answer. */
export interface CanaryReport {
  readonly name: string;
  readonly query: string;
  readonly from: string;
  readonly to: string;
  readonly answers: number;
  /** Of all its answers, one after the other. */
  readonly sha256: string;
  /** How many ticks of nodes there were. */
  readonly canaries: number;
}

/** The query for how many canaries each node wrote in each tick. */
function canaryQuery(selector: string): string {
  const by = `sum by (${[...NODE, ...CLUSTER].join(', ')})`;
  return `${by} (count_over_time(${canaryLines(selector)} [${SECONDS_OF_TICK}s]))`;
}

function canaryLines(selector: string): string {
  if (selector === ALERT_STREAMS) return `{rule="${CANARY_RULE}"}`;
  // Who knows what labels there are: the rule may stand beside the line, or in it.
  return [
    `${selector} |= "${CANARY_RULE}"`,
    '| json told_rule="rule", told_host="hostname", told_cluster="output_fields.cluster"',
    '| drop __error__, __error_details__',
    '| label_format rule=`{{ or .rule .told_rule }}`, hostname=`{{ or .hostname .told_host }}`, cluster=`{{ or .cluster .told_cluster }}`',
    `| rule="${CANARY_RULE}"`,
  ].join(' ');
}

/**
 * Asks a Loki when nodes were heard of, day by day. It counts by itself: what travels is a number for each canary, not its line.
 *
 * @param cluster the name of the cluster whose alerts it holds, where they don't say
 * @throws LokiError
 */
export async function readCanaries(
  client: LokiClient,
  asked: Span & { readonly selector: string; readonly cluster: string | undefined },
  canaries: Canaries,
): Promise<CanaryReport> {
  const query = canaryQuery(asked.selector);
  const hash = createHash('sha256');
  let [answers, count] = [0, 0];
  // At a point in time Loki counts what was within the tick that ends there.
  const begin = (asked.from / TICK + 1n) * TICK;
  const end = (asked.to / TICK + 1n) * TICK;
  for (let start = begin; start <= end; start += WINDOW) {
    const last = start + WINDOW - TICK;
    const range = { query, start, end: last < end ? last : end, step: SECONDS_OF_TICK };
    const series = await client.queryRange(range, (body) => {
      const read = readMatrix(body, client.name);
      hash.update(body);
      answers++;
      return read;
    });
    for (const { labels, times } of series) {
      const node = labelOf(labels, NODE);
      if (node === undefined) continue;
      const name = { node, cluster: labelOf(labels, CLUSTER) ?? asked.cluster };
      for (const time of times) canaries.add(name, Math.round(time / SECONDS_OF_TICK) - 1);
      count += times.length;
    }
  }
  return {
    ...{ name: client.name, query, from: printTime(asked.from), to: printTime(asked.to) },
    ...{ answers, sha256: hash.digest('hex'), canaries: count },
  };
}

function labelOf(labels: Readonly<Record<string, string>>, names: readonly string[]): string | undefined {
  return names.map((name) => labels[name]).find((value) => value !== undefined && value !== '');
}
