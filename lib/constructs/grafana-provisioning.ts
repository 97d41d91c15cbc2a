import { all, given, not, present, when } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { ownLokiUrl } from './endpoints';

/** Where Grafana finds dashboards. */
export const DASHBOARDS_DIRECTORY = '/etc/falco-egress/dashboards';

/** Whether Grafana asks the stack's own Loki. */
export function grafanaUsesOwnLoki({ grafana, loki }: Settings): boolean {
  return all(grafana.enabled, loki.enabled, not(given(grafana.lokiUrl)));
}

/**
 * Data sources, in the form in which Grafana is provisioned with them. The dashboards choose theirs by variables of the types
 * `loki` and `prometheus`: the one of its type that there is.
 */
export function grafanaDataSources(settings: Settings): object {
  const { lokiUrl, prometheusUrl } = settings.grafana;
  return {
    apiVersion: 1,
    // What is no longer named goes, where somebody gave Grafana a disk.
    prune: true,
    datasources: present([
      when(grafanaUsesOwnLoki(settings), () => dataSource('loki', ownLokiUrl(settings))),
      when(given(lokiUrl), () => dataSource('loki', lokiUrl)),
      when(given(prometheusUrl), () => dataSource('prometheus', prometheusUrl)),
    ]),
  };
}

const NAMES = { loki: 'Loki', prometheus: 'Prometheus' } as const;

function dataSource(type: keyof typeof NAMES, url: string): object {
  return { name: NAMES[type], uid: `falco-egress-${type}`, type, access: 'proxy', url, editable: false };
}

/** Where Grafana's dashboards come from. */
export function grafanaDashboardProviders(): object {
  return {
    apiVersion: 1,
    providers: [
      {
        name: 'falco-egress',
        folder: 'Falco egress',
        type: 'file',
        disableDeletion: true,
        allowUiUpdates: false,
        updateIntervalSeconds: 60,
        options: { path: DASHBOARDS_DIRECTORY },
      },
    ],
  };
}
