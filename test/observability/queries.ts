import { DASHBOARDS } from '../../lib/observability/generated/dashboards';
import { AlertingRules } from '../../lib/constructs/alerting-rules';
import type { AlertingRule } from '../../lib/observability/alerting-rule';
import { synthesize } from '../constructs';

/** A query, and where it stands. */
export interface Query {
  readonly place: string;
  readonly expr: string;
}

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly {
    readonly expr: string;
    readonly refId?: string;
    readonly datasource: { readonly type: string };
  }[];
}

/** A dashboard as Grafana reads it. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
}

export const dashboards = Object.values(DASHBOARDS).map((text) => JSON.parse(text) as Dashboard);

/** Queries of the dashboards to one kind of data source, with Grafana's own variables filled in. */
export function dashboardQueries(datasource: 'prometheus' | 'loki'): Query[] {
  return dashboards.flatMap(({ uid, panels }) =>
    panels.flatMap(({ title, targets = [] }) =>
      targets
        .filter((target) => target.datasource.type === datasource)
        .map(({ expr }) => ({
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
  return groups.flatMap(({ rules }) => rules).map(({ alert, expr }) => ({ place: alert, expr }));
}
