import { Dashboards } from '../../lib/constructs/dashboards';
import { DASHBOARDS } from '../../lib/observability/generated/dashboards';
import { generateDashboards } from '../../tools/generate/dashboards';
import type { DashboardsSettings } from '../../lib/settings/monitoring';
import { synthesize } from '../constructs';

const made = (dashboards: DashboardsSettings) =>
  synthesize(
    (scope) => new Dashboards(scope, 'test', { cluster: 'c', name: 'fe', monitoring: { dashboards } }),
  );

test('a ConfigMap each, as the sidecar finds them, with the dashboard byte for byte', () => {
  const objects = made({
    enabled: true,
    labels: { team: 'net' },
    annotations: { grafana_folder: 'Security' },
  });
  expect(objects.map(({ metadata, data }) => [metadata.name, data])).toEqual([
    ['fe-monitoring-connections', { 'falco-egress-connections.json': DASHBOARDS.connections }],
    ['fe-monitoring-operations', { 'falco-egress-operations.json': DASHBOARDS.operations }],
  ]);
  for (const { metadata } of objects) {
    expect(metadata.labels).toMatchObject({ grafana_dashboard: '1', team: 'net' });
    expect(metadata.annotations).toMatchObject({ grafana_folder: 'Security' });
  }
});

test('none unless they are asked for', () => {
  expect(made({})).toEqual([]);
});

test('what is committed is what the code makes', () => {
  for (const text of Object.values(DASHBOARDS))
    expect(generateDashboards().text).toContain(JSON.stringify(text));
});
