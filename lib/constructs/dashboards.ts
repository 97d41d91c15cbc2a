import { Construct } from 'constructs';
import { objectName } from '../names';
import { DASHBOARDS } from '../observability/generated/dashboards';
import { some, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { metadata } from './metadata';
import { namespaced } from './object';

/** Settings that the dashboards read. */
export type DashboardsProps = Pick<
  FalcoEgressProps,
  'cluster' | 'name' | 'namespaces' | 'monitoring' | 'grafana' | 'labels' | 'annotations'
>;

/**
 * Dashboards of Grafana, a ConfigMap each, which the sidecar of Grafana's chart finds by a label: connections, out of Loki, and
 * the operation of the stack, out of Prometheus. They ask for their data sources, and know nothing of the settings. The stack's own Grafana has them
 * as files.
 */
export class Dashboards extends Construct {
  constructor(scope: Construct, id: string, props: DashboardsProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    when(some(settings.monitoring.dashboards.enabled, settings.grafana.enabled), () => {
      for (const [name, text] of Object.entries(DASHBOARDS)) this.add(settings, name, text);
    });
  }

  private add(settings: Settings, name: string, text: string): void {
    const { labels, annotations } = settings.monitoring.dashboards;
    namespaced(this, name, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata(settings, 'monitoring', {
        name: configMapOf(settings, name),
        namespace: settings.namespaces.services,
        labels: { grafana_dashboard: '1', ...labels },
        annotations,
      }),
      data: { [`falco-egress-${name}.json`]: text },
    });
  }
}

/** Names of the ConfigMaps. */
export function dashboardConfigMaps(settings: Settings): string[] {
  return Object.keys(DASHBOARDS).map((name) => configMapOf(settings, name));
}

function configMapOf(settings: Settings, dashboard: string): string {
  return `${objectName(settings.name, 'monitoring')}-${dashboard}`;
}
