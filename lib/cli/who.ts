import { statSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { matches, patternsOf } from '../history/asked';
import type { Connection } from '../history/connection';
import type { Coverage } from '../history/coverage';
import { AlertFile } from '../history/files/alert-file';
import { queriesFor } from '../history/loki/logql';
import { LokiClient } from '../history/loki/loki-client';
import { LokiHistory } from '../history/loki/loki-history';
import { Tally } from '../history/tally';
import { dateOf, printTime, timeOf } from '../history/time';
import { inert } from '../rules/evaluate/printable';
import { parseOptions } from '../synth/parse-options';
import { reportFailure, type ExitCode, type Streams } from '../synth/report';
import { UsageError } from '../synth/usage-error';
import { VERSION } from '../version';
import { holesOf, nobody, notesOn, type Answer } from '../who/answer';
import { answerAsCsv } from '../who/answer-csv';
import { answerAsHtml } from '../who/answer-html';
import { answerAsJson } from '../who/answer-json';
import { cellsOf, haveClusters, headOf } from '../who/cells';
import { Progress } from './progress';
import { table } from './table';
import { lastDays, timeRangeOf, type TimeRange } from './time-range';
import { askedAddress, type AskedAddress } from './who-asked';
import { refuseToOverwrite, writeEvidence } from './who-evidence';
import { lokisOf, type AskedLoki } from './who-lokis';

export const WHO_HELP = `Usage: falco-egress who ADDRESS [FILE…] [--loki URL…] [options]

Says who connected to an address: namespace, workload and process, from when to when, how often; and how much of the
time is known.

Arguments:
  ADDRESS            an IP address, a network such as 203.0.113.0/24, or a host name (the addresses that it has today,
                     and alerts that name it)
  FILE               alerts, one JSON object a line, as Falco prints them, falcosidekick sends them on, or a container's
                     log holds them; also compressed by gzip, or zstd where Node can; - for standard input

Options:
  --loki URL         a Loki that keeps alerts; may be given again. Who you are comes from the environment: LOKI_USERNAME
                     and LOKI_PASSWORD or LOKI_PASSWORD_FILE, or LOKI_BEARER_TOKEN or LOKI_BEARER_TOKEN_FILE;
                     LOKI_ORG_ID; LOKI_CA_CERT_PATH
  --lokis FILE       several Lokis, each with its own cluster and access, as YAML; see docs/who.md
  --selector TEXT    the streams with alerts in Loki (default: {rule=~".+"})
  --since SPAN       how far back: 30d, 12h (default with Loki: 30d; of files all that they hold)
  --from WHEN        from when: a date such as 2026-11-22, or 2026-11-22T07:41:15Z
  --to WHEN          until when, itself not within (default: now)
  --json             print the answer as JSON
  --csv              print the rows as comma-separated values
  --html             print the answer as one HTML page
  --evidence PATH    also keep the answer with digests of what it was made of, the queries, who asked and when: in a new
                     folder, or in one file if PATH ends in .json
  -h, --help         print this

Exit code 0: answered, whether or not anybody connected; 1: the answer is partial, and says why; 2: wrong use or a failure.
`;

const OPTIONS = {
  loki: { type: 'string', multiple: true },
  lokis: { type: 'string' },
  selector: { type: 'string' },
  since: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  json: { type: 'boolean' },
  csv: { type: 'boolean' },
  html: { type: 'boolean' },
  evidence: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>['values'];

const STDIN = '-';
const DAYS_OF_LOKI = 30;
/** Lines that stand for several are stored after the last of them. */
const STORED_LATER = 600_000_000_000n;
const NOT_MEASURED: Coverage = { kind: 'unknown', why: 'no canary records' };

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
  const lokis = lokisOf(values.loki ?? [], values.lokis, values.selector, process.env);
  if (lokis.length === 0 && files.length === 0)
    throw new UsageError('name files of alerts, or a Loki by --loki; see --help');
  const sizes = files.map(sizeOf);
  const range = timeRangeOf(values, now);
  if (values.evidence !== undefined) refuseToOverwrite(values.evidence);
  const asked = await askedAddress(address);
  const found = await read(asked, range, { files, sizes, lokis, now });
  const bounds = range && { from: printTime(range.from), to: printTime(range.to) };
  const answer: Answer = {
    question: {
      ...{ asked: address, addresses: asked.addresses, names: asked.names, resolved: asked.resolved },
      ...{ from: bounds?.from, to: bounds?.to },
    },
    asker: {
      ...{ user: userName(), host: hostname(), at: printTime(timeOf(now)) },
      program: `falco-egress ${VERSION}`,
    },
    ...found,
    coverage: NOT_MEASURED,
  };
  streams.out(render(answer));
  if (values.evidence !== undefined) {
    const written = writeEvidence(values.evidence, answer, ['falco-egress', 'who', ...args]);
    streams.error(`written: ${written.join(', ')}\n`);
  }
  return tellHoles(answer, streams) ? 1 : 0;
}

function rendererOf({ json, csv, html }: Values): (answer: Answer) => string {
  if ([json, csv, html].filter((chosen) => chosen === true).length > 1)
    throw new UsageError('choose one of --json, --csv and --html');
  if (json === true) return (answer) => `${JSON.stringify(answerAsJson(answer), null, 2)}\n`;
  if (csv === true) return answerAsCsv;
  return html === true ? answerAsHtml : answerAsText;
}

function answerAsText(answer: Answer): string {
  const { rows } = answer;
  const hasClusters = haveClusters(rows);
  const lines = rows.map((row) => cellsOf(row, hasClusters).map(inert));
  const body = rows.length === 0 ? `${nobody(answer)}\n` : table(headOf(hasClusters), lines);
  return `${body}${notesOn(answer)
    .map((note) => `${inert(note)}\n`)
    .join('')}`;
}

function tellHoles(answer: Answer, streams: Streams): boolean {
  const holes = holesOf(answer);
  if (holes.length > 0)
    streams.error(`this answer is partial:\n${holes.map((hole) => `  ${inert(hole)}\n`).join('')}`);
  return holes.length > 0;
}

/** Of standard input nobody knows how much will come. */
function sizeOf(path: string): number {
  if (path === STDIN) return 0;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) throw new UsageError(`there is no file ${path}`);
  return stat.size;
}

interface Sources {
  readonly files: readonly string[];
  readonly sizes: readonly number[];
  readonly lokis: readonly AskedLoki[];
  readonly now: Date;
}

type Found = Pick<Answer, 'rows' | 'leftOut' | 'duplicates' | 'files' | 'lokis'>;

async function read(asked: AskedAddress, range: TimeRange | undefined, sources: Sources): Promise<Found> {
  const tally = new Tally();
  const progress = new Progress('who', process.stderr);
  const take = (connections: readonly Connection[]): void => {
    for (const connection of connections)
      if (isWithin(connection, range) && matches(asked, connection)) tally.add(connection);
  };
  try {
    const files = await readFiles(asked, sources, take, progress);
    const lokis = await readLokis(asked, rangeOfLoki(range, sources.now), sources, take, progress);
    return { rows: tally.rows(), leftOut: tally.leftOut, duplicates: tally.duplicates, files, lokis };
  } finally {
    progress.end();
  }
}

type Take = (connections: readonly Connection[]) => void;

async function readFiles(
  asked: AskedAddress,
  { files, sizes, lokis }: Sources,
  take: Take,
  progress: Progress,
): Promise<Answer['files']> {
  const patterns = patternsOf(asked, 'any');
  const total =
    Math.max(
      1,
      sizes.reduce((sum, size) => sum + size, 0),
    ) * (lokis.length > 0 ? 2 : 1);
  const reports: Answer['files'][number][] = [];
  let before = 0;
  for (const [index, path] of files.entries()) {
    const file = new AlertFile(
      path === STDIN ? '<stdin>' : path,
      path === STDIN ? process.stdin : path,
      patterns,
    );
    for await (const connections of file.connections()) {
      take(connections);
      progress.show((before + file.bytesRead) / total);
    }
    before += sizes[index] ?? 0;
    reports.push(file.report());
  }
  return reports;
}

async function readLokis(
  asked: AskedAddress,
  range: TimeRange,
  { files, lokis, now }: Sources,
  take: Take,
  progress: Progress,
): Promise<Answer['lokis']> {
  const patterns = patternsOf(asked, 'falco');
  const later = range.to + STORED_LATER;
  const to = later < timeOf(now) ? later : timeOf(now);
  const reports: Answer['lokis'][number][] = [];
  const begins = files.length > 0 ? 0.5 : 0;
  for (const [index, loki] of lokis.entries()) {
    const history = new LokiHistory(new LokiClient(loki), {
      ...{ queries: queriesFor(loki.selector, patterns), from: range.from, to, cluster: loki.cluster },
    });
    for await (const connections of history.connections()) {
      take(connections);
      progress.show(begins + ((1 - begins) * (index + history.progress)) / lokis.length);
    }
    reports.push(history.report());
  }
  return reports;
}

/** No Loki is asked for all times. */
function rangeOfLoki(range: TimeRange | undefined, now: Date): TimeRange {
  if (range === undefined) return lastDays(DAYS_OF_LOKI, now);
  return range.from > 0n ? range : lastDays(DAYS_OF_LOKI, dateOf(range.to));
}

function isWithin({ first, last }: Connection, range: TimeRange | undefined): boolean {
  return range === undefined || (first < range.to && last >= range.from);
}

/** Some have a number only. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
