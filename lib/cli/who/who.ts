import { matches, patternsOf } from '../../history/asked';
import type { Connection } from '../../history/connection';
import { patternsOfRows, rowsAtTheTime } from '../../history/inventory/at-the-time';
import { InventoryHistory } from '../../history/inventory/inventory';
import type { LokiReport } from '../../history/loki/loki-history';
import { Tally } from '../../history/tally';
import type { AlertRecord } from '../../history/read-connection';
import { printTime } from '../../history/time';
import { inertJson } from '../../inert-json';
import { inert } from '../../rules/evaluate/printable';
import { parseOptions } from '../../synth/parse-options';
import { reportFailure, type ExitCode, type Streams } from '../../synth/report';
import { UsageError } from '../../synth/usage-error';
import { holesOf, nobody, notesOn, type Answer } from '../../who/answer';
import { UntoldAlerts } from '../../who/untold-alerts';
import { answerAsCsv } from '../../who/answer-csv';
import { answerAsHtml } from '../../who/answer-html';
import { answerAsJson } from '../../who/answer-json';
import { cellsOf, haveClusters, headOf } from '../../who/cells';
import { asker } from '../asker';
import { HISTORY_FILES_HELP, HISTORY_HELP, HISTORY_OPTIONS } from '../history/options';
import { HistorySources } from '../history/sources';
import { CLUSTER_HELP, CLUSTER_OPTIONS, type ClusterOptions } from '../kubeconfig-options';
import { DeclaredProxies } from '../history/declared-proxies';
import { PROXY_HELP, PROXY_OPTIONS, proxyLogsOf } from '../history/proxy-logs';
import { table } from '../table';
import { askedAddress, resolveAll, type AskedAddress } from './asked';
import { checkEvidencePath, writeEvidence } from './evidence';
import { addressesThen, addressesToday, askedObject, patternsOfObject } from './object';

export const WHO_HELP = `Usage: falco-egress who ADDRESS [FILE…] [--loki URL…] [options]

Says who connected to an address: namespace, workload and process, from when to when, how often; and how much of the
time is known. All times are in UTC.

Arguments:
  ADDRESS            an IP address, a network such as 203.0.113.0/24, a host name (the addresses that it has today,
                     and alerts that name it), or pod:NAMESPACE/NAME or service:NAMESPACE/NAME (the addresses that it
                     had by the responder's inventory, where the sources hold one, else those that it has today)
${HISTORY_FILES_HELP}

Options:
${HISTORY_HELP}
${CLUSTER_HELP}
${PROXY_HELP}
  --json             print the answer as JSON
  --csv              print the rows as comma-separated values; what is said of them, such as the coverage, goes to stderr
  --html             print the answer as one HTML page
  --evidence PATH    also keep the answer with digests of what it was made of, the queries, who asked and when: in a new
                     folder, or in one file if PATH ends in .json
  -h, --help         print this

Exit code 0: answered, whether or not anybody connected; 1: the answer is partial, and says why; 2: wrong use or a failure.
`;

const OPTIONS = {
  ...HISTORY_OPTIONS,
  ...CLUSTER_OPTIONS,
  ...PROXY_OPTIONS,
  json: { type: 'boolean' },
  csv: { type: 'boolean' },
  html: { type: 'boolean' },
  evidence: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>['values'];

/** `who`: who connected to an address. */
export async function runWho(args: readonly string[], streams: Streams): Promise<ExitCode> {
  try {
    return await who(args, streams);
  } catch (error) {
    return reportFailure(error, args.includes('--json'), streams);
  }
}

async function who(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (values.help === true) {
    streams.out(WHO_HELP);
    return 0;
  }
  const [address, ...files] = positionals;
  if (address === undefined) throw new UsageError('name an address; see --help');
  const now = new Date();
  // All that may be wrong with the command is found before anything large is read.
  const render = rendererOf(values);
  const sources = HistorySources.of(values, files, now, proxyLogsOf(values['proxy-log'] ?? []));
  const { range } = sources;
  if (values.evidence !== undefined) checkEvidencePath(values.evidence);
  const inventory = new InventoryHistory();
  const { asked, lokis: askedOf } = await addressesOf(address, sources, inventory, values);
  const proxies = new DeclaredProxies(values.proxy ?? [], values['proxy-log'] !== undefined);
  const tally = new Tally();
  const take = (connections: readonly Connection[]): void => {
    for (const connection of connections) {
      if (matches(asked, connection)) tally.add(connection);
      proxies.add(connection);
    }
  };
  const wanted = { ...asked, ranges: [...asked.ranges, ...proxies.ranges] };
  const patterns = patternsOf(asked, 'any');
  const untold = new UntoldAlerts(asked, range?.from, range?.to);
  const other = (alert: AlertRecord): void => {
    untold.note(alert);
  };
  // Where everything may be meant, or a Pod that had the address for a time, others are no news.
  const reports = await sources.read('who', wanted, take, {
    inventory,
    ...(patterns && asked.isThen === undefined && { other }),
  });
  const known = await sources.inventory.readLokis(
    inventory,
    patterns && [...patterns, ...patternsOfRows(tally.rows())],
  );
  const bounds = range && {
    from: range.from > 0n ? printTime(range.from) : undefined,
    to: printTime(range.to),
  };
  const answer: Answer = {
    question: {
      ...{ asked: address, addresses: asked.addresses, names: asked.names, resolved: asked.resolved },
      remarks: [
        ...(asked.remarks ?? []),
        ...untold.remarks(address),
        ...proxies.remarks(),
        ...inventory.remarks(),
      ],
      ...{ from: bounds?.from, to: bounds?.to },
    },
    asker: asker(now),
    ...reports,
    inventories: [...askedOf, ...known],
    queries: sources.queries(),
    ...{ rows: rowsAtTheTime(tally.rows(), inventory), leftOut: tally.leftOut, duplicates: tally.duplicates },
  };
  streams.out(render(answer));
  // The rows alone would look whole.
  if (values.csv === true) streams.error(notesInLines(answer));
  if (values.evidence !== undefined) {
    const written = writeEvidence(values.evidence, answer, ['falco-egress', 'who', ...args]);
    streams.error(`written: ${written.join(', ')}\n`);
  }
  return tellHoles(answer, streams) ? 1 : 0;
}

/** What ADDRESS asks for, and what Lokis were asked about it; of Pods and Services those who know them are asked first. */
async function addressesOf(
  text: string,
  sources: HistorySources,
  inventory: InventoryHistory,
  options: ClusterOptions,
): Promise<{ readonly asked: AskedAddress; readonly lokis: readonly LokiReport[] }> {
  const object = askedObject(text);
  if (object === undefined) return { asked: await askedAddress(text), lokis: [] };
  await sources.inventory.readFiles(inventory);
  const lokis = await sources.inventory.readLokis(inventory, patternsOfObject(object));
  const found = addressesThen(object, inventory);
  if (found === undefined) {
    // Loading what speaks to a cluster takes longer than most answers.
    const { addressesNow } = await import('./cluster.js');
    const now = await addressesNow(object, options);
    const { names } = addressesToday(object, now);
    return { asked: addressesToday(object, now, await resolveAll(names)), lokis };
  }
  const today = await resolveAll(found.names);
  // Others may have had the addresses before it, and after.
  const others = await sources.inventory.readLokis(inventory, patternsOf(found, 'any'));
  return { asked: addressesThen(object, inventory, today) ?? found, lokis: [...lokis, ...others] };
}

function rendererOf({ json, csv, html }: Values): (answer: Answer) => string {
  if ([json, csv, html].filter((chosen) => chosen === true).length > 1)
    throw new UsageError('choose one of --json, --csv and --html');
  if (json === true) return (answer) => `${inertJson(answerAsJson(answer), 2)}\n`;
  if (csv === true) return answerAsCsv;
  return html === true ? answerAsHtml : answerAsText;
}

function answerAsText(answer: Answer): string {
  const { rows } = answer;
  const hasClusters = haveClusters(rows);
  const lines = rows.map((row) => cellsOf(row, hasClusters).map(inert));
  const body = rows.length === 0 ? `${nobody(answer)}\n` : table(headOf(hasClusters), lines);
  return `${body}${notesInLines(answer)}`;
}

function notesInLines(answer: Answer): string {
  return notesOn(answer)
    .map((note) => `${inert(note)}\n`)
    .join('');
}

function tellHoles(answer: Answer, streams: Streams): boolean {
  const holes = holesOf(answer);
  if (holes.length > 0)
    streams.error(`this answer is partial:\n${holes.map((hole) => `  ${inert(hole)}\n`).join('')}`);
  return holes.length > 0;
}
