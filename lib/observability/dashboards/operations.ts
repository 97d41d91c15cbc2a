import { QueryVariableBuilder, RowBuilder, VariableRefresh } from '@grafana/grafana-foundation-sdk/dashboard';
import { CANARY_RULE } from '../../names';
import { withCollector } from './operations-collector';
import { FALCO, job, line, panel, rate } from './operations-parts';
import { type Dashboard, dashboard, lines, number, PROMETHEUS, rows } from './parts';

const SIDEKICK = job('sidekick');
const RESPONDER = job('responder');

/** By which an installation is known: what of it is there. */
const COMPONENTS = 'falco|sidekick|collector|responder|loki';

/** How often Falco saw the connection that each node makes every minute. */
const CANARY = `falcosecurity_falco_rules_matches_total{${FALCO},rule_name="${CANARY_RULE}"}`;

const quantile = (share: number, metric: string) =>
  line(
    `histogram_quantile(${share}, sum by (le) (${rate(`${metric}_bucket`, RESPONDER)}))`,
    `p${share * 100}`,
  );

/** Whether the stack itself does its work: coverage, losses, rules, outputs, responses. */
export function operationsDashboard(): Dashboard {
  const all = dashboard(
    'falco-egress-operations',
    'Falco egress: operations',
    'Whether Falco sees, falcosidekick sends and the responder acts. The alerts are told in docs/monitoring.md.',
  )
    .time({ from: 'now-24h', to: 'now' })
    .refresh('1m')
    .withVariable(
      new QueryVariableBuilder('installation')
        .label('Installation')
        .query(`label_values(up{job=~".+-(${COMPONENTS})"}, job)`)
        .regex(`/^(.*)-(?:${COMPONENTS})$/`)
        .datasource(PROMETHEUS)
        .refresh(VariableRefresh.OnTimeRangeChanged),
    );
  return withResponder(withCollector(withSidekick(withFalco(withOverview(all)))));
}

function withOverview(all: Dashboard): Dashboard {
  return all
    .withPanel(
      number(
        panel('Nodes with a Falco', 'Of the Linux nodes; the rest is not watched.', 6, 'percentunit'),
        `count(up{${FALCO}} == 1) / count(kube_node_info{os_image!~"Windows.*"})`,
      ),
    )
    .withPanel(
      number(
        panel('System calls lost', 'By Falco, in the last hour.', 6, 'percentunit'),
        `sum(rate(falcosecurity_scap_n_drops_total{${FALCO}}[1h])) / sum(rate(falcosecurity_scap_n_evts_total{${FALCO}}[1h]))`,
      ),
    )
    .withPanel(
      number(
        panel('Quarantined Pods', 'As the responder sees them.', 6),
        `sum(max by (verdict) (falco_egress_responder_quarantined_pods{${RESPONDER}}))`,
      ),
    )
    .withPanel(
      number(
        panel('Of these not contained', 'Another policy lets them out.', 6),
        `sum(max by (verdict) (falco_egress_responder_quarantined_pods{${RESPONDER},verdict!="contained"}))`,
      ),
    )
    .withPanel(
      rows(
        panel('Alerts that fire', 'Each has a page in docs/runbooks.', 24),
        'max by (alertname, severity, cluster, node, component, destination, file) (ALERTS{alertname=~"FalcoEgress.+",alertstate="firing"})',
        'fires',
      ),
    );
}

function withFalco(all: Dashboard): Dashboard {
  return all
    .withRow(new RowBuilder('Falco'))
    .withPanel(
      lines(
        panel('System calls lost by node', 'The ring buffer was full: Falco gets too little CPU.', 8, 'ops'),
        line(`sum by (node) (${rate('falcosecurity_scap_n_drops_total', FALCO)})`, '{{node}}'),
      ),
    )
    .withPanel(
      lines(
        panel('Alerts thrown away', 'The queue of Falco was full.', 8, 'ops'),
        line(
          `sum by (node) (${rate('falcosecurity_falco_outputs_queue_num_drops_total', FALCO)})`,
          '{{node}}',
        ),
      ),
    )
    .withPanel(
      lines(
        panel('Alerts by rule', 'As Falco counts them, before they are sent.', 8, 'ops'),
        line(
          `sum by (rule_name) (${rate('falcosecurity_falco_rules_matches_total', FALCO)})`,
          '{{rule_name}}',
        ),
      ),
    )
    .withPanel(
      rows(
        panel(
          'Rules that are loaded',
          'By file and digest: more than one digest of a file means that nodes differ. What was synthesized stands in the annotation sha256.falco-egress.io of the ConfigMaps; the alert FalcoEgressRulesDiffer compares them.',
          12,
        ),
        `count by (file_name, sha256) (falcosecurity_falco_sha256_rules_files_info{${FALCO}})`,
        'nodes',
      ),
    )
    .withPanel(
      rows(
        panel(
          'Last reload',
          'When Falco took its rules and configuration; while it does, it sees nothing.',
          12,
          'dateTimeFromNow',
        ),
        `max by (node) (falcosecurity_falco_reload_timestamp_nanoseconds{${FALCO}}) / 1e6`,
        'reloaded',
      ),
    )
    .withPanel(
      lines(
        panel('CPU', 'Of one core.', 12, 'percentunit'),
        line(`max by (node) (falcosecurity_falco_cpu_usage_ratio{${FALCO}})`, '{{node}}'),
      ),
    )
    .withPanel(
      lines(
        panel('Memory', 'Resident.', 12, 'bytes'),
        line(`max by (node) (falcosecurity_falco_memory_rss_bytes{${FALCO}})`, '{{node}}'),
      ),
    )
    .withPanel(
      number(
        panel(
          'Nodes with a canary',
          'Of the Linux nodes, in the last five minutes; there are none unless collector.canary.enabled.',
          8,
          'percentunit',
        ),
        `count(sum by (node) (increase(${CANARY}[5m])) > 0) / count(kube_node_info{os_image!~"Windows.*"})`,
      ),
    )
    .withPanel(
      lines(
        panel('Canaries by node', 'One a minute; while there is none, nothing is known of the node.', 16),
        line(`sum by (node) (increase(${CANARY}[5m])) / 5`, '{{node}}'),
      ),
    );
}

function withSidekick(all: Dashboard): Dashboard {
  return all
    .withRow(new RowBuilder('falcosidekick'))
    .withPanel(
      lines(
        panel('From Falco to falcosidekick', 'The two lines should lie on each other.', 8, 'ops'),
        line(`sum(${rate('falcosecurity_falco_rules_matches_total', FALCO)})`, 'raised by Falco'),
        line(
          `sum(${rate('falcosecurity_falcosidekick_inputs_total', `${SIDEKICK},status="accepted"`)})`,
          'taken by falcosidekick',
        ),
      ),
    )
    .withPanel(
      lines(
        panel('Sent on', 'By output.', 8, 'ops'),
        line(
          `sum by (destination) (${rate('falcosecurity_falcosidekick_outputs_total', `${SIDEKICK},status="ok"`)})`,
          '{{destination}}',
        ),
      ),
    )
    .withPanel(
      lines(
        panel('Lost at an output', 'falcosidekick sends an alert once.', 8, 'ops'),
        line(
          `sum by (destination) (${rate('falcosecurity_falcosidekick_outputs_total', `${SIDEKICK},status="error"`)})`,
          '{{destination}}',
        ),
      ),
    );
}

function withResponder(all: Dashboard): Dashboard {
  return all
    .withRow(new RowBuilder('Responder'))
    .withPanel(
      lines(
        panel('Quarantined Pods by verdict', 'Of the policies that select them.', 8),
        line(`max by (verdict) (falco_egress_responder_quarantined_pods{${RESPONDER}})`, '{{verdict}}'),
      ),
    )
    .withPanel(
      lines(
        panel('Alerts', 'By way in and outcome.', 8, 'ops'),
        line(
          `sum by (way, outcome) (${rate('falco_egress_responder_alerts_total', RESPONDER)})`,
          '{{way}}: {{outcome}}',
        ),
      ),
    )
    .withPanel(
      lines(
        panel('Reports', 'What people were told of.', 8, 'ops'),
        line(`sum by (reason) (${rate('falco_egress_responder_reports_total', RESPONDER)})`, '{{reason}}'),
      ),
    )
    .withPanel(
      lines(
        panel('Alert to containment', 'From the arrival of an alert until its Pod is contained.', 8, 's'),
        ...[0.5, 0.99].map((share) => quantile(share, 'falco_egress_responder_containment_seconds')),
      ),
    )
    .withPanel(
      lines(
        panel('System call to alert', 'How old alerts are when they arrive.', 8, 's'),
        ...[0.5, 0.99].map((share) => quantile(share, 'falco_egress_responder_alert_age_seconds')),
      ),
    )
    .withPanel(
      lines(
        panel('Queue', 'How long the oldest Pod has waited.', 8, 's'),
        line(`max by (pod) (falco_egress_responder_queue_oldest_seconds{${RESPONDER}})`, '{{pod}}'),
      ),
    )
    .withPanel(
      lines(
        panel('Calls to the API server', 'By outcome.', 12, 'ops'),
        line(
          `sum by (outcome) (${rate('falco_egress_responder_api_calls_total', RESPONDER)})`,
          '{{outcome}}',
        ),
      ),
    )
    .withPanel(
      lines(
        panel('Silence of the API server', 'How long ago the quietest watch heard of it.', 12, 's'),
        line(`max by (pod) (falco_egress_responder_watch_age_seconds{${RESPONDER}})`, '{{pod}}'),
      ),
    );
}
