import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';

import { rightsOf, type GrantedRight } from '../../../lib/constructs/rights';
import { denyPolicy, standingPolicy, type DenyTier } from '../../../lib/containment';
import { QUARANTINE_LABEL, QUARANTINE_POLICY } from '../../../lib/names';
import type { ResponseSettings } from '../../../lib/settings/responder';
import { installCalicoCrds } from '../calico-crds';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { waitUntil } from '../control-plane/wait';
import { installCrds } from '../crds';
import { apply, clusterOf, namespace, pod, until } from './cluster-under-test';
import { RecordingProxy, type Recorded } from './recording-proxy';
import { attributesOf } from './request-attributes';
import { accountObjects, deleteAccountRoles } from './responder-account';

jest.setTimeout(240_000);

const RUN = `rights-${randomBytes(4).toString('hex')}`;
const OURS = `${RUN}-ours`;
const SHOP = `${RUN}-shop`;
const TIERS: readonly DenyTier[] = ['ClusterNetworkPolicy', 'AdminNetworkPolicy', 'Cilium', 'Calico'];

const QUARANTINE = { match: 'rule = "x"', action: 'quarantine' } as const;
const EVERYTHING: readonly ResponseSettings[] = [
  { ...QUARANTINE, snapshot: true },
  { match: 'rule = "y"', action: 'evict' },
  { match: 'rule = "z"', action: 'delete' },
];

let plane: ControlPlane;
let recorded: readonly Recorded[];
const granted = rightsOf(roles('full', EVERYTHING, true));

/** The ServiceAccount of a responder with such responses, and what it may. */
function roles(name: string, responses: readonly ResponseSettings[], inventory = false) {
  return accountObjects({ name: `${RUN}-${name}`, namespace: OURS, responses, inventory });
}

async function tokenOf(name: string): Promise<string> {
  const { code, stdout, stderr } = await plane.kubectl(['create', 'token', name, '--namespace', OURS]);
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** Asks the API server as somebody. */
function ask(token: string, { method, path, headers, body }: Omit<Recorded, 'status'>): Promise<number> {
  return new Promise((resolve, reject) => {
    const type = headers['content-type'];
    const sent = request(
      new URL(path, plane.url),
      {
        method,
        ca: readFileSync(plane.caFile),
        agent: false,
        headers: { authorization: `Bearer ${token}`, ...(type && { 'content-type': type }) },
      },
      (answer) => {
        answer.destroy();
        resolve(answer.statusCode ?? 0);
      },
    );
    sent.on('error', reject).end(body);
  });
}

const each = (rights: readonly GrantedRight[]): string[] =>
  rights.flatMap(({ apiGroups = [''], resources, nonResourceURLs = [], verbs }) =>
    apiGroups.flatMap((group) =>
      [...(resources ?? []).map((on) => (group === '' ? on : `${on}.${group}`)), ...nonResourceURLs].flatMap(
        (on) => verbs.map((verb) => `${verb} ${on}`),
      ),
    ),
  );

/** Calico's own API server asks for these; none runs here. */
const isCalicosOwn = (right: string) => right.includes(' tier.') || right === 'get tiers.projectcalico.org';

/** By default everybody may ask that, where the cluster has not taken it away. */
const isEverybodys = (right: string) => right === 'get /readyz';

const spoken = (one: Recorded): string => {
  const asked = attributesOf(one);
  return asked === undefined ? '' : `${asked.verb} ${asked.on}`;
};

beforeAll(async () => {
  plane = await startControlPlane();
  await installCrds(plane, ['network-policy-api', 'network-policy-api-v1alpha1', 'cilium']);
  await installCalicoCrds(plane);
  await apply(plane, namespace(OURS), namespace(SHOP));
  await apply(plane, ...roles('full', EVERYTHING, true), ...roles('plain', [QUARANTINE]));
  recorded = [...(await work([])), ...(await work(['/apis/projectcalico.org/']))];
  // Only what isn't there needs the right to create it.
  await deletePolicies();
}, 900_000);

afterAll(async () => {
  await deleteAccountRoles(plane, ...['full', 'plain', 'lesser'].map((name) => `${RUN}-${name}`));
  await plane.kubectl(['delete', 'namespace', OURS, SHOP, '--wait=false']);
  await plane.stop();
});

/** The policies of the tiers, of this run or of another before. */
async function deletePolicies(): Promise<void> {
  const kinds = TIERS.map((tier) => {
    const { kind, apiVersion } = denyPolicy(tier) ?? {};
    return `${kind ?? ''}.${apiVersion?.split('/')[0] ?? ''}`;
  });
  for (const kind of [...kinds, 'globalnetworkpolicies.crd.projectcalico.org'])
    await plane.kubectl(['delete', kind, QUARANTINE_POLICY, '--ignore-not-found']);
}

/** All that a responder does in a cluster, as its own ServiceAccount: what it asked of the API server. */
async function work(hidden: readonly string[]): Promise<readonly Recorded[]> {
  await deletePolicies();
  const proxy = await RecordingProxy.start(plane, hidden);
  const stop = new AbortController();
  try {
    const user = { token: await tokenOf(`${RUN}-full-responder`) };
    const { cluster, logged } = clusterOf(plane, { url: proxy.url, user, timeout: 10_000 });
    await apply(plane, ...['held', 'evicted', 'deleted'].map((name) => pod(SHOP, name)));
    const state = cluster.watch(stop.signal, { inventory: true });
    await until(
      () => TIERS.every((tier) => state.denyTiers().has(tier)),
      () => JSON.stringify(logged),
    );
    const key = (name: string) => ({ namespace: SHOP, name });
    const uid = async (name: string) => (await cluster.getPod(key(name)))?.metadata?.uid ?? '';
    await cluster.patchPod(key('held'), [
      { op: 'add', path: '/metadata/labels', value: { [QUARANTINE_LABEL]: 'true' } },
    ]);
    await cluster.getWholePod(key('held'));
    await cluster.applyNetworkPolicy(standingPolicy(SHOP));
    const [standing] = state.networkPolicies.list(SHOP);
    await cluster.deleteNetworkPolicy(standingPolicy(SHOP).metadata, standing?.metadata?.uid ?? '');
    for (const tier of TIERS) {
      const policy = denyPolicy(tier);
      if (policy === undefined) throw new Error(`${tier} denies nothing`);
      await cluster.applyDenyPolicy(tier, policy);
      await cluster.deleteDenyPolicy(tier, policy.metadata.name, '00000000-0000-0000-0000-000000000000');
    }
    const regarding = { kind: 'Pod', apiVersion: 'v1', ...key('held') } as const;
    const event = { type: 'Normal', reason: 'Quarantined', action: 'Quarantine', message: 'm' } as const;
    await cluster.writeEvent({ ...key(`e-${hidden.length}`), ...event, regarding, time: new Date() });
    await cluster.evictPod(key('evicted'), await uid('evicted'));
    await cluster.deletePod(key('deleted'), await uid('deleted'));
    await cluster.writeConfigMap({ namespace: OURS, name: 'snapshot' }, { 'pod.json': '{}' }, {});
    await cluster.review('x.y.z', 'somebody');
    expect(await cluster.readiness()).toEqual({ ready: true, why: 'ok' });
    const watches = () => proxy.recorded.filter((one) => spoken(one).startsWith('watch ')).length;
    const lists = new Set(proxy.recorded.map(spoken).filter((one) => one.startsWith('list '))).size;
    await until(() => watches() >= lists);
    return proxy.recorded;
  } finally {
    stop.abort();
    proxy.stop();
  }
}

test('nothing that it asks for is refused', () => {
  const refused = recorded.filter(({ status }) => status === 401 || status === 403);
  expect(refused.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([]);
});

test('it uses each right, and has no other', () => {
  // What server-side apply creates is asked for as `create` besides.
  const applied = recorded.filter(
    ({ headers, status }) => status === 201 && headers['content-type']?.includes('apply'),
  );
  const used = [...recorded.map(spoken), ...applied.map((one) => spoken(one).replace('patch', 'create'))];
  expect([...new Set(used)].filter((one) => one !== '').sort()).toEqual(
    each(granted)
      .filter((right) => !isCalicosOwn(right))
      .sort(),
  );
});

test('no right is granted twice', () => {
  const all = each(granted);
  expect(all.filter((right, index) => all.indexOf(right) < index)).toEqual([]);
});

test('without one of them just that is refused', async () => {
  const lesser = roles('lesser', EVERYTHING, true);
  await apply(plane, ...lesser);
  const token = await tokenOf(`${RUN}-lesser-responder`);
  const provable = each(granted).filter((right) => !isCalicosOwn(right) && !isEverybodys(right));
  for (const right of provable) {
    const [verb = '', on = ''] = right.split(' ');
    const asked = requestFor(right);
    await apply(plane, ...lesser.map((object) => lacking(object, verb, on)));
    let status = 0;
    await waitUntil(
      async () => (status = await ask(token, asked)) === 403,
      20_000,
      () => new Error(`without ${right}, ${asked.method} ${asked.path} was answered ${status}`),
    );
  }
  await apply(plane, ...lesser);
  for (const right of provable)
    await waitUntil(
      async () => (await ask(token, requestFor(right))) !== 403,
      20_000,
      () => new Error(`with all rights, ${right} is refused`),
    );
});

/** What was asked for by a right; of writes only whether they may be. */
function requestFor(right: string): Recorded {
  const creates = right.startsWith('create ');
  const found = recorded.find(
    (one) =>
      spoken(one) === right ||
      (creates && one.status === 201 && spoken(one) === right.replace('create', 'patch')),
  );
  if (found === undefined) throw new Error(`nothing was asked by ${right}`);
  const url = new URL(found.path, 'http://x');
  if (found.method === 'GET') return found;
  url.searchParams.set('dryRun', 'All');
  return { ...found, path: `${url.pathname}${url.search}` };
}

/** A role without a verb on a resource, or a URL. */
function lacking(object: object, verb: string, on: string): object {
  const { rules } = object as { rules?: readonly Omit<GrantedRight, 'role' | 'why'>[] };
  if (rules === undefined) return object;
  const left = rules.flatMap((rule) => {
    const { apiGroups: [group = ''] = [], resources, nonResourceURLs = [], verbs } = rule;
    const within = nonResourceURLs.includes(on)
      ? on
      : resources?.find((one) => (group === '' ? one : `${one}.${group}`) === on);
    if (within === undefined || !verbs.includes(verb)) return [rule];
    const others = (resources ?? []).filter((one) => one !== within);
    return [
      ...(others.length > 0 ? [{ ...rule, resources: others }] : []),
      ...(verbs.length > 1
        ? [{ ...rule, ...(resources && { resources: [within] }), verbs: verbs.filter((one) => one !== verb) }]
        : []),
    ];
  });
  return { ...object, rules: left };
}

describe('a responder that only quarantines is refused', () => {
  const JSON_PATCH = { 'content-type': 'application/json-patch+json' };
  const shop = `/api/v1/namespaces/${SHOP}`;
  const ours = `/api/v1/namespaces/${OURS}`;
  const policies = `/apis/networking.k8s.io/v1/namespaces/${SHOP}/networkpolicies`;
  const apiToken = `${ours}/serviceaccounts/${RUN}-full-responder/token`;

  test.each([
    ['GET', '/api/v1/secrets'],
    ['GET', `${ours}/secrets`],
    ['GET', `${shop}/secrets/x`],
    ['GET', `${ours}/configmaps`],
    ['POST', `${ours}/configmaps`],
    ['PATCH', `${ours}/configmaps/${RUN}-plain-responder`],
    ['DELETE', `${ours}/configmaps/${RUN}-plain-responder`],
    ['POST', `${shop}/pods`],
    ['PUT', `${shop}/pods/held`],
    ['DELETE', `${shop}/pods/held`],
    ['DELETE', `${shop}/pods`],
    ['POST', `${shop}/pods/held/eviction`],
    ['POST', `${shop}/pods/held/exec?command=sh`],
    ['GET', `${shop}/pods/held/exec?command=sh`],
    ['GET', `${shop}/pods/held/log`],
    ['POST', `${shop}/pods/held/portforward`],
    ['GET', `${shop}/pods/held/proxy`],
    ['PATCH', `${shop}/pods/held/status`],
    ['PATCH', `${shop}/pods/held/ephemeralcontainers`],
    ['POST', `${shop}/pods/held/binding`],
    ['GET', '/api/v1/nodes'],
    ['PATCH', '/api/v1/nodes/x'],
    ['GET', '/api/v1/nodes/x/proxy/pods'],
    ['PATCH', `/api/v1/namespaces/${SHOP}`],
    ['DELETE', `/api/v1/namespaces/${SHOP}`],
    ['POST', '/api/v1/namespaces'],
    ['GET', `${shop}/events`],
    ['DELETE', `${shop}/events`],
    ['POST', policies],
    ['PUT', `${policies}/falco-egress-quarantine`],
    ['PATCH', `${policies}/other`],
    ['DELETE', `${policies}/other`],
    ['DELETE', policies],
    ['PATCH', `/apis/apps/v1/namespaces/${SHOP}/deployments/x`],
    ['PATCH', `/apis/apps/v1/namespaces/${SHOP}/deployments/x/scale`],
    ['GET', `/apis/apps/v1/namespaces/${SHOP}/deployments`],
    ['POST', `/apis/batch/v1/namespaces/${SHOP}/jobs`],
    ['GET', '/apis/batch/v1/jobs'],
    ['GET', '/apis/discovery.k8s.io/v1/endpointslices'],
    ['PATCH', `/apis/discovery.k8s.io/v1/namespaces/${SHOP}/endpointslices/x`],
    ['POST', apiToken],
    ['POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings'],
    ['PATCH', `/apis/rbac.authorization.k8s.io/v1/clusterroles/${RUN}-plain-responder-responses`],
    ['GET', '/apis/rbac.authorization.k8s.io/v1/clusterroles'],
    ['DELETE', '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/x'],
    ['POST', '/apis/policy.networking.k8s.io/v1alpha2/clusternetworkpolicies'],
    ['PATCH', '/apis/policy.networking.k8s.io/v1alpha2/clusternetworkpolicies/other'],
    ['DELETE', '/apis/cilium.io/v2/ciliumclusterwidenetworkpolicies/other'],
    ['GET', '/metrics'],
    ['GET', '/logs/'],
  ])('%s %s', async (method, path) => {
    const token = await tokenOf(`${RUN}-plain-responder`);
    expect(await ask(token, { method, path, headers: JSON_PATCH, body: Buffer.from('[]') })).toBe(403);
  });

  test('to be somebody else', async () => {
    const { stderr } = await plane.kubectl(
      [
        'get',
        'pods',
        '--as=admin',
        '--as-group=system:masters',
        `--token=${await tokenOf(`${RUN}-plain-responder`)}`,
      ],
      { env: {} },
    );
    expect(stderr).toMatch(/cannot impersonate/);
  });
});
