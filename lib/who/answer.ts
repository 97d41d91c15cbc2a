import { coverageText, type Coverage } from '../history/coverage';
import type { FileReport } from '../history/files/alert-file';
import type { RowAtTheTime } from '../history/inventory/at-the-time';
import { counted, holesIn } from '../history/holes';
import type { AskedQuery } from '../history/loki/asked-queries';
import type { CanaryReport } from '../history/loki/loki-canaries';
import type { LokiReport } from '../history/loki/loki-history';
import { isMeshProxy } from '../history/proxies/mesh-proxy';

/** What was asked. */
interface Question {
  /** As it was written. */
  readonly asked: string;
  readonly addresses: readonly string[];
  readonly names: readonly string[];
  /** What a host name resolves to at the time of asking; it may have been another address then. */
  readonly resolved: readonly string[] | undefined;
  /** How a Pod or a Service came by its addresses: a line each. */
  readonly remarks: readonly string[];
  /** RFC 3339; `undefined` where all that there is was asked for, or all until a time. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Who asked, when, and with which version of what. */
interface Asker {
  readonly user: string;
  readonly host: string;
  readonly at: string;
  readonly program: string;
}

/** Who connected to what was asked for, and how much is known. */
export interface Answer {
  readonly question: Question;
  readonly asker: Asker;
  readonly rows: readonly RowAtTheTime[];
  /** Attempts that are in no row, since there were too many rows. */
  readonly leftOut: number;
  /** Connections that were stored more than once, or told by several rules; each counts once. */
  readonly duplicates: number;
  readonly files: readonly FileReport[];
  readonly lokis: readonly LokiReport[];
  /** Lokis that were asked for the inventory. */
  readonly inventories: readonly LokiReport[];
  readonly coverage: Coverage;
  /** How Lokis were asked for the coverage. */
  readonly canaries: readonly CanaryReport[];
  /** Every query that Lokis were sent. */
  readonly queries: readonly AskedQuery[];
}

/** Why the answer is not whole: a line each; none if all that was to be read was read. */
export function holesOf({ files, lokis, inventories, leftOut }: Answer): readonly string[] {
  return [
    ...holesIn(files, [...lokis, ...inventories]),
    ...(leftOut === 0 ? [] : [`${counted(leftOut, 'attempt')} in further rows are left out; ask for less`]),
  ];
}

const VIA_MESH =
  'via a mesh proxy: it connects for the other containers of its Pod, or for Pods of its node; continue in its access log, by --proxy-log';

/** What can be said about the answer as a whole: a line each. */
export function notesOn(answer: Answer): readonly string[] {
  const { question, rows, files, lokis, inventories, coverage } = answer;
  const { asked, resolved, remarks, from, to } = question;
  const isDerived = rows.some(({ workload }) => workload.derived);
  const spans = files.flatMap(({ name, span, of = 'alerts', inventory }) => [
    ...(span === undefined ? [] : [`${name}: ${of} from ${span.first} to ${span.last}`]),
    ...(inventory === 0 ? [] : [`${name}: ${counted(inventory, 'record')} of the inventory`]),
  ]);
  return [
    ...(resolved === undefined
      ? []
      : [
          resolved.length === 0
            ? `${asked} resolves to no address today; only alerts that name it are counted`
            : `${asked} resolves today to ${resolved.join(', ')}, then perhaps to others`,
        ]),
    ...remarks,
    ...(to === undefined ? [] : [from === undefined ? `asked: until ${to}` : `asked: from ${from} to ${to}`]),
    ...spans,
    ...lokis.map(
      ({ name, cluster, from, to, entries }) =>
        `${name}${cluster === undefined ? '' : ` (cluster ${cluster})`}: ${counted(entries, 'entry', 'entries')} from ${from} to ${to}`,
    ),
    ...inventories.flatMap(({ name, inventory }) =>
      inventory === 0 ? [] : [`${name}: ${counted(inventory, 'record')} of the inventory`],
    ),
    ...(rows.some(({ process }) => isMeshProxy(process)) ? [VIA_MESH] : []),
    ...(isDerived ? ["~ read off the Pod's name"] : []),
    coverageText(coverage),
  ];
}

/** Nobody knows what wasn't watched: this is all that an answer without rows says. */
export function nobody({ question }: Answer): string {
  return `no connection to ${question.asked} in what was read`;
}
