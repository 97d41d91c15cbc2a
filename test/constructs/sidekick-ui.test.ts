import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SidekickUi, type SidekickUiProps } from '../../lib/constructs/sidekick-ui';
import { synthesize } from '../constructs';
import { component, find, kinds, mainContainer, policy, template, variables } from './find';

function ui(props: Omit<SidekickUiProps, 'cluster'> = {}) {
  return synthesize((scope) => new SidekickUi(scope, 'ui', { cluster: 'prod-eu-1', ...props }));
}

test('the UI', () => {
  expect(ui()).toMatchSnapshot();
});

test.each([{ sidekickUi: { enabled: false } }, { sidekick: { enabled: false } }])(
  'nothing with %j',
  (props) => {
    expect(ui(props)).toEqual([]);
  },
);

test('login and password come from Secrets, and alerts expire', () => {
  const container = mainContainer(
    ui({
      secrets: { sidekickUi: { name: 'login' }, sidekickUiStore: { name: 'redis' } },
      sidekickUi: { ttl: '30d' },
    }),
  );
  expect(variables(container)).toEqual({
    FALCOSIDEKICK_UI_USER: 'login/user',
    FALCOSIDEKICK_UI_REDIS_URL: 'falco-egress-sidekick-ui-store.falco-egress.svc:6379',
    FALCOSIDEKICK_UI_REDIS_PASSWORD: 'redis/password',
    FALCOSIDEKICK_UI_TTL: '30d',
    FALCOSIDEKICK_UI_LOGLEVEL: 'warning',
  });
  expect(container.args).toBeUndefined();
});

test('only falcosidekick can post to it, and it talks to its store alone', () => {
  const { ingress = [], egress = [] } = policy(ui());
  const from = ingress.flatMap((rule) => (rule as { from?: Parameters<typeof component>[0][] }).from ?? []);
  expect(ingress).toHaveLength(1);
  expect(ingress[0]?.ports).toEqual([{ port: 2802, protocol: 'TCP' }]);
  expect(from.map(component)).toEqual(['sidekick']);
  expect(egress.map(({ to }) => (to === undefined ? 'DNS' : component(to[0] ?? {})))).toEqual([
    'DNS',
    'sidekick-ui-store',
  ]);
});

test('it starts once the store answers, and starts again when the store has lost the index', () => {
  const { initContainers = [] } = template(ui()).spec;
  expect(initContainers.map(({ name }) => name)).toEqual(['wait-for-store']);
  expect(initContainers[0]?.command?.[2]).toContain('falco-egress-sidekick-ui-store.falco-egress.svc 6379');
  expect(initContainers[0]?.resources?.limits).toBeDefined();
  expect(mainContainer(ui()).livenessProbe?.exec?.command?.[2]).toContain('/api/v1/events/count');
});

test('the Service names the port of the container', () => {
  const objects = ui();
  const spec = find(objects, 'Service')['spec'] as { ports: object[] };
  expect(spec.ports).toEqual([{ name: 'http', port: 2802, targetPort: 'http' }]);
  expect(mainContainer(objects).ports).toEqual([{ name: 'http', containerPort: 2802, protocol: 'TCP' }]);
});

test('several replicas are kept apart', () => {
  expect(kinds(ui({ sidekickUi: { replicas: 2 } }))).toContain('PodDisruptionBudget');
  expect(kinds(ui())).not.toContain('PodDisruptionBudget');
});

test('the probe logs in with what the Secret holds, long or odd', () => {
  const bin = mkdtempSync(join(tmpdir(), 'wget-'));
  writeFileSync(join(bin, 'wget'), '#!/bin/sh\nfor argument; do echo "$argument"; done\n');
  chmodSync(join(bin, 'wget'), 0o755);
  const [shell = '', ...script] = mainContainer(ui()).livenessProbe?.exec?.command ?? [];
  const login = `admin:${'a$b "c" % '.repeat(12)}`;
  const { stdout } = spawnSync(shell, script, {
    encoding: 'utf8',
    env: { PATH: `${bin}:${process.env['PATH'] ?? ''}`, FALCOSIDEKICK_UI_USER: login },
  });
  expect(stdout).toContain(`\nAuthorization: Basic ${Buffer.from(login).toString('base64')}\n`);
  expect(stdout).toContain('\nhttp://127.0.0.1:2802/api/v1/events/count\n');
});
