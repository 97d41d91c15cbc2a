import type { Way } from '../alert/alert';
import type { LimitName } from '../limit/sender-limits';
import type { Metric } from '../metrics';
import type { CountedOutcome } from '../respond/dispatch';
import type { Engine } from '../respond/engine';
import type { QuarantinedPods } from '../view/quarantined-pods';
import type { WaitingPods } from '../view/waiting-pods';
import { Counter } from './counter';
import { Latencies } from './latencies';
import type { ReportReason } from './report';
import type { Reporter } from './reporter';

/** What is alive only once the watches are filled. */
export interface Live {
  readonly engine: Engine;
  readonly quarantined: QuarantinedPods;
  readonly reporter: Reporter;
  readonly waitingPods: () => WaitingPods;
  readonly staleness: () => number;
}

const VERDICTS = ['contained', 'partial', 'not-contained'] as const;

/** What the responder counts of alerts, decisions and quarantines. */
export class ResponderMetrics {
  readonly latencies = new Latencies();
  private readonly alerts = new Counter<'way' | 'outcome' | 'response'>(
    'falco_egress_responder_alerts_total',
    'Alerts by way in, outcome and response, each once.',
  );
  private readonly reports = new Counter<'reason'>(
    'falco_egress_responder_reports_total',
    'What people were told of, by reason.',
  );
  private readonly calls = new Counter<'outcome'>(
    'falco_egress_responder_api_calls_total',
    'Calls to the API server, watches apart, by outcome.',
  );

  private readonly throttled = new Counter<'way' | 'limit'>(
    'falco_egress_responder_throttled_total',
    'What was put off by a limit of senders: requests, and alerts where it is the inbox.',
  );
  private reviews = 0;
  private suppressed = 0;

  /** One more request, or alert, that a limit of senders has put off. */
  throttle(way: Way | 'none', limit: LimitName): void {
    this.throttled.add({ way, limit });
  }

  /** One more token that the API server is asked about. */
  review(): void {
    this.reviews += 1;
  }

  /** One more line that was left out of the log. */
  lineSuppressed(): void {
    this.suppressed += 1;
  }

  /** One more alert. */
  alert(way: Way, outcome: CountedOutcome, response: string): void {
    this.alerts.add({ way, outcome, response });
  }

  /** One more report. */
  report(reason: ReportReason): void {
    this.reports.add({ reason });
  }

  /** One more call to the API server; without a status there was no answer. */
  call(status: number | undefined): void {
    this.calls.add({ outcome: status === undefined ? 'none' : `${Math.floor(status / 100)}xx` });
  }

  /** All of it. */
  metrics(live: Live | undefined): Metric[] {
    const { arrival, cut } = this.latencies;
    const counted = [this.alerts, this.reports, this.calls, this.throttled, arrival, cut];
    return [
      ...counted.map((each) => each.metric()),
      total('falco_egress_responder_token_reviews_total', 'Tokens asked about.', this.reviews),
      total(
        'falco_egress_responder_log_lines_suppressed_total',
        'Lines left out of the log, since senders caused too many.',
        this.suppressed,
      ),
      ...(live === undefined ? [] : gauges(live)),
    ];
  }
}

function total(name: string, help: string, value: number): Metric {
  return { ...{ name, help, type: 'counter' }, samples: [{ value }] };
}

function gauges({ engine, quarantined, reporter, waitingPods, staleness }: Live): Metric[] {
  const waits = waitingPods();
  const { waiting, running, oldestMs, inbox, failing } = engine.depth();
  const gauge = (name: string, help: string, value: number): Metric => ({
    ...{ name, help, type: 'gauge' },
    samples: [{ value }],
  });
  return [
    {
      name: 'falco_egress_responder_quarantined_pods',
      help: 'Pods that are quarantined, by verdict.',
      type: 'gauge',
      samples: VERDICTS.map((verdict) => ({ labels: { verdict }, value: quarantined.countOf(verdict) })),
    },
    {
      name: 'falco_egress_responder_waiting_pods',
      help: 'Pods on which something waits for a person, by what it waits for.',
      type: 'gauge',
      samples: (['approval', 'limit'] as const).map((why) => ({ labels: { why }, value: waits[why] })),
    },
    gauge(
      'falco_egress_responder_failing_pods',
      'Pods on which a response keeps failing, and is not done yet.',
      failing,
    ),
    gauge('falco_egress_responder_queue_depth', 'Pods that wait to be worked on.', waiting),
    gauge('falco_egress_responder_queue_running', 'Pods that are worked on.', running),
    gauge(
      'falco_egress_responder_queue_oldest_seconds',
      'How long the oldest of them has waited.',
      oldestMs / 1000,
    ),
    gauge('falco_egress_responder_reports_waiting', 'Events that wait to be written.', reporter.size),
    gauge('falco_egress_responder_inbox', 'Alerts without a decision.', inbox),
    gauge(
      'falco_egress_responder_watch_age_seconds',
      'How long ago the quietest watch heard of the API server.',
      staleness() / 1000,
    ),
  ];
}
