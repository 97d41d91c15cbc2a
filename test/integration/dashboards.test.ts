import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { CANARY_RULE } from '../../lib/names';
import { renderMetrics } from '../../lib/responder/metrics';
import { ResponderMetrics, type Live } from '../../lib/responder/report/responder-metrics';
import { dashboardQueries } from '../observability/queries';
import { buildPromtool, type Promtool } from './promtool';

/*
 * Every query of the dashboards to Prometheus, by Prometheus' own engine over what falcosidekick was recorded to tell of
 * itself, what the responder tells, and Falco's metrics by their names.
 */

/** What a counter is grows by its value each minute; a gauge stays. */
const MINUTES = 60;

/** Series out of a program's own text, with the labels that a scrape adds. */
function scraped(text: string, added: Readonly<Record<string, string>>): Record<string, string> {
  const types = new Map(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]),
  );
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (line.startsWith('#') || name === '') return [];
      const family = types.get(name) ?? types.get(name.replace(/_(bucket|sum|count)$/, ''));
      const all = [labels, ...Object.entries(added).map(([label, of]) => `${label}="${of}"`)].filter(Boolean);
      return [
        [`${name}{${all.join(',')}}`, `${family === 'gauge' ? `${value}+0` : `0+${value}`}x${MINUTES}`],
      ];
    }),
  );
}

/** What a responder tells after it has cut off three Pods, one of them not for good. */
function responder(): string {
  const metrics = new ResponderMetrics();
  metrics.alert('logs', 'quarantined', 'foreign');
  metrics.alert('alerts', 'unmatched', '');
  metrics.report('Quarantined');
  metrics.call(200);
  metrics.call(undefined);
  for (const [uid, milliseconds] of [
    ['a', 20],
    ['b', 20],
    ['c', 400],
  ] as const) {
    metrics.latencies.begin(uid, 0);
    metrics.latencies.contained(uid, milliseconds);
    metrics.latencies.arrival.observe(milliseconds / 100);
  }
  const live = {
    engine: { depth: () => ({ waiting: 1, running: 1, oldestMs: 1500, inbox: 0, failing: 2 }) },
    quarantined: { countOf: (verdict: string) => (verdict === 'contained' ? 2 : 1) },
    reporter: { size: 0 },
    waitingPods: () => ({ approval: 1, limit: 3 }),
    staleness: () => 2500,
  } as unknown as Live;
  return renderMetrics(metrics.metrics(live));
}

const falco = (node: string): Readonly<Record<string, string>> => ({
  job: 'egress-falco',
  pod: `falco-${node}`,
  node,
});

/** Falco's, on two of three nodes; on the second it loses one of a hundred system calls. */
function falcos(): Record<string, string> {
  const text = (lost: number, digest: string): string =>
    [
      ...[`falcosecurity_scap_n_evts_total 6000`, `falcosecurity_scap_n_drops_total ${lost}`],
      `falcosecurity_falco_outputs_queue_num_drops_total ${lost / 20}`,
      'falcosecurity_falco_rules_matches_total{priority="4",rule_name="Outbound",source="syscall"} 30',
      '# TYPE falcosecurity_falco_sha256_rules_files_info gauge',
      `falcosecurity_falco_sha256_rules_files_info{file_name="10-egress.yaml",sha256="${digest}"} 1`,
      '# TYPE falcosecurity_falco_reload_timestamp_nanoseconds gauge',
      'falcosecurity_falco_reload_timestamp_nanoseconds 1764518400000000000',
      '# TYPE falcosecurity_falco_cpu_usage_ratio gauge',
      `falcosecurity_falco_cpu_usage_ratio ${lost / 240}`,
      '# TYPE falcosecurity_falco_memory_rss_bytes gauge',
      'falcosecurity_falco_memory_rss_bytes 104857600',
    ].join('\n');
  const canary = `falcosecurity_falco_rules_matches_total{priority="6",rule_name="${CANARY_RULE}",source="syscall"} 1`;
  return {
    ...scraped(`${text(0, 'aa')}\n${canary}`, falco('node-1')),
    // On the second nothing is seen of it.
    ...scraped(text(60, 'bb'), falco('node-2')),
  };
}

const gauge = (value: number): string => `${value}+0x${MINUTES}`;
const sidekick = readFileSync(resolve(__dirname, '../fixtures/falcosidekick/metrics.txt'), 'utf8');

/** Of two nodes: the second reads half of what its Falco raises, and drops some of it at Loki. */
function collectors(): Record<string, string> {
  const text = (read: number, dropped: number): string =>
    [
      `otelcol_receiver_accepted_log_records{receiver="file_log"} ${read}`,
      `otelcol_receiver_accepted_log_records{receiver="file_log/records"} ${read - 1}`,
      'otelcol_receiver_accepted_log_records{receiver="file_log/alerts"} 1',
      'otelcol_receiver_refused_log_records{receiver="file_log/records"} 0',
      'otelcol_exporter_sent_log_records{exporter="otlp_http/loki"} 6',
      `otelcol_exporter_sent_log_records{exporter="otlp_http"} ${read}`,
      `otelcol_exporter_send_failed_log_records{exporter="otlp_http/loki"} ${dropped}`,
      '# TYPE otelcol_exporter_queue_size gauge',
      `otelcol_exporter_queue_size{exporter="otlp_http/loki"} ${dropped * 100}`,
      '# TYPE otelcol_exporter_queue_capacity gauge',
      'otelcol_exporter_queue_capacity{exporter="otlp_http/loki"} 1000',
    ].join('\n');
  return {
    ...scraped(text(30, 0), { job: 'egress-collector', node: 'node-1' }),
    ...scraped(text(15, 3), { job: 'egress-collector', node: 'node-2' }),
  };
}

const SERIES: Record<string, string> = {
  ...collectors(),
  ...falcos(),
  ...scraped(sidekick, { job: 'egress-sidekick', pod: 'sidekick-1' }),
  ...scraped('falcosecurity_falcosidekick_outputs_total{destination="slack",status="error"} 6', {
    ...{ job: 'egress-sidekick', pod: 'sidekick-1' },
  }),
  // Two replicas see the same quarantines.
  ...scraped(responder(), { job: 'egress-responder', pod: 'responder-1' }),
  ...scraped(responder(), { job: 'egress-responder', pod: 'responder-2' }),
  'up{job="egress-falco",node="node-1"}': gauge(1),
  'up{job="egress-falco",node="node-2"}': gauge(1),
  'up{job="egress-falco",node="node-3"}': gauge(0),
  'kube_node_info{node="node-1",os_image="Flatcar"}': gauge(1),
  'kube_node_info{node="node-2",os_image="Flatcar"}': gauge(1),
  'kube_node_info{node="node-3",os_image="Ubuntu"}': gauge(1),
  'kube_node_info{node="node-4",os_image="Windows Server"}': gauge(1),
  'kube_namespace_labels{namespace="payments",label_network="green"}': gauge(1),
  'kube_namespace_labels{namespace="shop"}': gauge(1),
  'ALERTS{alertname="FalcoEgressAlertsDropped",alertstate="firing",severity="critical",node="node-2"}':
    gauge(1),
  'ALERTS{alertname="FalcoEgressEventsDropped",alertstate="pending",node="node-2"}': gauge(1),
  'ALERTS{alertname="Another",alertstate="firing"}': gauge(1),
};

type Row = readonly [labels: string, value: number];

/** The rows of each panel, each query of it after the other. A counter that grows by 60 a minute has a rate of 1. */
const ROWS: Readonly<Record<string, readonly (readonly Row[])[]>> = {
  'connections: Exempt namespaces': [[['{namespace="payments",label_network="green"}', 1]]],
  'operations: Nodes with a Falco': [[['{}', 2 / 3]]],
  'operations: System calls lost': [[['{}', 60 / 12_000]]],
  'operations: Quarantined Pods': [[['{}', 4]]],
  'operations: Of these not contained': [[['{}', 2]]],
  'operations: Alerts that fire': [
    [['{alertname="FalcoEgressAlertsDropped",severity="critical",node="node-2"}', 1]],
  ],
  'operations: System calls lost by node': [
    [
      ['{node="node-1"}', 0],
      ['{node="node-2"}', 1],
    ],
  ],
  'operations: Alerts thrown away': [
    [
      ['{node="node-1"}', 0],
      ['{node="node-2"}', 3 / 60],
    ],
  ],
  'operations: Alerts by rule': [
    [
      ['{rule_name="Canary connection"}', 1 / 60],
      ['{rule_name="Outbound"}', 1],
    ],
  ],
  'operations: Nodes with a canary': [[['{}', 1 / 3]]],
  'operations: Canaries by node': [[['{node="node-1"}', 1]]],
  'operations: Rules that are loaded': [
    [
      ['{file_name="10-egress.yaml",sha256="aa"}', 1],
      ['{file_name="10-egress.yaml",sha256="bb"}', 1],
    ],
  ],
  'operations: Last reload': [
    [
      ['{node="node-1"}', 1_764_518_400_000],
      ['{node="node-2"}', 1_764_518_400_000],
    ],
  ],
  'operations: CPU': [
    [
      ['{node="node-1"}', 0],
      ['{node="node-2"}', 0.25],
    ],
  ],
  'operations: Memory': [
    [
      ['{node="node-1"}', 104_857_600],
      ['{node="node-2"}', 104_857_600],
    ],
  ],
  // Recorded with 81 alerts that were taken, 25 that were refused, and five outputs.
  'operations: From Falco to falcosidekick': [[['{}', 1 + 1 / 60]], [['{}', 81 / 60]]],
  'operations: Sent on': [
    ['alertmanager', 'loki', 'slack', 'talon', 'webhook'].map((name): Row => [
      `{destination="${name}"}`,
      81 / 60,
    ]),
  ],
  'operations: Lost at an output': [[['{destination="slack"}', 6 / 60]]],
  'operations: From Falco to the collector': [[['{}', 1 + 1 / 60]], [['{}', 45 / 60]]],
  'operations: Sent': [
    [
      ['{exporter="otlp_http/loki"}', 12 / 60],
      ['{exporter="otlp_http"}', 45 / 60],
    ],
  ],
  'operations: Queue of the collector': [[['{exporter="otlp_http/loki"}', 0.3]]],
  'operations: Refused': [[['{receiver="file_log/records"}', 0]]],
  'operations: Dropped': [[['{exporter="otlp_http/loki"}', 3 / 60]]],
  'operations: Quarantined Pods by verdict': [
    [
      ['{verdict="contained"}', 2],
      ['{verdict="partial"}', 1],
      ['{verdict="not-contained"}', 1],
    ],
  ],
  'operations: Alerts': [
    [
      ['{way="logs",outcome="quarantined"}', 2 / 60],
      ['{way="alerts",outcome="unmatched"}', 2 / 60],
    ],
  ],
  'operations: Reports': [[['{reason="Quarantined"}', 2 / 60]]],
  'operations: Alert to containment': [[['{}', 0.02125]], [['{}', 0.4925]]],
  'operations: System call to alert': [[['{}', 0.2125]], [['{}', 4.925]]],
  'operations: Queue': [
    [
      ['{pod="responder-1"}', 1.5],
      ['{pod="responder-2"}', 1.5],
    ],
  ],
  'operations: Calls to the API server': [
    [
      ['{outcome="2xx"}', 2 / 60],
      ['{outcome="none"}', 2 / 60],
    ],
  ],
  'operations: Silence of the API server': [
    [
      ['{pod="responder-1"}', 2.5],
      ['{pod="responder-2"}', 2.5],
    ],
  ],
};

let promtool: Promtool;
let folder: string;

beforeAll(() => {
  promtool = buildPromtool();
  folder = mkdtempSync(join(tmpdir(), 'falco-egress-dashboards-'));
}, 1_200_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('each query gives the rows of what Prometheus has', () => {
  const queries = dashboardQueries('prometheus');
  const left = new Map(Object.entries(ROWS).map(([panel, rows]) => [panel, [...rows]]));
  const without: string[] = [];
  const tests = queries.map(({ place, expr }) => {
    const panel = place.replace('falco-egress-', '');
    const expected = left.get(panel)?.shift() ?? [];
    if (expected.length === 0) without.push(`${panel}: ${expr}`);
    return {
      expr: expr.replaceAll('$installation', 'egress'),
      eval_time: `${MINUTES}m`,
      exp_samples: expected.map(([labels, value]) => ({ labels, value })),
    };
  });
  // One of which no row is expected could be wrong in any way.
  expect(without).toEqual([]);
  expect([...left].filter(([, rows]) => rows.length > 0)).toEqual([]);
  const file = join(folder, 'dashboards.yaml');
  const input = Object.entries(SERIES).map(([series, values]) => ({ series, values }));
  const run = { interval: '1m', input_series: input, promql_expr_test: tests };
  writeFileSync(file, JSON.stringify({ fuzzy_compare: true, evaluation_interval: '1m', tests: [run] }));
  expect(promtool.wrong(folder, 'test', 'rules', file)).toBe('');
});
