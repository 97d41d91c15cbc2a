import type { AlertCases } from './case';

const METRIC = (name: string, exporter: string, node = 'node-1') =>
  `otelcol_exporter_${name}{job="falco-egress-collector",node="${node}",exporter="${exporter}"}`;

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
