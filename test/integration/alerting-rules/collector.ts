import type { AlertCases } from './case';

const METRIC = (name: string, exporter: string, node = 'node-1') =>
  `otelcol_exporter_${name}{job="falco-egress-collector",node="${node}",exporter="${exporter}"}`;

const RAISED = (node: string, rule: string) =>
  `falcosecurity_falco_rules_matches_total{job="falco-egress-falco",node="${node}",rule_name="${rule}"}`;
const READ = (node: string, receiver: string) =>
  `otelcol_receiver_accepted_log_records{job="falco-egress-collector",node="${node}",receiver="${receiver}"}`;

export const COLLECTOR_CASES: AlertCases = {
  FalcoEgressCollectorLoses: [
    {
      name: 'Loki refuses lines of two nodes',
      series: {
        [METRIC('send_failed_log_records', 'otlp_http/loki')]: '_x5 20x60',
        [METRIC('send_failed_log_records', 'otlp_http/loki', 'node-2')]: '_x5 1x60',
        [METRIC('send_failed_log_records', 'otlp_http')]: '0x60',
      },
      at: '6m',
      fires: [
        {
          labels: { exporter: 'otlp_http/loki', severity: 'critical' },
          summary: 'The collector lost 21 lines in 15 minutes: otlp_http/loki was refused',
        },
      ],
    },
    {
      name: 'that was long ago',
      series: { [METRIC('send_failed_log_records', 'otlp_http/loki')]: '_x5 20x60' },
      at: '40m',
      fires: [],
    },
  ],
  FalcoEgressCollectorMisses: [
    {
      name: 'one reads half of the record, though the responder gets all that it wants; on another node none runs',
      series: {
        [RAISED('node-1', 'Outbound')]: '0+10x60',
        [RAISED('node-1', 'Connection to vistatech.it')]: '0+2x60',
        [READ('node-1', 'file_log')]: '0+12x60',
        [READ('node-1', 'file_log/records')]: '0+5x60',
        [READ('node-1', 'file_log/alerts')]: '0+2x60',
        [RAISED('node-2', 'Outbound')]: '0+10x60',
        [RAISED('node-3', 'Outbound')]: '0+10x60',
        [READ('node-3', 'file_log/records')]: '0+10x60',
      },
      at: '40m',
      fires: [
        {
          labels: { node: 'node-1', severity: 'critical' },
          summary: 'The collector on node-1 has not read 75 alerts that Falco raised in 15 minutes',
        },
        {
          labels: { node: 'node-2', severity: 'critical' },
          summary: 'The collector on node-2 has not read 150 alerts that Falco raised in 15 minutes',
        },
      ],
    },
    {
      name: 'a new node whose counters begin with what they count, a collector that reads again what it had read, and a few that come late',
      series: {
        [RAISED('node-1', 'Outbound')]: '_x30 20+20x60',
        [READ('node-1', 'file_log/records')]: '_x30 20+20x60',
        [RAISED('node-2', 'Outbound')]: '0+10x60',
        [READ('node-2', 'file_log/records')]: '0+10x35 350+10x25',
        [RAISED('node-3', 'Outbound')]: '0x30 9x60',
      },
      at: '42m',
      fires: [],
    },
    {
      name: 'Loki was away, and what waited was read in the end',
      series: {
        [RAISED('node-1', 'Outbound')]: '0+10x60',
        [READ('node-1', 'file_log/records')]: '0+10x20 200x5 270+10x35',
      },
      at: '45m',
      fires: [],
    },
  ],
  FalcoEgressCollectorBehind: [
    {
      name: 'the responder is away, and the queue of one node fills',
      series: {
        [METRIC('queue_size', 'otlp_http')]: '0x5 750x20',
        [METRIC('queue_capacity', 'otlp_http')]: '1000x30',
        [METRIC('queue_size', 'otlp_http', 'node-2')]: '0x30',
        [METRIC('queue_capacity', 'otlp_http', 'node-2')]: '1000x30',
      },
      at: '12m',
      fires: [
        {
          labels: { node: 'node-1', exporter: 'otlp_http', severity: 'warning' },
          summary: 'The queue of the collector on node-1 for otlp_http is 75% full',
        },
      ],
    },
    {
      name: 'it was full for a moment',
      series: {
        [METRIC('queue_size', 'otlp_http')]: '0x5 900x2 100x20',
        [METRIC('queue_capacity', 'otlp_http')]: '1000x30',
      },
      at: '12m',
      fires: [],
    },
  ],
};
