import {
  CustomVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as LogsPanel } from '@grafana/grafana-foundation-sdk/logs';
import { alertStreams, CONNECTION_LABELS, CONNECTION_TEXT } from '../egress-stream';
import {
  type Dashboard,
  dashboard,
  lines,
  LOKI,
  number,
  overTime,
  PROMETHEUS,
  rows,
  type PanelProps,
} from './parts';

/** The alerts that the variables choose: their streams, and what is done to each line of them. */
const STREAMS = alertStreams({
  cluster: '$cluster',
  namespace: '$namespace',
  rule: '$rule',
  source: 'syscalls?',
});

/**
 * Lines that contain the text of the box. It comes encoded, since no quotation mark of LogQL holds any text: a back-tick in it
 * would end the query's. What contains it not is left empty; a filter by a label would have Loki forget the text in metrics.
 */
const CONTAINS =
  '| line_format `{{ if contains (urldecode "${contains:percentencode}") __line__ }}{{ __line__ }}{{ end }}` |~ ".+"';
const STAGES = [CONNECTION_LABELS, '| namespace=~"$namespace"', CONNECTION_TEXT, CONTAINS].join(' ');

/** How many connections there were in a range: a line may stand for several. */
const times = (range: string, only = ''): string =>
  `sum_over_time(${STREAMS} ${range} ${STAGES} ${only} | unwrap times)`;

const UID = 'falco-egress-connections';

/** Rows of a table at most. */
const MOST = 25;

const inLoki = (title: string, description: string, width: number): PanelProps => ({
  title,
  description,
  source: LOKI,
  width,
});

function most(labels: string): string {
  return `topk(${MOST}, sum by (${labels}) (${times('[$__range]')}))`;
}

/** What a cell shows, as a part of an address. */
const cell = (column: string): string => `\${__data.fields.${column}:percentencode}`;

/** Leads to the same dashboard, on what names this cell, in the namespace of its row where there is one. */
function only(title: string, column: string, hasNamespace: boolean) {
  const kept = ['prometheus', 'loki', 'stored', 'cluster', 'rule'].map((name) => `\${${name}:queryparam}`);
  const namespace = hasNamespace ? `var-namespace=${cell('namespace')}` : '${namespace:queryparam}';
  const asked = ['${__url_time_range}', ...kept, namespace, `var-contains=${cell(column)}`];
  return { [column]: { title, url: `/d/${UID}?${asked.join('&')}` } };
}

const WORKLOAD = only('What it connects to', 'workload', true);
const DESTINATION = only('Who connects to it', 'destination', false);

/** The values of a label of the streams, as a variable. */
function choice(name: string, label: string, all: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .query({ label, stream: '', type: 1, refId: name })
    .datasource(LOKI)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(all);
}

/** Who connects to what: connections by namespace, workload, destination, port and process. */
export function egressDashboard(): Dashboard {
  return dashboard(
    UID,
    'Falco egress: connections',
    'Outbound connections of Pods, as Falco saw them and Loki keeps them. No rows is not nobody: see the coverage in "Falco egress: operations".',
  )
    .time({ from: 'now-6h', to: 'now' })
    .withVariable(choice('cluster', 'cluster', '.*').label('Cluster'))
    .withVariable(
      new CustomVariableBuilder('stored')
        .label('Stored by')
        .description('Whose label of the namespace is offered; all alerts are shown, whoever stored them.')
        .values('the collector : namespace, falcosidekick : k8s_ns_name'),
    )
    .withVariable(choice('namespace', '${stored}', '.*').label('Namespace'))
    .withVariable(choice('rule', 'rule', '.+').label('Rule'))
    .withVariable(
      new TextBoxVariableBuilder('contains').label('Contains (address, Pod, process)').defaultValue(''),
    )
    .withPanel(
      number(inLoki('Connections', 'In the time that is looked at.', 4), `sum(${times('[$__range]')})`),
    )
    .withPanel(
      number(
        inLoki('Namespaces', 'That connect to anything.', 4),
        `count(sum by (namespace) (${times('[$__range]', '| namespace!=""')}))`,
      ),
    )
    .withPanel(
      number(
        inLoki('Addresses', 'Different ones that were connected to.', 4),
        `count(sum by (destination) (${times('[$__range]')}))`,
      ),
    )
    .withPanel(
      rows(
        {
          title: 'Exempt namespaces',
          description:
            'Namespaces with the label "network": where its value is in exempt.values, their connections are not watched. Needs kube-state-metrics with --metric-labels-allowlist=namespaces=[network].',
          source: PROMETHEUS,
          width: 12,
        },
        'max by (namespace, label_network) (kube_namespace_labels{label_network!=""})',
        'labelled',
      ).height(4),
    )
    .withPanel(
      lines(inLoki('By namespace', 'Connections by the namespace of the Pod.', 12), {
        expr: `sum by (namespace) (${times('[$__auto]')})`,
        legend: '{{namespace}}',
      }),
    )
    .withPanel(
      lines(inLoki('By rule', 'Connections by the rule that told of them.', 12), {
        expr: `sum by (rule) (${times('[$__auto]')})`,
        legend: '{{rule}}',
      }),
    )
    .withRow(new RowBuilder('Who, and where to'))
    .withPanel(
      rows(
        inLoki('Workloads', 'By Deployment, else by Pod.', 12),
        most('namespace, workload'),
        'times',
        WORKLOAD,
      ),
    )
    .withPanel(
      rows(
        inLoki('Destinations', 'The server, or, of a connect that was refused, the address asked for.', 12),
        most('destination, port'),
        'times',
        DESTINATION,
      ),
    )
    .withPanel(
      rows(
        inLoki('New destinations', 'Seen now, and not in the day before.', 12),
        `sum by (destination) (${times('[$__range]')}) unless sum by (destination) (${times('[1d] offset $__range')})`,
        'times',
        DESTINATION,
      ),
    )
    .withPanel(
      rows(
        inLoki('Processes', 'The program that connected, by its name.', 12),
        most('process, namespace, workload'),
        'times',
        { ...WORKLOAD, ...only('What it connects to', 'process', true) },
      ),
    )
    .withPanel(rows(inLoki('Ports', 'Of the destinations.', 8), most('port'), 'times'))
    .withPanel(
      new LogsPanel()
        .title('Last alerts')
        .description('Newest first; open one for all of its fields.')
        .datasource(LOKI)
        .span(16)
        .height(8)
        .showTime(true)
        .enableLogDetails(true)
        .targets(overTime(LOKI, [{ expr: `${STREAMS} ${STAGES}`, legend: '' }])),
    );
}
