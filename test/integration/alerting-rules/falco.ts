import type { AlertCases } from './case';

const UP = 'up{job="falco-egress-falco",namespace="falco",node="a",pod="falco-a"}';
const LOADED =
  'falcosecurity_falco_sha256_rules_files_info{job="falco-egress-falco",namespace="falco",node="a",pod="falco-a"';
const NODE = (name: string, system = 'Ubuntu 24.04') => `kube_node_info{node="${name}",os_image="${system}"}`;
const HOT_RELOAD = (hostname: string) =>
  `falcosecurity_falcosidekick_falco_events_total{job="falco-egress-sidekick",pod="sidekick-1",hostname="${hostname}",rule="Falco internal: hot restart failure",source="internal"}`;
const QUEUE =
  'falcosecurity_falco_outputs_queue_num_drops_total{job="falco-egress-falco",node="a",pod="falco-a"}';
const DROPS = 'falcosecurity_scap_n_drops_total{job="falco-egress-falco",node="a",pod="falco-a"}';
const CANARY =
  'falcosecurity_falco_rules_matches_total{job="falco-egress-falco",node="a",pod="falco-a",rule_name="Canary connection"}';
const EVENTS = 'falcosecurity_scap_n_evts_total{job="falco-egress-falco",node="a",pod="falco-a"}';

/** @param files rules files that Falco is to load: two of ours, and one that the cases change */
export function falcoCases(
  [ours, canary, file]: readonly [string, string, string],
  digestOf: (file: string) => string,
): AlertCases {
  const digest = digestOf(file);
  const other = digest.replaceAll(/./g, '0');
  const loaded = (sha256: string, name = file) => `${LOADED},file_name="${name}",sha256="${sha256}"}`;
  const rest = {
    [UP]: '1x60',
    ...Object.fromEntries([ours, canary].map((each) => [loaded(digestOf(each), each), '1x60'])),
  };
  const where = { job: 'falco-egress-falco', namespace: 'falco', node: 'a', pod: 'falco-a' };
  return {
    FalcoEgressNodeWithoutFalco: [
      {
        name: 'one of two nodes has none',
        series: { [NODE('a')]: '1x30', [NODE('b')]: '1x30', [UP]: '1x30' },
        at: '20m',
        fires: [
          {
            labels: { node: 'b', os_image: 'Ubuntu 24.04', severity: 'critical' },
            summary: 'No Falco answers on node b: its Pods are not watched',
          },
        ],
      },
      {
        name: 'it was away for ten minutes, and a node runs Windows',
        series: {
          [NODE('a')]: '1x30',
          [NODE('w', 'Windows Server 2022')]: '1x30',
          [UP]: '1x5 0x10 1x15',
        },
        at: '17m',
        fires: [],
      },
    ],
    FalcoEgressNodeWithoutCanary: [
      {
        name: 'it has told of none for half an hour',
        series: { ...rest, [CANARY]: '0+1x10 10x50' },
        at: '50m',
        fires: [
          {
            labels: { ...where, severity: 'critical' },
            summary: 'Falco on a runs, and sees not even the connection that is made there every minute',
          },
        ],
      },
      {
        name: 'it has never told of one',
        series: { [UP]: '1x60' },
        at: '30m',
        fires: [
          {
            labels: { ...where, severity: 'critical' },
            summary: 'Falco on a runs, and sees not even the connection that is made there every minute',
          },
        ],
      },
      {
        name: 'one a minute, but for eight after a restart of Falco',
        series: { [UP]: '1x60', [CANARY]: '0+1x20 _x8 1+1x30' },
        at: '34m',
        fires: [],
      },
    ],
    FalcoEgressEventsDropped: [
      {
        name: 'six of a hundred',
        series: { [DROPS]: '0+60x60', [EVENTS]: '0+1000x60' },
        at: '30m',
        fires: [
          {
            labels: { node: 'a', pod: 'falco-a', severity: 'warning' },
            summary: 'Falco on a loses 6% of the system calls',
          },
        ],
      },
      {
        name: 'one of a thousand',
        series: { [DROPS]: '0+1x60', [EVENTS]: '0+1000x60' },
        at: '30m',
        fires: [],
      },
    ],
    FalcoEgressAlertsDropped: [
      {
        name: 'the queue was full',
        series: { [QUEUE]: '0x10 7+7x10' },
        at: '16m',
        fires: [
          {
            labels: { node: 'a', pod: 'falco-a', severity: 'critical' },
            summary: 'Falco on a threw alerts away: 42 in 10 minutes',
          },
        ],
      },
      { name: 'it was full long ago', series: { [QUEUE]: '500x60' }, at: '40m', fires: [] },
    ],
    FalcoEgressRulesDiffer: [
      {
        name: 'another text is loaded',
        series: { ...rest, [loaded(other)]: '1x60' },
        at: '20m',
        fires: [
          {
            labels: { ...where, file, severity: 'critical' },
            summary: `Falco on a does not run the rules in ${file} that were deployed`,
          },
        ],
      },
      {
        name: 'the old text was loaded for ten minutes',
        series: { ...rest, [loaded(other)]: '1x10 _x50', [loaded(digest)]: '_x10 1x50' },
        at: '20m',
        fires: [],
      },
    ],
    FalcoEgressRulesUnknown: [
      {
        name: 'a file that nobody synthesized',
        series: { [loaded(digest)]: '1x60', [loaded(other, '99-x.yaml')]: '1x60' },
        at: '20m',
        fires: [
          {
            labels: { ...where, file_name: '99-x.yaml', sha256: other, severity: 'critical' },
            summary: 'Falco on a runs rules that were not deployed: 99-x.yaml',
          },
        ],
      },
      {
        name: 'what was synthesized, and the stock rules of the image',
        series: { [loaded(digest)]: '1x60', [loaded(other, 'falco_rules.yaml')]: '1x60' },
        at: '20m',
        fires: [],
      },
    ],
    FalcoEgressHotReloadFailed: [
      {
        name: 'for the first time',
        series: { [HOT_RELOAD('a')]: '_x5 1x60' },
        at: '6m',
        fires: [
          {
            labels: { hostname: 'a', severity: 'warning' },
            summary: 'Falco on a refused its new rules or configuration and keeps the old ones',
          },
        ],
      },
      {
        name: 'once more',
        series: { [HOT_RELOAD('a')]: '1x40 2x20' },
        at: '45m',
        fires: [
          {
            labels: { hostname: 'a', severity: 'warning' },
            summary: 'Falco on a refused its new rules or configuration and keeps the old ones',
          },
        ],
      },
      { name: 'an hour ago', series: { [HOT_RELOAD('a')]: '_x5 1x60' }, at: '60m', fires: [] },
    ],
  };
}
