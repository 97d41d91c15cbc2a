import { Construct } from 'constructs';
import { objectName, selectorLabels, type Component } from '../names';
import { jobName } from '../observability/job';
import { all, either, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { usesTls } from './endpoints';
import { usesK8smeta } from './k8smeta-plugin';
import { metadata } from './metadata';
import { namespaced } from './object';

/** Settings that the PodMonitors read. */
export type PodMonitorsProps = Pick<
  FalcoEgressProps,
  | 'cluster'
  | 'name'
  | 'namespaces'
  | 'falco'
  | 'plugins'
  | 'sidekick'
  | 'collector'
  | 'responder'
  | 'loki'
  | 'grafana'
  | 'tls'
  | 'monitoring'
  | 'labels'
  | 'annotations'
>;

/**
 * PodMonitors of the Prometheus Operator: by them Prometheus finds the metrics of every part. They name the job and the
 * node, on which the alerting rules and the dashboards count.
 */
export class PodMonitors extends Construct {
  constructor(scope: Construct, id: string, props: PodMonitorsProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    const { falco, sidekick, collector, responder, loki, grafana, namespaces, monitoring } = settings;
    const { node, services } = namespaces;
    when(monitoring.podMonitors.enabled, () => {
      when(all(falco.install, falco.metrics), () => {
        this.add(settings, 'falco', node, 'web');
      });
      when(sidekick.enabled, () => {
        this.add(settings, 'sidekick', services, sidekickPort(settings));
      });
      when(responder.enabled, () => {
        this.add(settings, 'responder', services, 'metrics');
      });
      when(collector.enabled, () => {
        this.add(settings, 'collector', node, 'metrics');
      });
      when(usesK8smeta(settings), () => {
        this.add(settings, 'metacollector', services, 'metrics');
      });
      when(loki.enabled, () => {
        this.add(settings, 'loki', services, 'http');
      });
      when(grafana.enabled, () => {
        this.add(settings, 'grafana', services, 'http');
      });
    });
  }

  private add(settings: Settings, component: Component, namespace: string, port: string): void {
    const { labels, interval } = settings.monitoring.podMonitors;
    namespaced(this, component, {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PodMonitor',
      metadata: metadata(settings, 'monitoring', {
        name: objectName(settings.name, component),
        namespace,
        labels,
      }),
      spec: {
        selector: { matchLabels: selectorLabels(settings.name, component) },
        podMetricsEndpoints: [
          {
            port,
            path: '/metrics',
            interval,
            relabelings: [
              { action: 'replace', targetLabel: 'job', replacement: jobName(settings.name, component) },
              {
                action: 'replace',
                sourceLabels: ['__meta_kubernetes_pod_node_name'],
                targetLabel: 'node',
              },
            ],
          },
        ],
      },
    });
  }
}

/** The port that asks nobody for a certificate. */
function sidekickPort(settings: Settings): string {
  return either(
    usesTls(settings),
    () => 'plain',
    () => 'alerts',
  );
}
