import { RateLimit } from './limit/rate-limit';
import { renderMetrics, type Metric, type RequestCounter } from './metrics';
import type { Readiness } from './readiness';

/** What probes and metrics show. */
export interface ProbesProps {
  readonly version: string;
  readonly requests: RequestCounter;
  /** Configured responses by mode. */
  readonly responses: ReadonlyMap<string, number>;
  readonly readiness: () => Promise<Readiness>;
  /** What else is counted. */
  readonly further: () => readonly Metric[];
  /** Whether it has been told to stop. */
  readonly stopping: () => boolean;
  /** Memory and start of the process. */
  readonly process: () => { readonly residentBytes: number; readonly startedAtSeconds: number };
}

/** Metrics are made anew so often in a second, and twice as often at once; whoever asks more has the last ones. */
const METRICS_PER_SECOND = 20;

/** The metrics as text, made anew only so often however many ask. */
export function renderedMetrics(
  props: ProbesProps,
  now: () => number = () => performance.now(),
): () => Promise<string> {
  const rate = new RateLimit({
    ...{ perSecond: METRICS_PER_SECOND, burst: 2 * METRICS_PER_SECOND, most: 1, now },
  });
  let last: Promise<string> | undefined;
  return () => {
    if (last !== undefined && rate.waitOf('') > 0) return last;
    rate.take('', 1);
    return (last = metrics(props).then(renderMetrics));
  };
}

/** A plain answer. */
export interface Text {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Answers GET requests to the port of health and metrics. */
export async function probe(
  path: string,
  props: Pick<ProbesProps, 'readiness' | 'stopping'>,
  rendered: () => Promise<string>,
): Promise<Text> {
  switch (path) {
    case '/healthz':
      return plain(200, 'ok');
    case '/readyz': {
      if (props.stopping()) return plain(503, 'stopping');
      const { ready, why } = await props.readiness();
      return plain(ready ? 200 : 503, why);
    }
    case '/metrics':
      return {
        status: 200,
        contentType: 'text/plain; version=0.0.4; charset=utf-8',
        text: await rendered(),
      };
    default:
      return plain(404, 'there are /healthz, /readyz and /metrics');
  }
}

async function metrics(props: ProbesProps): Promise<readonly Metric[]> {
  const { ready } = await props.readiness();
  const { residentBytes, startedAtSeconds } = props.process();
  const gauge = (
    name: string,
    help: string,
    value: number,
    labels?: Readonly<Record<string, string>>,
  ): Metric => ({
    name,
    help,
    type: 'gauge',
    samples: [{ value, ...(labels && { labels }) }],
  });
  return [
    gauge('falco_egress_responder_info', 'The version that runs.', 1, { version: props.version }),
    gauge('falco_egress_responder_api_server_ready', '1 if the API server can be used.', Number(ready)),
    {
      name: 'falco_egress_responder_responses',
      help: 'Configured responses, by mode.',
      type: 'gauge',
      samples: [...props.responses].map(([mode, value]) => ({ labels: { mode }, value })),
    },
    props.requests.metric(),
    ...props.further(),
    gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', residentBytes),
    gauge(
      'process_start_time_seconds',
      'Start time of the process since the epoch, in seconds.',
      startedAtSeconds,
    ),
  ];
}

function plain(status: number, text: string): Text {
  return { status, contentType: 'text/plain; charset=utf-8', text: `${text}\n` };
}
