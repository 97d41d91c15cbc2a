import type { AlertCases } from './case';

const METRIC = (name: string, labels = '', pod = 'responder-1') =>
  `falco_egress_responder_${name}{job="falco-egress-responder",pod="${pod}"${labels}}`;
const REPORTS = (reason: string) => METRIC('reports_total', `,reason="${reason}"`);
const UP = 'up{job="falco-egress-responder",pod="responder-1"}';
const POLICY = 'kube_networkpolicy_created{namespace="shop",networkpolicy="falco-egress-quarantine"}';
const QUARANTINED = (verdict: string) => METRIC('quarantined_pods', `,verdict="${verdict}"`);

export const RESPONDER_CASES: AlertCases = {
  FalcoEgressResponderBehind: [
    {
      name: 'a Pod waits',
      series: { [METRIC('queue_oldest_seconds')]: '0x5 90x20' },
      at: '10m',
      fires: [
        {
          labels: { pod: 'responder-1', severity: 'critical' },
          summary: 'The responder is 1m 30s behind: Pods are not cut off in time',
        },
      ],
    },
    {
      name: 'a burst was worked off',
      series: { [METRIC('queue_oldest_seconds')]: '0x5 90x0 0x20' },
      at: '7m',
      fires: [],
    },
  ],
  FalcoEgressResponderThrottles: [
    {
      name: 'a node brings too much, and keeps on',
      series: {
        [METRIC('throttled_total', ',way="logs",limit="rate"')]: '_x5 5+5x60',
        [METRIC('throttled_total', ',way="alerts",limit="rate"')]: '3x60',
      },
      at: '30m',
      fires: [
        {
          labels: { way: 'logs', limit: 'rate', severity: 'warning' },
          summary: 'The responder put off 75 requests in 15 minutes (logs, rate)',
        },
      ],
    },
    {
      name: 'a burst of two replicas, long over, and a few now and then',
      series: {
        [METRIC('throttled_total', ',way="logs",limit="rate"')]: '0x5 40x60',
        [METRIC('throttled_total', ',way="logs",limit="reviews"')]: '0+1x60',
        [METRIC('throttled_total', ',way="logs",limit="rate"', 'responder-2')]: '0x5 40x60',
      },
      at: '40m',
      fires: [],
    },
  ],
  FalcoEgressResponseFailed: [
    {
      name: 'for the first time',
      series: { [REPORTS('ResponseFailed')]: '_x5 1x60' },
      at: '6m',
      fires: [
        {
          labels: { severity: 'critical' },
          summary: 'Responses fail on 1 Pods that should be cut off',
        },
      ],
    },
    {
      name: 'long ago, and two Pods are not cut off still, as one of two replicas knows',
      series: {
        [REPORTS('ResponseFailed')]: '_x5 2x60',
        [METRIC('failing_pods')]: '0x5 2x60',
        [METRIC('failing_pods', '', 'responder-2')]: '0x65',
      },
      at: '60m',
      fires: [
        {
          labels: { severity: 'critical' },
          summary: 'Responses fail on 2 Pods that should be cut off',
        },
      ],
    },
    {
      name: 'long ago, and others succeed',
      series: {
        [REPORTS('ResponseFailed')]: '_x5 1x60',
        [REPORTS('Quarantined')]: '0+1x60',
        [METRIC('failing_pods')]: '0x5 1x10 0x60',
      },
      at: '40m',
      fires: [],
    },
  ],
  FalcoEgressExemptionChanged: [
    {
      name: 'two namespaces were labelled',
      series: { [REPORTS('ExemptionChanged')]: '_x5 2x60' },
      at: '6m',
      fires: [
        {
          labels: { severity: 'warning' },
          summary: 'The exemption of 2 namespaces changed in 15 minutes',
        },
      ],
    },
    {
      name: 'long ago',
      series: { [REPORTS('ExemptionChanged')]: '_x5 2x60' },
      at: '40m',
      fires: [],
    },
  ],
  FalcoEgressLimitReached: [
    {
      name: 'it stopped',
      series: { [REPORTS('LimitReached')]: '_x5 1x60' },
      at: '6m',
      fires: [
        {
          labels: { severity: 'critical' },
          summary: 'The responder reached a limit: 1 Pods wait for a person',
        },
      ],
    },
    {
      name: 'it stopped long ago, and nobody has answered',
      series: {
        [REPORTS('LimitReached')]: '_x5 1x60',
        [METRIC('waiting_pods', ',why="limit"')]: '0x5 3x60',
        [METRIC('waiting_pods', ',why="limit"', 'responder-2')]: '0x5 3x60',
      },
      at: '60m',
      fires: [
        {
          labels: { severity: 'critical' },
          summary: 'The responder reached a limit: 3 Pods wait for a person',
        },
      ],
    },
    {
      name: 'somebody has answered, and another waits for approval as ever',
      series: {
        [REPORTS('LimitReached')]: '_x5 1x60',
        [METRIC('waiting_pods', ',why="limit"')]: '0x5 3x10 0x60',
        [METRIC('waiting_pods', ',why="approval"')]: '1x60',
      },
      at: '40m',
      fires: [],
    },
  ],
  FalcoEgressResponderNotReady: [
    {
      name: 'none of two can',
      series: {
        [METRIC('api_server_ready')]: '0x60',
        [METRIC('api_server_ready', '', 'responder-2')]: '0x60',
      },
      at: '6m',
      fires: [
        {
          labels: { severity: 'critical' },
          summary: 'No responder can use the API server: nothing is cut off, released or expired',
        },
      ],
    },
    {
      name: 'one of two can',
      series: {
        [METRIC('api_server_ready')]: '0x60',
        [METRIC('api_server_ready', '', 'responder-2')]: '1x60',
      },
      at: '30m',
      fires: [],
    },
  ],
  FalcoEgressResponderAbsent: [
    {
      name: 'a standing policy, and no responder',
      series: { [POLICY]: '1x60' },
      at: '12m',
      fires: [
        {
          labels: { severity: 'critical' },
          summary: 'Pods are quarantined, and no responder is there to release them',
        },
      ],
    },
    {
      name: 'without kube-state-metrics its last word counts',
      series: { [QUARANTINED('contained')]: '2x5 _x60', [UP]: '1x5 0x60' },
      at: '30m',
      fires: [
        {
          labels: { severity: 'critical' },
          summary: 'Pods are quarantined, and no responder is there to release them',
        },
      ],
    },
    { name: 'a responder is there', series: { [POLICY]: '1x60', [UP]: '1x60' }, at: '30m', fires: [] },
    {
      name: 'somebody has released them by hand',
      series: {
        [QUARANTINED('contained')]: '2x5 _x60',
        [POLICY]: '1x10 _x60',
        'kube_node_info{node="a",os_image="Ubuntu"}': '1x60',
      },
      at: '30m',
      fires: [],
    },
  ],
  FalcoEgressNotContained: [
    {
      name: 'a policy of the owner lets it out',
      series: { [QUARANTINED('contained')]: '3x60', [QUARANTINED('partial')]: '1x60' },
      at: '5m',
      fires: [
        {
          labels: { verdict: 'partial', severity: 'critical' },
          summary: '1 quarantined Pods can still connect (partial)',
        },
      ],
    },
    {
      name: 'all are contained, one after a minute',
      series: { [QUARANTINED('contained')]: '3x60', [QUARANTINED('not-contained')]: '0x3 1x0 0x60' },
      at: '5m',
      fires: [],
    },
  ],
};
