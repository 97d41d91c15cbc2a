import type { AlertCases } from './case';

const OUTPUTS = (destination: string, status: string) =>
  `falcosecurity_falcosidekick_outputs_total{job="falco-egress-sidekick",pod="sidekick-1",destination="${destination}",status="${status}"}`;
const RAISED = (pod: string) =>
  `falcosecurity_falco_rules_matches_total{job="falco-egress-falco",pod="${pod}",rule_name="kubernetes outbound connection"}`;
const TAKEN = (pod: string) =>
  `falcosecurity_falcosidekick_inputs_total{job="falco-egress-sidekick",pod="${pod}",source="requests",status="accepted"}`;
const SEEN = (pod: string) =>
  `falcosecurity_falcosidekick_falco_events_total{job="falco-egress-sidekick",pod="sidekick-1",hostname="a",rule="kubernetes outbound connection",k8s_pod_name="${pod}"}`;

export const SIDEKICK_CASES: AlertCases = {
  FalcoEgressOutputFailing: [
    {
      name: 'one of a few is lost',
      series: {
        [OUTPUTS('loki', 'ok')]: '0+1x60',
        [OUTPUTS('loki', 'error')]: '_x20 1x40',
        [OUTPUTS('slack', 'ok')]: '0+1x60',
      },
      at: '24m',
      fires: [
        {
          labels: { destination: 'loki', severity: 'warning' },
          summary: 'falcosidekick lost 4% of the alerts for loki in the last hour',
        },
      ],
    },
    {
      name: 'one of a thousand is lost',
      series: { [OUTPUTS('loki', 'ok')]: '0+100x60', [OUTPUTS('loki', 'error')]: '_x20 1x40' },
      at: '24m',
      fires: [],
    },
  ],
  FalcoEgressAlertsLost: [
    {
      name: 'falcosidekick takes a fifth',
      series: { [RAISED('falco-a')]: '0+10x60', [TAKEN('sidekick-1')]: '0+2x60' },
      at: '40m',
      fires: [
        {
          labels: { severity: 'critical' },
          summary: '120 alerts of Falco did not reach falcosidekick in 15 minutes',
        },
      ],
    },
    {
      name: 'falcosidekick has never answered',
      series: { [RAISED('falco-a')]: '0+10x60' },
      at: '40m',
      fires: [
        {
          labels: { severity: 'critical' },
          summary: '150 alerts of Falco did not reach falcosidekick in 15 minutes',
        },
      ],
    },
    {
      name: 'two Pods share the work, and one was replaced',
      series: {
        [RAISED('falco-a')]: '0+10x60',
        [TAKEN('sidekick-1')]: '0+5x30 _x30',
        [TAKEN('sidekick-2')]: '0+5x60',
        [TAKEN('sidekick-3')]: '_x30 5+5x30',
      },
      at: '40m',
      fires: [],
    },
  ],
  FalcoEgressUnattributed: [
    {
      name: 'a quarter names no Pod',
      series: { [SEEN('')]: '0+1x120', [SEEN('web-1')]: '0+3x120' },
      at: '100m',
      fires: [
        {
          labels: { severity: 'warning' },
          summary: '25% of the connections that Falco sees name no Pod',
        },
      ],
    },
    {
      name: 'one of a hundred names none',
      series: { [SEEN('')]: '0+1x120', [SEEN('web-1')]: '0+99x120' },
      at: '100m',
      fires: [],
    },
    { name: 'there are hardly any', series: { [SEEN('')]: '0x60 1x60' }, at: '100m', fires: [] },
  ],
};
