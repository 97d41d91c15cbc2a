import { fieldBeside, FIELDS_BESIDE } from '../../observability/egress-stream';
import { contentOf, readAlertLine, type LineContent } from '../alert-line';
import { parseTime } from '../time';

/** A line as Loki gives it back. */
export interface LokiEntry {
  /** Of its stream. */
  readonly labels: Readonly<Record<string, string>>;
  /** In nanoseconds since 1970. */
  readonly time: bigint;
  readonly line: string;
  /** What is stored beside the line. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** By which of them an alert is told that was taken apart. */
const MARK = new RegExp(`^${FIELDS_BESIDE}`);

/**
 * The alert that an entry holds, in either of the two shapes in which there are alerts in Loki: falcosidekick's, the whole
 * alert as the line; and the collector's, its fields beside the line, with underscores for points.
 */
export function readEntry({ labels, time, line, metadata }: LokiEntry): LineContent {
  const of = (name: string): string | undefined => ownOf(metadata, name) ?? ownOf(labels, name);
  const counted = (name: string): unknown => of(name);
  const cluster = of('cluster') ?? of('k8s_cluster_name');
  if (line.startsWith('{')) {
    const content = readAlertLine(line, { cluster, counted });
    if (content.kind !== 'bad' || !Object.keys(metadata).some((name) => MARK.test(name))) return content;
  }
  const rule = of('rule');
  if (rule === undefined) return { kind: 'bad', reason: 'it holds no alert' };
  return contentOf({
    rule,
    priority: of('priority'),
    time: parseTime(of('time') ?? '') ?? time,
    hostname: of('hostname') ?? of('k8s_node_name'),
    cluster,
    fields: (name) => of(fieldBeside(name)),
    counted,
  });
}

function ownOf(map: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
