import { resolve } from 'node:path';
import { readFileSync } from 'node:fs';
import { loadEnvironment } from '../../lib/synth/environment';
import { CONTEXTS } from '../helm/contexts';
import { together } from '../helm/leaves';
import { startControlPlane, type ControlPlane } from './control-plane';
import { installCrds } from './crds';
import { documentedCommands, inShell } from './documented-commands';
import { HELMS, helmPrograms, helmTemplate } from './helm';
import { changedBetween, HelmRelease, isKept, ownedObjects, wanted, writings } from './helm-release';
import { describeObject } from './manifest-files';
import { dryRunPods } from './manifests';
import type { PodManifest } from './pod-templates';

/*
 * The life of a release on a real API server. No Node is there, so no Pod runs, and the Secrets that a Job would make are
 * made by the tests.
 */

/** What the API server takes of one Secret. */
const SECRET_LIMIT = 2 ** 20;

/** Text of the size and kind of large rules files. */
const RECORDED = resolve(__dirname, '../fixtures/falco/conditions.jsonl');

const rule = (output: string) => ({
  rule: 'Connection to a bank',
  desc: 'A Pod connects to a bank',
  condition: 'evt.type = connect and fd.sip = 192.0.2.1',
  output,
  priority: 'WARNING',
});

/** An environment as a platform team has it, with rules of its own. */
const production = together(
  loadEnvironment(resolve(__dirname, '../../environments/production.yaml')).settings,
  {
    rules: [rule('connected')],
    rulesPackages: { team: { '60-team.yaml': JSON.stringify([rule('a bank')]) } },
  },
);

describe.each(HELMS)('%s', (helm) => {
  let program: string;
  let plane: ControlPlane;

  beforeAll(async () => {
    program = (await helmPrograms()).get(helm) ?? helm;
    plane = await startControlPlane();
    await installCrds(plane, ['cert-manager', 'external-secrets', 'openshift-scc', 'prometheus-operator']);
    for (const namespace of ['cert-manager', 'releases'])
      await plane.kubectl(['create', 'namespace', namespace]);
  }, 1_200_000);

  /** Removes what a release leaves. */
  const clear = async () => {
    const left = ['falco', 'falco-egress', 'payments', 'shared', 'theirs', 'theirs-node'];
    await plane.kubectl(['delete', 'namespace', '--ignore-not-found', ...left]);
  };

  afterEach(clear, 120_000);

  afterAll(async () => {
    await plane.stop();
  });

  const names = async () => (await ownedObjects(plane)).map(describeObject);

  test('installs by default, changes what is changed, rolls back, and leaves what is not its own to delete', async () => {
    const release = new HelmRelease(plane, helm, program, 'egress', 'releases');
    const values = {
      sidekickUi: { store: { persistent: true } },
      rules: [rule('connected')],
      monitoring: { rules: { form: 'prometheusRule' } },
    };
    await release.install(values);
    const installed = await ownedObjects(plane);
    expect(installed.map(describeObject)).toEqual(
      (await helmTemplate(program, values)).map((object) => describeObject(object as never)).sort(),
    );
    const before = await writings(plane);

    await release.upgrade(values);
    expect(changedBetween(before, await writings(plane))).toEqual([]);

    await release.upgrade({ ...values, rules: [rule('connected to a bank')] });
    expect(changedBetween(before, await writings(plane))).toEqual([
      'ConfigMap falco/falco-egress-rules-custom',
      // The digest that is expected.
      'PrometheusRule falco-egress/falco-egress-monitoring',
    ]);

    await release.upgrade({ ...values, sidekickUi: { enabled: false }, collector: { enabled: true } });
    const other = await names();
    expect(other.filter((name) => name.includes('sidekick-ui'))).toEqual([
      'PersistentVolumeClaim falco-egress/falco-egress-sidekick-ui-store',
    ]);
    expect(other).toContain('DaemonSet falco/falco-egress-collector');

    await release.rollback(1);
    expect(wanted(await ownedObjects(plane))).toEqual(wanted(installed));

    await plane.kubectl(['create', 'secret', 'generic', 'falco-egress-sidekick-ui', '-n', 'falco-egress']);
    await release.uninstall();
    expect(await names()).toEqual([
      'Namespace falco',
      'Namespace falco-egress',
      'PersistentVolumeClaim falco-egress/falco-egress-sidekick-ui-store',
    ]);
    const left = await plane.kubectl(['get', 'secrets', '-n', 'falco-egress', '-o', 'name']);
    expect(left.stdout.trim()).toBe('secret/falco-egress-sidekick-ui');

    await release.install(values);
    expect(wanted(await ownedObjects(plane))).toEqual(wanted(installed));
    await release.uninstall();
  }, 300_000);

  test('installs on a fresh cluster by the commands of the documents, to the letter', async () => {
    const [commands = [], others] = ['docs/helm.md', 'charts/falco-egress/README.md'].map((file) =>
      // Nothing answers `helm test` here.
      documentedCommands(file).filter((line) => !/^helm (test|uninstall)/.test(line)),
    );
    expect(others).toEqual(commands);
    expect(commands.join()).toContain('helm install');
    await inShell(commands, { helm: program, plane });
    expect(await names()).toEqual(
      (await helmTemplate(program, {})).map((object) => describeObject(object as never)).sort(),
    );
    await inShell(['helm uninstall falco-egress --namespace falco-egress'], { helm: program, plane });
  }, 120_000);

  test('installs an environment of production, and changes nothing the second time', async () => {
    const release = new HelmRelease(plane, helm, program, 'egress', 'releases');
    await release.install(production);
    const before = await writings(plane);
    expect([...before.keys()]).toContain('Certificate falco/falco-egress-falco-tls');
    await release.upgrade(production);
    expect(changedBetween(before, await writings(plane))).toEqual([]);
    await release.uninstall();
    expect((await ownedObjects(plane)).every(isKept)).toBe(true);
  }, 300_000);

  /** Everything that can be on at once, and rules of twice the length of Falco's own. */
  const BIG = together(CONTEXTS['everything'] ?? {}, CONTEXTS['authority'] ?? {}, {
    platform: 'openshift',
    namespaceLabels: { payments: { network: 'green' } },
    rulesPackages: { big: { '60-big.yaml': readFileSync(RECORDED, 'utf8') } },
  });

  test('keeps its record of a release well within a Secret', async () => {
    const sizes: Record<string, number> = {};
    for (const [name, values] of Object.entries({ defaults: {}, production, big: BIG })) {
      const release = new HelmRelease(plane, helm, program, name, 'releases');
      await release.install(values, '--take-ownership');
      sizes[name] = await release.recordSize(1);
      await release.uninstall();
      // It is kept, and can't become smaller.
      await plane.kubectl(['delete', 'pvc', '--all', '-n', 'falco-egress']);
    }
    console.log(`${helm}: bytes of the Secret of a release: ${JSON.stringify(sizes)}`);
    expect(Object.entries(sizes).filter(([, bytes]) => bytes >= SECRET_LIMIT)).toEqual([]);
    expect(sizes['big']).toBeGreaterThan(sizes['defaults'] ?? Infinity);
  }, 300_000);

  test('takes over namespaces that are there only when told to, and leaves them', async () => {
    const values = { namespaceLabels: { payments: { network: 'green' } } };
    for (const namespace of ['payments', 'shared']) await plane.kubectl(['create', 'namespace', namespace]);
    await plane.kubectl(['label', 'namespace', 'payments', 'team=payments']);
    const own = { ...values, namespaces: { services: 'shared' } };
    const release = new HelmRelease(plane, helm, program, 'existing', 'shared');

    const before = await names();
    await expect(release.install(own)).rejects.toThrow(
      /exists and cannot be imported into the current release/,
    );
    expect(await names()).toEqual(before);

    await release.install(own, '--take-ownership');
    expect(await labelsOf('payments')).toMatchObject({ team: 'payments', network: 'green' });
    expect(await labelsOf('shared')).toMatchObject({
      network: 'green',
      'pod-security.kubernetes.io/enforce': 'restricted',
    });

    await release.upgrade({ namespaces: { services: 'shared' } });
    await release.uninstall();
    expect(await labelsOf('payments')).toMatchObject({ team: 'payments' });
    expect(await labelsOf('shared')).toMatchObject({ network: 'green' });
  }, 300_000);

  test('goes into namespaces that somebody else keeps', async () => {
    for (const namespace of ['theirs-node', 'theirs'])
      await plane.kubectl(['create', 'namespace', namespace]);
    const before = await labelsOf('theirs');
    const release = new HelmRelease(plane, helm, program, 'guest', 'theirs');
    await release.install({
      name: 'guest',
      namespaces: { create: false, node: 'theirs-node', services: 'theirs' },
    });
    expect((await names()).filter((name) => name.includes('theirs-node/'))).toContain(
      'DaemonSet theirs-node/guest-falco',
    );
    expect(await labelsOf('theirs')).toEqual(before);
    await release.uninstall();
    expect((await names()).filter((name) => name.includes('theirs'))).toEqual([]);
    expect(await labelsOf('theirs')).toEqual(before);
  }, 300_000);

  test.each(Object.entries({ defaults: together(), production }))(
    'tests a release by Pods that Pod Security takes: %s',
    async (_name, values) => {
      const restricted = ['enforce', 'warn'].map((mode) => `pod-security.kubernetes.io/${mode}=restricted`);
      await plane.kubectl(['create', 'namespace', 'shared']);
      await plane.kubectl(['label', 'namespace', 'shared', ...restricted]);
      await plane.kubectl([
        'wait',
        '--for=create',
        'serviceaccount/default',
        '-n',
        'shared',
        '--timeout=60s',
      ]);
      const hooks = (await helmTemplate(program, values, [])).filter(
        ({ metadata }) => metadata.annotations?.['helm.sh/hook'] === 'test',
      );
      const pods = hooks.filter(({ kind }) => kind === 'Pod');
      expect(pods.map(({ metadata }) => metadata.name)).toContain('falco-egress-test-rules');
      const shared = pods.map((pod) => ({ ...pod, metadata: { ...pod.metadata, namespace: 'shared' } }));
      expect(await dryRunPods(plane, shared as unknown as PodManifest[])).toEqual(
        pods.map(() => ({ admitted: true, warnings: [], error: '' })),
      );
      const policies = hooks.filter(({ kind }) => kind === 'NetworkPolicy');
      for (const policy of policies) {
        const metadata = { ...policy.metadata, namespace: 'shared' };
        const input = JSON.stringify({ ...policy, metadata });
        const args = ['create', '--dry-run=server', '--validate=strict', '-f', '-'];
        expect(await plane.kubectl(args, { input })).toMatchObject({ code: 0, stderr: '' });
      }
      expect(hooks).toHaveLength(pods.length + policies.length);
    },
    60_000,
  );

  async function labelsOf(namespace: string): Promise<unknown> {
    const { stdout } = await plane.kubectl(['get', 'namespace', namespace, '-o', 'json']);
    return (JSON.parse(stdout) as { metadata: { labels: unknown } }).metadata.labels;
  }
});
