import { all, given, matches, not, some, when } from '../decide';
import type { Findings } from '../finding';
import type { Settings } from '../settings';

/** The stack's own Loki and Grafana: somebody has to write to the one, and the other to have something to show. */
export function checkLokiAndGrafana({ loki, grafana, collector, sidekick }: Settings): Findings {
  const elsewhere = some(
    all(collector.enabled, given(collector.loki.url)),
    all(not(collector.enabled), given(sidekick.loki.url)),
  );
  return [
    when(all(loki.enabled, elsewhere), () => ({
      path: ['loki', 'enabled'],
      message: `nobody would write to this Loki: alerts go to the one that a url names; leave collector.loki.url and sidekick.loki.url empty, or set loki.enabled to false`,
    })),
    when(all(loki.enabled, not(collector.enabled), not(sidekick.enabled)), () => ({
      path: ['loki', 'enabled'],
      message: `nobody would write to this Loki; set collector.enabled to true`,
    })),
    when(
      all(grafana.enabled, not(some(loki.enabled, given(grafana.lokiUrl), given(grafana.prometheusUrl)))),
      () => ({
        path: ['grafana', 'enabled'],
        message: `there is nothing that it could show; set loki.enabled to true, or grafana.lokiUrl, or grafana.prometheusUrl`,
      }),
    ),
    ...(['lokiUrl', 'lokiTenant', 'prometheusUrl', 'prometheusTenant'] as const).map((key) =>
      // By `$__file{…}` it would even read a file.
      when(matches(grafana[key], /\$/), () => ({
        path: ['grafana', key],
        message: `holds '$', which Grafana would take for a variable; write it without`,
      })),
    ),
  ];
}
