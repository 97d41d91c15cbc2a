import { advise } from '../../advise/advise';
import type { Advice, AdviceOptions, Watched } from '../../advise/advice';
import { adviceAsJson, passedOverText } from '../../advise/as-json';
import { adviceAsTypescript } from '../../advise/as-typescript';
import { adviceAsYaml } from '../../advise/as-yaml';
import { BehindProxies } from '../../advise/behind-proxies';
import { dnsRefused } from '../../advise/dns-refused';
import { notNeededText } from '../../advise/not-needed';
import { Observations, type Wanted } from '../../advise/observations';
import { replay } from '../../advise/replay';
import { unadvised } from '../../advise/unadvised';
import { Workloads } from '../../advise/workloads';
import type { Connection } from '../../history/connection';
import { coverageAsJson, coverageText } from '../../history/coverage';
import { CutOffPods } from '../../history/cut-off-pods';
import { counted, holesIn } from '../../history/holes';
import { InventoryHistory } from '../../history/inventory/inventory';
import type { LokiReport } from '../../history/loki/loki-history';
import type { AlertRecord } from '../../history/read-connection';
import { dateOf, parseTime } from '../../history/time';
import { inertJson } from '../../inert-json';
import { inert } from '../../rules/evaluate/printable';
import { parseOptions } from '../../synth/parse-options';
import { reportFailure, type ExitCode, type Streams } from '../../synth/report';
import { UsageError } from '../../synth/usage-error';
import { VERSION } from '../../version';
import { lostBehind, policiesToCheck, replayAsJson, replayAsText, restrictIngress } from './check';
import { clusterIn, type KnownCluster } from './cluster';
import { diffOf } from './diff';
import {
  ADVISE_HELP,
  ADVISE_OPTIONS,
  adviseSettings,
  type AdviseSettings,
  type AdviseValues,
} from './options';
import { clusterSlips, slipsIn } from './slips';
import { HistorySources, type HistoryReports } from '../history/sources';
import type { TimeRange } from '../history/time-range';

/** `advise`: NetworkPolicies that fit what was seen, or what they would have refused. */
export async function runAdvise(args: readonly string[], streams: Streams): Promise<ExitCode> {
  try {
    const { values, positionals } = parseOptions(args, ADVISE_OPTIONS);
    if (values.help === true) {
      streams.out(ADVISE_HELP);
      return 0;
    }
    return await new Run(values, positionals, streams).run();
  } catch (error) {
    return reportFailure(error, args.includes('--json'), streams);
  }
}

class Run {
  private readonly sources: HistorySources;
  private readonly namespaces: readonly string[];
  private readonly settings: AdviseSettings;

  /** All that may be wrong with the command is found before anything large is read. */
  constructor(
    private readonly values: AdviseValues,
    files: readonly string[],
    private readonly streams: Streams,
  ) {
    this.namespaces = values.namespace ?? [];
    this.settings = adviseSettings(values);
    this.sources = HistorySources.of(values, files, new Date(), this.settings.proxyLogs);
  }

  async run(): Promise<ExitCode> {
    const { values } = this;
    const files = values['cluster-state'];
    const cluster = files === undefined ? await this.askedCluster() : clusterIn(files);
    return values.check === undefined ? this.advise(cluster) : this.check(cluster, values.check);
  }

  /** Whoever names a file doesn't wait for the client of the API server. */
  private async askedCluster(): Promise<KnownCluster> {
    const { askedCluster } = await import('./asked-cluster.js');
    return askedCluster(this.values, this.namespaces);
  }

  private async advise({ state, remarks }: KnownCluster): Promise<ExitCode> {
    const { values, namespaces } = this;
    const wanted = this.wanted(namespaces);
    const workloads = new Workloads(state);
    const observations = new Observations(state, workloads, wanted);
    const proxied = new BehindProxies(state, workloads, wanted);
    const reports = await this.read(observations, proxied);
    const watched = watchedBy(reports, this.sources.range);
    const options: AdviceOptions = {
      ...{ program: `falco-egress ${VERSION}`, watched, coverage: reports.coverage },
      ...{ allowFailed: this.settings.allowFailed, blocks: this.settings.blocks },
      proxied,
    };
    const advice = advise(state, workloads, observations, wanted, options);
    const slips = [...clusterSlips(wanted, observations), ...slipsIn(wanted, state, workloads)];
    const all = [
      ...remarks,
      ...passedOverText(observations.passedOver),
      ...proxied.remarks(),
      ...(slips.length > 0 ? slips : nobody(advice, wanted)),
    ];
    const holes = holesOf(reports, advice);
    const changes = values.diff === true ? diffOf(advice, state) : [];
    if (values.json === true)
      this.printJson({
        ...{ partial: holes.length > 0, holes, remarks: all, duplicates: observations.duplicates },
        ...(values.diff === true && { changes }),
        ...{ coverage: coverageAsJson(reports.coverage), advice: adviceAsJson(advice) },
        inputs: inputsOf(reports),
      });
    else if (values.diff === true) this.streams.out(changes.map(({ text }) => text).join(''));
    else
      this.streams.out(
        values.typescript === true ? adviceAsTypescript(advice, all) : adviceAsYaml(advice, all),
      );
    const coverage = values.diff === true ? [coverageText(reports.coverage)] : [];
    if (values.json !== true) this.tell([...all, ...unadvised(advice), ...coverage]);
    return this.tellHoles(holes) || changes.length > 0 || slips.length > 0 ? 1 : 0;
  }

  private async check({ state, remarks }: KnownCluster, named: readonly string[]): Promise<ExitCode> {
    const replayed = policiesToCheck(named, state, this.namespaces);
    const own = [...new Set(replayed.checked.map(({ metadata }) => metadata?.namespace ?? 'default'))];
    // Whoever comes from elsewhere may be refused by a policy of ingress.
    const usual = restrictIngress(replayed) ? [] : own;
    const wanted = this.wanted(this.namespaces.length > 0 ? this.namespaces : usual);
    const workloads = new Workloads(state);
    const observations = new Observations(state, workloads, wanted, EVERY_ADDRESS);
    const proxied = new BehindProxies(state, workloads, wanted);
    const reports = await this.read(observations, proxied);
    const found = replay(observations.byWorkload.values(), workloads, replayed);
    const failed = found.blocked.filter(({ port }) => port.went === 0);
    const blocked = this.settings.allowFailed
      ? found.blocked
      : found.blocked.filter(({ port }) => port.went > 0);
    const asked = this.wanted(this.namespaces);
    const slips = [...clusterSlips(asked, observations), ...slipsIn(asked, state, workloads)];
    const all = [
      ...[...remarks, ...slips],
      ...passedOverText(observations.passedOver),
      ...notNeededText([...observations.byWorkload.values()].map(({ notNeeded }) => notNeeded)),
      ...proxied.remarks(),
      ...dnsRefused(state, workloads, replayed),
      ...lostBehind({ ...found, blocked }, workloads, proxied),
      ...(this.settings.allowFailed || failed.length === 0
        ? []
        : [`${counted(failed.length, 'destination')} whose attempts all failed left out; see --failed`]),
    ];
    const cut = [...observations.byWorkload.values()].reduce((sum, each) => sum + each.cut, 0);
    const holes = [
      ...holesIn(reports.files, [...reports.lokis, ...reports.inventories]),
      ...reports.unnamed,
      ...found.untried.map(({ policy, why }) => `${policy}: ${why}`),
      ...(cut === 0 ? [] : [`${counted(cut, 'attempt')} to more destinations than are kept not tried`]),
    ];
    const result = { ...found, blocked };
    if (this.values.json === true)
      this.printJson({
        ...{ partial: holes.length > 0, holes, remarks: all },
        ...replayAsJson(result),
        ...{ coverage: coverageAsJson(reports.coverage), inputs: inputsOf(reports) },
      });
    else {
      this.streams.out(replayAsText(result));
      this.tell([...all, coverageText(reports.coverage)]);
    }
    return this.tellHoles(holes) || blocked.length > 0 || slips.length > 0 ? 1 : 0;
  }

  private wanted(namespaces: readonly string[]): Wanted {
    const { cluster, workload } = this.values;
    return {
      ...(namespaces.length > 0 && { namespaces }),
      ...(workload !== undefined && { workloads: workload }),
      ...(cluster !== undefined && { cluster }),
      proxies: this.settings.proxies,
    };
  }

  private async read(observations: Observations, proxied: BehindProxies): Promise<AdviseReports> {
    const inventory = new InventoryHistory();
    const inventories = await this.sources.inventory.readAll(inventory);
    let seen: TimeRange | undefined;
    const take = (connections: readonly Connection[]): void => {
      for (const connection of connections) {
        if (proxied.add(connection)) continue;
        const { first, last } = connection;
        if (seen === undefined || first < seen.from || last > seen.to)
          seen = {
            from: seen === undefined || first < seen.from ? first : seen.from,
            to: seen === undefined || last > seen.to ? last : seen.to,
          };
        observations.add(connection);
      }
    };
    const cutOff = new CutOffPods();
    const other = (alert: AlertRecord): void => {
      cutOff.note(alert);
    };
    const reports = await this.sources.read('advise', undefined, take, { atTheTime: inventory, other });
    observations.leaveOut(cutOff);
    const { clusters } = observations;
    if (clusters.size > 1) {
      const names = [...clusters].map((name) => inert(name ?? '(none)')).sort();
      throw new UsageError(`the history is of several clusters, ${names.join(', ')}; choose by --cluster`);
    }
    return { ...reports, inventories, unnamed: inventory.remarks(), seen };
  }

  private printJson(answer: object): void {
    this.streams.out(`${inertJson(answer, 2)}\n`);
  }

  private tell(lines: readonly string[]): void {
    this.streams.error(lines.map((line) => `${inert(line)}\n`).join(''));
  }

  private tellHoles(holes: readonly string[]): boolean {
    if (holes.length > 0) this.tell(['the history is partial:', ...holes.map((hole) => `  ${hole}`)]);
    return holes.length > 0;
  }
}

interface AdviseReports extends HistoryReports {
  /** Lokis that were asked for the inventory. */
  readonly inventories: readonly LokiReport[];
  /** What is not known of the inventory. */
  readonly unnamed: readonly string[];
  /** From when to when there were connections at all. */
  readonly seen: TimeRange | undefined;
}

/** A policy is asked about each address; what bounds them all still holds. */
const EVERY_ADDRESS = { publicAddresses: Infinity, ofWorkload: 100_000, ofAll: 400_000 };

function holesOf(
  { files, lokis, inventories, unnamed }: AdviseReports,
  advice: readonly Advice[],
): readonly string[] {
  const cut = advice.filter((each) => each.kind === 'policy' && each.sure.cut > 0);
  return [
    ...holesIn(files, [...lokis, ...inventories]),
    ...unnamed,
    ...cut.map(({ namespace, workload }) => `${namespace}, ${workload}: more destinations than are kept`),
  ];
}

function inputsOf({ files, lokis, canaries }: HistoryReports): object {
  return { files, lokis, canaries };
}

function nobody(advice: readonly Advice[], { namespaces, workloads }: Wanted): readonly string[] {
  if (advice.length > 0) return [];
  const where = namespaces === undefined ? 'the cluster' : `namespace ${namespaces.join(', ')}`;
  const what = workloads === undefined ? 'no workload' : `no workload ${workloads.join(', ')}`;
  return [`there is ${what} in ${where}: no policy is advised`];
}

/**
 * From when to when anything can have been seen: what files hold, and of a Loki what it gave of the time that it was asked for, since
 * nothing tells how long it has been there.
 */
function watchedBy(
  { files, lokis, seen }: AdviseReports,
  range: HistorySources['range'],
): Watched | undefined {
  const spans = [
    ...files.flatMap(({ span, of }) =>
      span === undefined || of === 'requests' ? [] : [[parseTime(span.first), parseTime(span.last)] as const],
    ),
    // Of other writers' files no span is known: then what was seen is all that is known.
    ...(seen !== undefined && (lokis.length > 0 || files.every(({ span }) => span === undefined))
      ? [[seen.from, seen.to] as const]
      : []),
  ].map(([from = 0n, to = 0n]) => [from, to] as const);
  if (spans.length === 0) return undefined;
  const from = spans.map(([first]) => first).reduce((a, b) => (a < b ? a : b));
  const to = spans.map(([, last]) => last).reduce((a, b) => (a > b ? a : b));
  const [least, most] = [range?.from ?? from, range?.to ?? to];
  return {
    from: dateOf(from > least ? from : least).getTime(),
    to: dateOf(to < most ? to : most).getTime(),
  };
}
