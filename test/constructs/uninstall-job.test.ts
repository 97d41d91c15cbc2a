import { App, Chart } from 'cdk8s';
import { UninstallJob } from '../../lib/constructs/uninstall-job';
import { NAME_LENGTH } from '../../lib/settings/checks/names';
import type { FalcoEgressProps } from '../../lib/settings/settings';
import type { KubeObject } from '../constructs';
import { FAKE_PROGRAM } from './fake-program';

const OBSERVE = [{ match: 'rule = "x"', action: 'quarantine' }] as const;

function objects(props: Partial<FalcoEgressProps> = {}): KubeObject[] {
  const chart = new Chart(new App(), 'test');
  new UninstallJob(chart, 'uninstall', {
    ...{ cluster: 'test', responses: OBSERVE, program: FAKE_PROGRAM, ...props },
  });
  return chart.toJson() as KubeObject[];
}

const titles = (found: readonly KubeObject[]) =>
  found.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();

const job = (props: Partial<FalcoEgressProps> = {}) => {
  const found = objects(props).find(({ kind }) => kind === 'Job');
  return JSON.stringify(found);
};

it('is there where something may be held', () => {
  expect(objects({ responses: [] })).toEqual([]);
  expect(objects({ responder: { enabled: false }, responses: [] })).toEqual([]);
  expect(titles(objects())).toEqual([
    'ClusterRole falco-egress-uninstall-report',
    'ClusterRoleBinding falco-egress-uninstall-report',
    'Job falco-egress-uninstall',
    'NetworkPolicy falco-egress-uninstall',
    'NetworkPolicy falco-egress-uninstall-sidekick',
    'ServiceAccount falco-egress-uninstall',
  ]);
});

it('has the rights to release only where it is told to', () => {
  const release = objects({ responder: { uninstall: 'release' } });
  const more = titles(release).filter((title) => !titles(objects()).includes(title));
  expect(more).toEqual([
    'ClusterRole falco-egress-uninstall-release',
    'ClusterRoleBinding falco-egress-uninstall-release',
    'Role falco-egress-uninstall-release',
    'RoleBinding falco-egress-uninstall-release',
  ]);
  expect(job()).toContain('["uninstall","--mode","report",');
  expect(job({ responder: { uninstall: 'release' } })).toContain('["uninstall","--mode","release",');
});

it('makes nothing but hooks of an uninstallation, the Job last, and leaves no right behind', () => {
  for (const { kind, metadata } of objects({ responder: { uninstall: 'release' } })) {
    const annotations = metadata.annotations ?? {};
    expect(annotations['helm.sh/hook']).toBe('pre-delete');
    expect(annotations['helm.sh/hook-weight']).toBe(kind === 'Job' ? '0' : '-10');
    expect(annotations['helm.sh/hook-delete-policy']).toBe(
      `before-hook-creation,hook-succeeded${kind === 'Job' ? '' : ',hook-failed'}`,
    );
    expect(Object.keys(annotations).filter((key) => key.startsWith('argocd.argoproj.io/hook'))).toEqual([]);
  }
});

it('ends before Helm stops waiting, whatever the responder has beside it', () => {
  const found = objects({ responder: { sidecars: [{ name: 'side', image: 'side:1' }] } });
  expect(found.find(({ kind }) => kind === 'Job')).toMatchObject({
    spec: { backoffLimit: 2, activeDeadlineSeconds: 240, template: { spec: { restartPolicy: 'Never' } } },
  });
  expect(JSON.stringify(found)).not.toContain('side:1');
});

it('shows falcosidekick the responder’s certificate, without which it runs all the same', () => {
  expect(job()).not.toContain('tls');
  expect(job({ tls: { issuer: 'certManager' } })).toContain(
    '{"name":"tls","secret":{"defaultMode":288,"optional":true,"secretName":"falco-egress-responder-tls"}}',
  );
});

it('has no policy where none is wanted, and none for a falcosidekick that isn’t there', () => {
  const policies = (props: Partial<FalcoEgressProps>) =>
    objects(props)
      .filter(({ kind }) => kind === 'NetworkPolicy')
      .map(({ metadata }) => metadata.name);
  expect(policies({ networkPolicies: { enabled: false } })).toEqual([]);
  const collected = { collector: { enabled: true }, sidekickUi: { enabled: false } };
  expect(policies({ ...collected, sidekick: { enabled: false } })).toEqual(['falco-egress-uninstall']);
});

it('has names that fit with the longest prefix', () => {
  for (const { metadata } of objects({ name: 'a'.repeat(NAME_LENGTH), responder: { uninstall: 'release' } }))
    expect(metadata.name.length).toBeLessThanOrEqual(63);
});
