import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { CANARY_RULE } from '../../names';
import { READ_FOR_LOKI } from '../alerts/collector';
import { FALCO, job, line, panel, rate } from './operations-parts';
import { type Dashboard, lines, LOKI } from './parts';

const COLLECTOR = job('collector');

/** What the collector reads, sends and loses, and what Loki has heard of. */
export function withCollector(all: Dashboard): Dashboard {
  const records = (metric: string): string => rate(`otelcol_${metric}_log_records`, COLLECTOR);
  return all
    .withRow(new RowBuilder('Collector: from Falco to Loki and the responder'))
    .withPanel(
      lines(
        panel(
          'From Falco to the collector',
          'What is read for Loki: the two lines should lie on each other.',
          8,
          'ops',
        ),
        line(`sum(${rate('falcosecurity_falco_rules_matches_total', FALCO)})`, 'raised by Falco'),
        line(
          `sum(${rate('otelcol_receiver_accepted_log_records', `${COLLECTOR},${READ_FOR_LOKI}`)})`,
          'read by the collector',
        ),
      ),
    )
    .withPanel(
      lines(
        panel('Sent', 'By where to; a line of the record stands for several alerts in Loki.', 8, 'ops'),
        line(`sum by (exporter) (${records('exporter_sent')})`, '{{exporter}}'),
      ),
    )
    .withPanel(
      lines(
        panel(
          'Queue of the collector',
          'The fullest of all nodes; a full one makes the collector read no further.',
          8,
          'percentunit',
        ),
        line(
          `max by (exporter) (otelcol_exporter_queue_size{${COLLECTOR}} / otelcol_exporter_queue_capacity{${COLLECTOR}})`,
          '{{exporter}}',
        ),
      ),
    )
    .withPanel(
      lines(
        panel('Refused', 'Read and not taken by the queue: it comes again.', 8, 'ops'),
        line(`sum by (receiver) (${records('receiver_refused')})`, '{{receiver}}'),
      ),
    )
    .withPanel(
      lines(
        panel('Dropped', 'Refused for good by Loki or the responder: lost there.', 8, 'ops'),
        line(`sum by (exporter) (${records('exporter_send_failed')})`, '{{exporter}}'),
      ),
    )
    .withPanel(
      lines(
        {
          title: 'Canaries that Loki has',
          description:
            'Of each node, one a minute: what an answer about that minute counts on. All clusters of this Loki.',
          source: LOKI,
          width: 8,
        },
        {
          expr: `sum by (cluster, hostname) (count_over_time({rule="${CANARY_RULE}"}[5m])) / 5`,
          legend: '{{cluster}} {{hostname}}',
        },
      ),
    );
}
