import {
  QueryVariableBuilder,
  RowBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as LogsPanel } from '@grafana/grafana-foundation-sdk/logs';
import { alertStream, CONNECTION_LABELS } from '../egress-stream';
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

/** The alerts that the variables choose. */
const CHOSEN = `${alertStream({ cluster: '$cluster', namespace: '$namespace', rule: '$rule' })} |= \`$contains\``;
const CONNECTIONS = `${CHOSEN} ${CONNECTION_LABELS}`;

/** Rows of a table at most. */
const MOST = 25;

const inLoki = (title: string, description: string, width: number): PanelProps => ({
  title,
  description,
  source: LOKI,
  width,
});

function most(labels: string): string {
  return `topk(${MOST}, sum by (${labels}) (count_over_time(${CONNECTIONS} [$__range])))`;
}

/** The values of a label of the streams, as a variable. */
function choice(name: string, label: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .query({ label, stream: '', type: 1, refId: name })
    .datasource(LOKI)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*');
}

/** Who connects to what: connections by namespace, workload, destination, port and process. */
export function egressDashboard(): Dashboard {
  return dashboard(
    'falco-egress-connections',
    'Falco egress: connections',
    'Outbound connections of Pods, as Falco saw them and falcosidekick stored them in Loki. No rows is not nobody: see the coverage in "Falco egress: operations".',
  )
    .time({ from: 'now-6h', to: 'now' })
    .withVariable(choice('cluster', 'cluster').label('Cluster'))
    .withVariable(choice('namespace', 'k8s_ns_name').label('Namespace'))
    .withVariable(choice('rule', 'rule').label('Rule'))
    .withVariable(
      new TextBoxVariableBuilder('contains').label('Contains (address, Pod, process)').defaultValue(''),
    )
    .withPanel(
      number(
        inLoki('Alerts', 'In the time that is looked at.', 4),
        `sum(count_over_time(${CHOSEN} [$__range]))`,
      ),
    )
    .withPanel(
      number(
        inLoki('Namespaces', 'That connect to anything.', 4),
        `count(sum by (k8s_ns_name) (count_over_time(${CHOSEN} [$__range])))`,
      ),
    )
    .withPanel(
      number(
        inLoki('Destinations', 'Different addresses.', 4),
        `count(sum by (destination) (count_over_time(${CONNECTIONS} [$__range])))`,
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
      lines(inLoki('By namespace', 'Alerts by the namespace of the Pod.', 12), {
        expr: `sum by (k8s_ns_name) (count_over_time(${CHOSEN} [$__auto]))`,
        legend: '{{k8s_ns_name}}',
      }),
    )
    .withPanel(
      lines(inLoki('By rule', 'Alerts by the rule that raised them.', 12), {
        expr: `sum by (rule) (count_over_time(${CHOSEN} [$__auto]))`,
        legend: '{{rule}}',
      }),
    )
    .withRow(new RowBuilder('Who, and where to'))
    .withPanel(
      rows(inLoki('Workloads', 'By Deployment, else by Pod.', 12), most('k8s_ns_name, workload'), 'alerts'),
    )
    .withPanel(
      rows(
        inLoki('Destinations', 'The server, or, of a connect that was refused, the address asked for.', 12),
        most('destination, port'),
        'alerts',
      ),
    )
    .withPanel(
      rows(
        inLoki('New destinations', 'Seen now, and not in the day before.', 12),
        `sum by (destination) (count_over_time(${CONNECTIONS} [$__range])) unless sum by (destination) (count_over_time(${CONNECTIONS} [1d] offset $__range))`,
        'alerts',
      ),
    )
    .withPanel(
      rows(
        inLoki('Processes', 'The program that connected, by its name.', 12),
        most('process, k8s_ns_name, workload'),
        'alerts',
      ),
    )
    .withPanel(rows(inLoki('Ports', 'Of the destinations.', 8), most('port'), 'alerts'))
    .withPanel(
      new LogsPanel()
        .title('Last alerts')
        .description('Newest first; open one for all of its fields.')
        .datasource(LOKI)
        .span(16)
        .height(8)
        .showTime(true)
        .enableLogDetails(true)
        .targets(
          overTime(LOKI, [
            { expr: `${CHOSEN} | json line="output" | line_format \`{{.line}}\``, legend: '' },
          ]),
        ),
    );
}
