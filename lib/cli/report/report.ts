import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Connection } from '../../history/connection';
import { counted } from '../../history/holes';
import { InventoryHistory } from '../../history/inventory/inventory';
import { dateOf } from '../../history/time';
import { inertJson } from '../../inert-json';
import { messageOf } from '../../program/failure';
import { ConnectionTally } from '../../report/connection-tally';
import { makeReport } from '../../report/make-report';
import { page } from '../../report/page';
import { QuarantineTally, type Quarantine } from '../../report/quarantine';
import { holesOf, type Period, type Report } from '../../report/report';
import { reportAsJson, reportInLines } from '../../report/summary';
import { inert } from '../../rules/evaluate/printable';
import { parseOptions } from '../../synth/parse-options';
import { reportFailure, type ExitCode, type Streams } from '../../synth/report';
import { UsageError } from '../../synth/usage-error';
import { asker } from '../asker';
import { proxyOf } from '../history/declared-proxies';
import { HISTORY_FILES_HELP, HISTORY_OPTIONS, historyHelp } from '../history/options';
import { HistorySources } from '../history/sources';
import { CLUSTER_OPTIONS, type ClusterOptions } from '../kubeconfig-options';
import { PROXY_HELP, PROXY_OPTIONS, proxyLogsOf } from '../history/proxy-logs';
import type { TimeRange } from '../history/time-range';

export const REPORT_HELP = `Usage: falco-egress report [FILE…] [--loki URL…] --out FILE [options]

Writes one HTML page: a map of which workloads connect to what, when, who most, what is new since the period before, which
Pods were cut off, and how much of the time is known. The page loads nothing, and can be sent to anybody.

Arguments:
${HISTORY_FILES_HELP}

Options:
  --out FILE         where the page goes; what is there is replaced
${historyHelp('7d')}
  --kubeconfig FILE  also list Pods that are cut off now, of the cluster of this kubeconfig
  --context NAME     also list them, of this context
${PROXY_HELP}
  --json             print what was found as JSON
  -h, --help         print this

The period before is as long as the one that is asked for, and ends where that begins; of files without --since or --from
there is none.

Exit code 0: written; 1: written, but partial, and says why; 2: wrong use or a failure.
`;

const OPTIONS = {
  ...HISTORY_OPTIONS,
  ...CLUSTER_OPTIONS,
  ...PROXY_OPTIONS,
  out: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const DEFAULT_SPAN = '7d';

/** `report`: what happened in a period, as one page. */
export async function runReport(args: readonly string[], streams: Streams): Promise<ExitCode> {
  try {
    return await report(args, streams);
  } catch (error) {
    return reportFailure(error, args.includes('--json'), streams);
  }
}

async function report(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const { values, positionals: files } = parseOptions(args, OPTIONS);
  if (values.help === true) {
    streams.out(REPORT_HELP);
    return 0;
  }
  const { out } = values;
  // All that may be wrong with the command is found before anything large is read.
  if (out === undefined) throw new UsageError('say by --out where the page goes; see --help');
  refuseWhatIsNoFile(out);
  const now = new Date();
  const isTimed = [values.since, values.from, values.to].some((value) => value !== undefined);
  const hasLoki = values.loki !== undefined || values.lokis !== undefined;
  const span = hasLoki && !isTimed ? { since: DEFAULT_SPAN } : {};
  const proxies = (values.proxy ?? []).map(proxyOf);
  const logs = proxyLogsOf(values['proxy-log'] ?? []);
  const sources = HistorySources.of({ ...values, ...span }, files, now, logs);
  const asksCluster = values.kubeconfig !== undefined || values.context !== undefined;
  const live = asksCluster ? await liveQuarantines(values) : { quarantines: [], missing: [] };
  const { range } = sources;
  const previous = range && rangeBefore(range);
  const tally = new ConnectionTally(proxies);
  const told = new QuarantineTally();
  const wider = previous === undefined ? sources : sources.from(previous.from);
  const inventory = new InventoryHistory();
  const inventories = await wider.inventory.readAll(inventory);
  const reports = await wider.read(
    'report',
    undefined,
    (connections) => {
      for (const each of connections) tally.add(each, isBefore(each, range) ? 'before' : 'now');
    },
    {
      atTheTime: inventory,
      other: (alert) => {
        if (range === undefined || (alert.time >= range.from && alert.time < range.to)) told.add(alert);
      },
    },
  );
  const made = makeReport({
    ...{
      tally,
      period: range && range.from > 0n ? periodOf(range) : undefined,
      previous: previous && periodOf(previous),
    },
    quarantines: [...live.quarantines, ...told.quarantines()],
    askedCluster: asksCluster,
    missing: [
      ...live.missing,
      ...inventory.remarks(),
      ...(told.leftOut === 0 ? [] : [`${counted(told.leftOut, 'quarantine')} more than can be listed`]),
    ],
    made: asker(now),
    ...reports,
    lokis: [...reports.lokis, ...inventories],
  });
  write(out, page(made));
  streams.out(values.json === true ? `${inertJson(reportAsJson(made, out), 2)}\n` : lines(made, out));
  const holes = holesOf(made);
  if (holes.length > 0)
    streams.error(`this report is partial:\n${holes.map((hole) => `  ${inert(hole)}\n`).join('')}`);
  return holes.length > 0 ? 1 : 0;
}

function lines(made: Report, out: string): string {
  return reportInLines(made, out)
    .map((line) => `${inert(line)}\n`)
    .join('');
}

interface Live {
  readonly quarantines: readonly Quarantine[];
  readonly missing: readonly string[];
}

/** Loaded for those alone who ask a cluster. */
async function liveQuarantines(options: ClusterOptions): Promise<Live> {
  return (await import('./quarantines.js')).liveQuarantines(options);
}

/** As long, and right before it. */
function rangeBefore({ from, to }: TimeRange): TimeRange | undefined {
  const length = to - from;
  return from < length ? undefined : { from: from - length, to: from };
}

function isBefore({ last }: Connection, range: TimeRange | undefined): boolean {
  return range !== undefined && last < range.from;
}

function periodOf({ from, to }: TimeRange): Period {
  return { from: dateOf(from).getTime(), to: dateOf(to).getTime() };
}

function refuseWhatIsNoFile(out: string): void {
  const there = statSync(out, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) throw new UsageError(`${out} is there, and is no file`);
  if (statSync(dirname(out), { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UsageError(`there is no folder ${dirname(out)}`);
}

/** Whoever opens it meanwhile never sees half of it. It tells a lot of the cluster: it is its owner's alone at first. */
function write(out: string, text: string): void {
  const half = `${out}.${process.pid}.tmp`;
  try {
    writeFileSync(half, text, { mode: 0o600 });
    renameSync(half, out);
  } catch (error) {
    rmSync(half, { force: true });
    throw new UsageError(`${out} can't be written: ${messageOf(error)}`);
  }
}
