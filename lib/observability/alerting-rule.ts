/** How soon a person is needed: `critical` now, `warning` in the next working hours. */
type Severity = 'critical' | 'warning';

/** An alerting rule, as files of Prometheus and the PrometheusRule of its operator hold it. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<'summary' | 'description' | 'runbook_url', string>>;
}

/** What alerting rules know of an installation. */
export interface WatchedInstallation {
  readonly cluster: string;
  /** Prefix of the names of its objects. */
  readonly name: string;
  /** Address under which the pages of docs/runbooks are. */
  readonly runbooks: string;
}

/** What one alert is. */
export interface AlertProps {
  /** What is wrong, and so the name of the alert and of its page in docs/runbooks. */
  readonly alert: string;
  readonly severity: Severity;
  /** In PromQL. */
  readonly expr: string;
  /** For how long the expression must hold. */
  readonly for: string;
  /** One line: what is wrong, and where. Labels as Prometheus writes them, `{{ $labels.node }}`. */
  readonly summary: string;
  /** What it means, and what to look at first. */
  readonly description: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The rule of an alert. The cluster is a label: several may send to one Alertmanager. */
export function alertingRule(watched: WatchedInstallation, props: AlertProps): AlertingRule {
  return {
    alert: props.alert,
    expr: props.expr,
    for: props.for,
    labels: { severity: props.severity, cluster: watched.cluster, ...props.labels },
    annotations: {
      summary: props.summary,
      description: props.description,
      runbook_url: `${watched.runbooks}/${props.alert}.md`,
    },
  };
}
