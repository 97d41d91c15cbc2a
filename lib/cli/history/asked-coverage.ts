import { NOT_MEASURED, type Coverage } from '../../history/coverage';
import type { CoverageRecords } from '../../history/coverage-records';
import type { FileReport } from '../../history/files/alert-file';
import { readCanaries, type CanaryReport } from '../../history/loki/loki-canaries';
import type { LokiClient } from '../../history/loki/loki-client';
import { LokiError } from '../../history/loki/loki-error';
import { LokiHistory } from '../../history/loki/loki-history';
import { dropQuery } from '../../history/loki/logql';
import { TooLargeError } from '../../history/loki/request';
import {
  knowable,
  measureCoverage,
  spanOfCanaries,
  withoutCanaries,
  type Span,
} from '../../history/measure-coverage';
import { parseTime } from '../../history/time';
import type { AskedLoki } from './lokis';

/** The coverage of what was read, and by what it was found. */
export interface FoundCoverage {
  readonly coverage: Coverage;
  readonly canaries: readonly CanaryReport[];
}

const SECOND = 1_000_000_000n;

/**
 * Asks Lokis for what tells of the coverage, beside what files told of it already.
 *
 * @param span the time that is asked for
 * @param heard clusters of which connections were read
 * @param readWatched has a Loki tell of nodes and exempt namespaces
 */
export async function askedCoverage(
  lokis: readonly AskedLoki[],
  records: CoverageRecords,
  span: Span | undefined,
  now: bigint,
  heard: ReadonlySet<string | undefined>,
  readWatched: (client: LokiClient, span: Span) => Promise<void>,
): Promise<FoundCoverage> {
  if (span === undefined) return { coverage: NOT_MEASURED, canaries: [] };
  const known = knowable(span, now);
  const reports: CanaryReport[] = [];
  const named = [...heard].filter((cluster) => cluster !== undefined);
  const wanted = spanOfCanaries(known);
  for (const loki of lokis) {
    const { client } = loki;
    try {
      if (wanted.from < wanted.to) {
        reports.push(await readCanaries(client, { ...wanted, ...loki }, records.canaries));
        await readDrops(client, known, loki, records);
      }
      await readWatched(client, span);
    } catch (error) {
      if (!(error instanceof LokiError) && !(error instanceof TooLargeError)) throw error;
      // Without all canaries of a Loki every share would be wrong.
      const why = `what tells of it can't be read: ${error.message}`;
      const clusters = withoutCanaries([...named, ...clustersOf(lokis)]);
      const several = clusters.length > 1 ? { clusters } : {};
      return { coverage: { kind: 'unknown', why, ...several }, canaries: reports };
    }
  }
  const unwatched = reports.filter(({ canaries }) => canaries === 0).map(({ name }) => name);
  const beside = {
    ...{ losses: records.losses.get(), unwatched },
    ...{ exempt: records.exemptions.within(span), lives: records.lives.get() },
    // One with canaries tells of which clusters these are.
    clusters: [...named, ...clustersOf(lokis.filter((_, index) => (reports[index]?.canaries ?? 0) === 0))],
  };
  const coverage = measureCoverage(records.canaries, known, beside);
  return { coverage, canaries: reports };
}

function clustersOf(lokis: readonly AskedLoki[]): readonly string[] {
  return lokis.flatMap(({ cluster }) => cluster ?? []);
}

async function readDrops(
  client: LokiClient,
  { from, to }: Span,
  { selector, cluster }: AskedLoki,
  records: CoverageRecords,
): Promise<void> {
  const question = { queries: [dropQuery(selector)], from, to, cluster };
  await new LokiHistory(client, question, { other: (alert) => records.note(alert) }).readAll();
}

/** From the first to the last alert of some files; `undefined` where none tells a time. */
export function spanOfFiles(files: readonly FileReport[]): Span | undefined {
  const spans = files.flatMap(({ span }) => {
    const [from, to] = [parseTime(span?.first ?? ''), parseTime(span?.last ?? '')];
    return from === undefined || to === undefined ? [] : [{ from, to: to + SECOND }];
  });
  if (spans.length === 0) return undefined;
  return {
    from: spans.map(({ from }) => from).reduce((a, b) => (a < b ? a : b)),
    to: spans.map(({ to }) => to).reduce((a, b) => (a > b ? a : b)),
  };
}
