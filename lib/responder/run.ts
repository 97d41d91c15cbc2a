import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { messageOf, UsageError } from '../program/failure';
import type { Log } from '../program/log';
import type { Cluster } from './cluster/cluster';
import type { CheckedConfig, TlsConfig } from './config';
import { Intake } from './intake';
import { limitedLog } from './limit/limited-log';
import { SenderLimits } from './limit/sender-limits';
import { RequestCounter } from './metrics';
import { rememberedReadiness } from './readiness';
import type { ResponderMetrics } from './report/responder-metrics';
import { startActing } from './respond/start-acting';
import { Dispatcher } from './respond/dispatch';
import { compileResponses } from './responses/compile-responses';
import { listenForAlerts, listenForProbes, type Listening } from './server';
import { tokenSource } from './token-file';
import { rememberingReviewer } from './token-review';

/** How long requests may still run once it has been told to stop. */
const DRAIN = 5_000;

/** Lines that whoever sends something can cause. */
const CAUSED_BY_SENDERS = [
  'request refused',
  'request put off',
  'request failed',
  'a token could not be reviewed',
  'log records without an alert',
  'an alert is not believed',
];

/** What the responder runs with. */
export interface ResponderProps {
  readonly config: CheckedConfig;
  readonly cluster: Cluster;
  readonly metrics: ResponderMetrics;
  readonly version: string;
  /** The environment variable RESPONDER_TOKEN. */
  readonly token: string | undefined;
  readonly log: Log;
  /** Takes lines of the inventory, each with its newline. @default the standard output */
  readonly write?: (line: string) => void;
}

/** A responder that runs. */
export interface RunningResponder {
  /** Ports on which it listens. */
  readonly port: number;
  readonly metricsPort: number;
  /** Answers what it has begun, then stops. */
  stop(): Promise<void>;
  /** Once it has stopped: when it has told people all that it still had to, or the time for that is over. */
  told(): Promise<void>;
}

/**
 * Whether it would start, as far as files say; gives the token that falcosidekick must show.
 *
 * @throws where anybody could post, or a token or a certificate is unusable
 */
export function checkStart({
  config,
  token,
}: Pick<ResponderProps, 'config' | 'token'>): () => string | undefined {
  const { authentication, tls } = config;
  const source = tokenSource(authentication.tokenFile, token);
  if (source() === undefined && tls?.clientCaFile === undefined)
    throw new UsageError(
      'anybody could post alerts: set authentication.tokenFile, RESPONDER_TOKEN or tls.clientCaFile',
    );
  if (tls !== undefined) checkCertificates(tls);
  return source;
}

function checkCertificates({ certificateFile, keyFile, clientCaFile }: TlsConfig): void {
  try {
    createSecureContext({
      cert: readFileSync(certificateFile),
      key: readFileSync(keyFile),
      ...(clientCaFile !== undefined && { ca: readFileSync(clientCaFile) }),
    });
  } catch (error) {
    throw new UsageError(`the certificates of tls cannot be used: ${messageOf(error)}`);
  }
}

/** Starts the responder. */
export async function startResponder(props: ResponderProps): Promise<RunningResponder> {
  const { config, cluster, version, metrics } = props;
  const log = limitedLog(props.log, {
    messages: CAUSED_BY_SENDERS,
    suppressed: () => {
      metrics.lineSuppressed();
    },
  });
  const token = checkStart(props);
  const clientCertificates = config.tls?.clientCaFile !== undefined;
  const matching = compileResponses(config.responses, config.matching);
  let stopping = false;
  const requests = new RequestCounter();
  const acting = startActing({ config, cluster, log, metrics, write: props.write ?? toStdout });
  const dispatcher = new Dispatcher({
    matching,
    engine: () => acting.live()?.engine,
    now: Date.now,
    count: (way, outcome, response) => {
      metrics.alert(way, outcome, response);
    },
    noRoom: (way) => {
      metrics.throttle(way, 'inbox');
    },
  });
  const intake = new Intake({
    token,
    collector: config.authentication.collector,
    review: rememberingReviewer((token, audience) => {
      metrics.review();
      return cluster.review(token, audience);
    }),
    limits: new SenderLimits(config.intake, () => performance.now()),
    throttled: (way, limit) => {
      metrics.throttle(way, limit);
    },
    respond: (alerts, decision) => dispatcher.respond(alerts, decision),
    log,
  });
  const startedAtSeconds = Date.now() / 1000 - process.uptime();
  const ready = rememberedReadiness(cluster.readiness);
  const listening: Listening[] = [];
  const stop = async (): Promise<void> => {
    stopping = true;
    for (const each of listening.toReversed()) await each.close(DRAIN);
    await acting.stop();
  };
  try {
    listening.push(
      await listenForProbes(
        config.metricsPort,
        {
          version,
          requests,
          responses: countBy(config.responses.map((response) => response.mode)),
          readiness: async () => acting.notReady() ?? (await ready()),
          further: () => metrics.metrics(acting.live()),
          stopping: () => stopping,
          process: () => ({ residentBytes: process.memoryUsage.rss(), startedAtSeconds }),
        },
        log,
      ),
    );
    listening.push(await listenForAlerts(config.port, config.tls, intake, requests, log));
  } catch (error) {
    await stop();
    throw error;
  }
  const [probes, api] = listening;
  log('info', 'responder started', {
    version,
    cluster: config.cluster,
    port: api?.port ?? 0,
    metricsPort: probes?.port ?? 0,
    tls: config.tls !== undefined,
    clientCertificates,
    responses: config.responses.length,
    ms: Math.round(process.uptime() * 1000),
  });
  return {
    port: api?.port ?? 0,
    metricsPort: probes?.port ?? 0,
    stop: async () => {
      await stop();
      log('info', 'responder stopped');
    },
    told: () => acting.told(),
  };
}

function toStdout(line: string): void {
  process.stdout.write(line);
}

function countBy(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
