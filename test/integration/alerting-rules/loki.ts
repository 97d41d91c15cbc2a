import type { AlertCases } from './case';

const ANSWERS = (route: string, status: string, job = 'falco-egress-loki') =>
  `loki_request_duration_seconds_count{job="${job}",method="POST",route="${route}",status_code="${status}",ws="false"}`;
const VOLUME = (what: string, claim = 'falco-egress-loki', namespace = 'falco-egress') =>
  `kubelet_volume_stats_${what}_bytes{namespace="${namespace}",persistentvolumeclaim="${claim}",node="node-1"}`;
const OWN_DISK = 'loki_ingester_wal_disk_usage_percent{job="falco-egress-loki",pod="falco-egress-loki-0"}';
const READY = (set: string) =>
  `kube_statefulset_status_replicas_ready{namespace="falco-egress",statefulset="${set}"}`;
const AVAILABLE = (deployment: string) =>
  `kube_deployment_status_replicas_available{namespace="falco-egress",deployment="${deployment}"}`;

export const LOKI_CASES: AlertCases = {
  FalcoEgressLokiDown: [
    {
      name: 'its Pod was ready, and is no longer',
      series: { [READY('falco-egress-loki')]: '1x5 0x30' },
      at: '17m',
      fires: [
        {
          labels: { severity: 'critical' },
          summary: 'Loki has not been ready for 10 minutes: no alert is stored',
        },
      ],
    },
    {
      name: 'it was replaced, and another set is down',
      series: {
        [READY('falco-egress-loki')]: '1x5 0x4 1x30',
        [READY('falco-egress-sidekick-ui-store')]: '0x60',
      },
      at: '17m',
      fires: [],
    },
  ],
  FalcoEgressLokiRefuses: [
    {
      name: 'it takes no more of a collector, and what it refuses for good goes on as well',
      series: {
        [ANSWERS('otlp_v1_logs', '204')]: '0+10x10 100x50',
        [ANSWERS('otlp_v1_logs', '503')]: '_x10 0+12x50',
        [ANSWERS('loki_api_v1_push', '400')]: '0x10 0+2x50',
      },
      at: '40m',
      fires: [
        {
          labels: { status_code: '400', severity: 'critical' },
          summary: 'Loki refuses lines: it answered 400 to 10 requests in 5 minutes',
        },
        {
          labels: { status_code: '503', severity: 'critical' },
          summary: 'Loki refuses lines: it answered 503 to 60 requests in 5 minutes',
        },
      ],
    },
    {
      name: 'it was started again, questions went wrong, and another Loki refuses',
      series: {
        [ANSWERS('otlp_v1_logs', '204')]: '0+10x60',
        [ANSWERS('otlp_v1_logs', '503')]: '_x20 3x40',
        [ANSWERS('loki_api_v1_query_range', '500')]: '0+5x60',
        [ANSWERS('otlp_v1_logs', '429', 'monitoring/loki')]: '0+5x60',
      },
      at: '32m',
      fires: [],
    },
  ],
  FalcoEgressLokiVolumeFull: [
    {
      name: 'the kubelet tells of a volume with little room',
      series: { [VOLUME('available')]: '150x60', [VOLUME('capacity')]: '1000x60', [OWN_DISK]: '0.84x60' },
      at: '20m',
      fires: [
        {
          labels: { severity: 'warning' },
          summary: 'The volume of Loki is 85% full; from 90% on it takes no more lines',
        },
      ],
    },
    {
      name: 'the kubelet tells of no volume, Loki of its disk',
      series: { [OWN_DISK]: '0.91x60' },
      at: '20m',
      fires: [
        {
          labels: { severity: 'warning' },
          summary: 'The volume of Loki is 91% full; from 90% on it takes no more lines',
        },
      ],
    },
    {
      name: 'there is room, and those that are full are none of it',
      series: {
        [VOLUME('available')]: '250x60',
        [VOLUME('capacity')]: '1000x60',
        [OWN_DISK]: '0.75x60',
        [VOLUME('available', 'falco-egress-loki', 'shop')]: '10x60',
        [VOLUME('capacity', 'falco-egress-loki', 'shop')]: '1000x60',
        [VOLUME('available', 'data')]: '10x60',
        [VOLUME('capacity', 'data')]: '1000x60',
      },
      at: '20m',
      fires: [],
    },
  ],
  FalcoEgressGrafanaDown: [
    {
      name: 'none of its Pods has been ready for long',
      series: { [AVAILABLE('falco-egress-grafana')]: '1x5 0x40' },
      at: '25m',
      fires: [
        {
          labels: { severity: 'warning' },
          summary: 'Grafana has not been ready for 15 minutes: the dashboards can not be seen',
        },
      ],
    },
    {
      name: 'it was replaced, and another has none',
      series: { [AVAILABLE('falco-egress-grafana')]: '1x5 0x5 1x40', [AVAILABLE('shop')]: '0x60' },
      at: '25m',
      fires: [],
    },
  ],
};
