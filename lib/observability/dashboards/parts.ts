import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { VizLegendOptionsBuilder, type DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  type DataTransformerConfig,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder as LokiQuery } from '@grafana/grafana-foundation-sdk/loki';
import {
  DataqueryBuilder as PrometheusQuery,
  PromQueryFormat,
} from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeseriesPanel } from '@grafana/grafana-foundation-sdk/timeseries';

/** Grafana's grid is 24 wide. */
const WIDTH = 24;
const HEIGHT = 8;

/** A dashboard's own choice among the data sources of a Grafana. */
export const PROMETHEUS: DataSourceRef = { type: 'prometheus', uid: '${prometheus}' };
export const LOKI: DataSourceRef = { type: 'loki', uid: '${loki}' };

/** A dashboard that is being made. */
export type Dashboard = ReturnType<typeof dashboard>;

/**
 * A dashboard of ours, with nothing in it but its data sources: in the classic form, which every Grafana and its sidecar
 * read. The SDK would rather have the next one.
 */
export function dashboard(uid: string, title: string, description: string) {
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  return new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['falco-egress'])
    .readonly()
    .timezone('browser')
    .withVariable(new DatasourceVariableBuilder('prometheus').label('Prometheus').type('prometheus'))
    .withVariable(new DatasourceVariableBuilder('loki').label('Loki').type('loki'));
}

/** A query over the time that is looked at, and how its series are called. */
export interface Line {
  readonly expr: string;
  readonly legend: string;
}

const IDS = 'ABCDEF';

/** Queries of a panel over the time that is looked at. */
export function overTime(source: DataSourceRef, queries: readonly Line[]): Builder<Dataquery>[] {
  return queries.map(({ expr, legend }, index) => {
    const id = IDS.charAt(index);
    return source === LOKI
      ? new LokiQuery().refId(id).datasource(LOKI).expr(expr).queryType('range').legendFormat(legend)
      : new PrometheusQuery().refId(id).datasource(PROMETHEUS).expr(expr).range().legendFormat(legend);
  });
}

/** A query at its end. */
function atEnd(source: DataSourceRef, expr: string): Builder<Dataquery> {
  return source === LOKI
    ? new LokiQuery().refId('A').datasource(LOKI).expr(expr).queryType('instant')
    : new PrometheusQuery()
        .refId('A')
        .datasource(PROMETHEUS)
        .expr(expr)
        .instant()
        .format(PromQueryFormat.Table);
}

/** What a panel shows, and how a person reads it. */
export interface PanelProps {
  readonly title: string;
  readonly description: string;
  readonly source: DataSourceRef;
  readonly width: number;
  readonly unit?: string;
}

/** What panels of all kinds are told. */
interface Panel {
  title(text: string): this;
  description(text: string): this;
  datasource(source: DataSourceRef): this;
  span(columns: number): this;
  height(rows: number): this;
  unit(unit: string): this;
}

function framed<P extends Panel>(panel: P, props: PanelProps, height: number): P {
  return panel
    .title(props.title)
    .description(props.description)
    .datasource(props.source)
    .span(props.width)
    .height(height)
    .unit(props.unit ?? 'short');
}

/** Lines over time. */
export function lines(props: PanelProps, ...queries: readonly Line[]): TimeseriesPanel {
  return framed(new TimeseriesPanel(), props, HEIGHT)
    .fillOpacity(10)
    .legend(new VizLegendOptionsBuilder().showLegend(true))
    .targets(overTime(props.source, queries));
}

/** Where a cell of a column leads. */
interface Leads {
  readonly title: string;
  readonly url: string;
}

/** A row for each series, the columns its labels; cells of a column may lead somewhere. */
export function rows(
  props: PanelProps,
  expr: string,
  value: string,
  leads: Readonly<Record<string, Leads>> = {},
): TablePanel {
  const table = framed(new TablePanel(), props, HEIGHT)
    .withTarget(atEnd(props.source, expr))
    .withTransformation(named(value));
  return Object.entries(leads).reduce(
    (panel, [column, link]) => panel.overrideByName(column, [{ id: 'links', value: [link] }]),
    table,
  );
}

/** The columns without the time, the value by a name of its own and last. */
function named(value: string): DataTransformerConfig {
  const values = ['Value', 'Value #A'];
  return {
    id: 'organize',
    options: {
      excludeByName: { Time: true, __name__: true, job: true, instance: true },
      renameByName: Object.fromEntries(values.map((name) => [name, value])),
      indexByName: Object.fromEntries(values.map((name) => [name, WIDTH])),
    },
  };
}

/** One number. */
export function number(props: PanelProps, expr: string): StatPanel {
  return framed(new StatPanel(), props, HEIGHT / 2).withTarget(atEnd(props.source, expr));
}
