import { DASHBOARDS } from '../../lib/observability/generated/dashboards';
import { AlertingRules } from '../../lib/constructs/alerting-rules';
import type { AlertingRule } from '../../lib/observability/alerting-rule';
import { synthesize } from '../constructs';

/** A query, and where it stands. */
export interface Query {
  readonly place: string;
  readonly expr: string;
  /** Whether Grafana asks for it over the time that is looked at, or at its end. */
  readonly range: boolean;
}

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly fieldConfig?: {
    readonly overrides?: readonly {
      /** The name of a column. */
      readonly matcher: { readonly options: string };
      readonly properties: readonly {
        readonly id: string;
        readonly value: readonly { readonly url: string }[];
      }[];
    }[];
  };
  readonly targets?: readonly {
    readonly expr: string;
    readonly refId?: string;
    /** Loki's way to say it. */
    readonly queryType?: 'range' | 'instant';
    /** And that of Prometheus. */
    readonly range?: boolean;
    readonly datasource: { readonly type: string };
  }[];
}

interface Variable {
  readonly name: string;
  /** What a data source is asked for: an object of Loki's, a text of Prometheus'. */
  readonly query: string | { readonly label: string };
  /** What of the answer is the value. */
  readonly regex?: string;
}

/** A dashboard as Grafana reads it. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
}

export const dashboards = Object.values(DASHBOARDS).map((text) => JSON.parse(text) as Dashboard);

/** Queries of the dashboards to one kind of data source, with Grafana's own variables filled in. */
export function dashboardQueries(datasource: 'prometheus' | 'loki'): Query[] {
  return dashboards.flatMap(({ uid, panels }) =>
    panels.flatMap(({ title, targets = [] }) =>
      targets
        .filter((target) => target.datasource.type === datasource)
        .map(({ expr, queryType, range = queryType === 'range' }) => ({
          range,
          place: `${uid}: ${title}`,
          expr: expr.replaceAll('$__range', '1h').replaceAll(/\$__(rate_interval|auto)/g, '5m'),
        })),
    ),
  );
}

/** Expressions of all alerts. */
export function alertQueries(): Query[] {
  const [object] = synthesize(
    (scope) =>
      new AlertingRules(scope, 'test', {
        cluster: 'c',
        tls: { issuer: 'certManager' },
        monitoring: { rules: { form: 'prometheusRule' } },
      }),
  );
  const { groups } = (object as unknown as { spec: { groups: { rules: AlertingRule[] }[] } }).spec;
  return groups
    .flatMap(({ rules }) => rules)
    .map(({ alert, expr }) => ({ place: alert, expr, range: false }));
}
