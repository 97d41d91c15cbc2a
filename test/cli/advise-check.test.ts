import { attempt } from '../advise/advised';
import { namespaceOf, podOf, serviceOf } from '../advise/cluster';
import { Project } from './project';

const project = new Project();
afterAll(() => {
  project.remove();
});

const OBJECTS = [
  ...['shop', 'data'].map(namespaceOf),
  podOf('shop', 'StatefulSet/cart', 'cart-0', '10.244.1.7'),
  podOf('shop', 'Deployment/web', 'web-1', '10.244.1.8'),
];
project.write('state.json', JSON.stringify({ kind: 'List', items: OBJECTS }));
project.write('alerts.jsonl', `${attempt('203.0.113.7', 443)}\n`);

function check(app: string, namespace: string, type = 'Egress'): ReturnType<Project['run']> {
  const policy = {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'p', namespace } },
    spec: { podSelector: { matchLabels: { app } }, policyTypes: [type] },
  };
  project.write('p.json', JSON.stringify(policy));
  return project.run('advise', 'alerts.jsonl', '--check', 'p.json', '--cluster-state', 'state.json');
}

test.each([
  ['that selects nobody', 'nobody', 'shop', 'it selects no Pod of the cluster'],
  ['of another namespace', 'cart', 'data', 'it selects no Pod of the cluster'],
  ['of whose Pods nothing was seen', 'web', 'shop', 'nothing that it restricts was seen'],
])('a policy %s is not said to refuse nothing', (_, app, namespace, why) => {
  const { code, out, error } = check(app, namespace);
  expect(code).toBe(1);
  expect(out).toMatch(/^nothing that the policies restrict was seen \([01] destinations? of others\)\n$/);
  expect(error).toContain(`NetworkPolicy ${namespace}/p: ${why}`);
});

test('a policy that restricts what was seen is tried on it, and is no hole', () => {
  const { code, out, error } = check('cart', 'shop');
  expect([code, error]).toEqual([1, expect.not.stringContaining('NetworkPolicy shop/p:')]);
  expect(out).toMatch(/203\.0\.113\.7 +443\/TCP .* NetworkPolicy shop\/p/);
});

test('that a policy keeps a workload from DNS is told though nobody was seen to ask it', () => {
  const refused = /LOOK: shop, StatefulSet\/cart: the policies refuse it the cluster's DNS/;
  const said = (egress: readonly object[], objects: readonly object[] = []): string => {
    const policy = {
      ...{ kind: 'NetworkPolicy', metadata: { name: 'dns', namespace: 'shop' } },
      spec: { podSelector: { matchLabels: { app: 'cart' } }, policyTypes: ['Egress'], egress },
    };
    project.write('dns.json', JSON.stringify({ kind: 'List', items: [...OBJECTS, ...objects] }));
    project.write('p.json', JSON.stringify(policy));
    return project.run('advise', 'alerts.jsonl', '--check', 'p.json', '--cluster-state', 'dns.json').error;
  };
  const web = { to: [{ ipBlock: { cidr: '203.0.113.0/24' } }] };
  const ports = [{ protocol: 'UDP', port: 53 }];
  const ofPods = {
    to: [{ namespaceSelector: {}, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
    ports,
  };
  expect(said([web])).toMatch(refused);
  expect(said([web])).not.toMatch(/web: the policies/);
  expect(said([web, ofPods])).not.toMatch(refused);
  expect(said([web, { ...ofPods, ports: [{ port: 53 }] }])).toMatch(refused);
  // Policies see the port of the Pods, as on OpenShift.
  const dns = { 'k8s-app': 'kube-dns' };
  const service = serviceOf('kube-system', 'kube-dns', '10.96.0.10', dns, { port: 53, targetPort: 5353 });
  expect(said([web, ofPods], [service])).toMatch(refused);
  expect(said([web, { ...ofPods, ports: [{ protocol: 'UDP', port: 5353 }] }], [service])).not.toMatch(
    refused,
  );
  const args = ['-localip', '169.254.20.10,10.96.0.10', '-conf', '/etc/Corefile'];
  const cache = podOf('kube-system', 'DaemonSet/node-local-dns', 'node-local-dns-x', '192.0.2.1', {
    spec: { hostNetwork: true, containers: [{ name: 'node-cache', args }] },
  });
  expect(said([web, ofPods], [cache])).toMatch(refused);
  expect(said([web, { to: [{ ipBlock: { cidr: '169.254.20.10/32' } }], ports }], [cache])).not.toMatch(
    refused,
  );
});

test('a policy of ingress has a say in what goes to Pods of its namespace', () => {
  project.write('alerts.jsonl', `${attempt('10.244.1.8', 80)}\n`);
  const { code, out } = check('web', 'shop', 'Ingress');
  expect(code).toBe(1);
  expect(out).toContain('NetworkPolicy shop/p (ingress)');
});

test('what is not tried is named: no port, and what no policy knows', () => {
  const lines = [attempt('203.0.113.7', 443), attempt('8.8.8.8', null), attempt('224.0.0.251', 5353)];
  project.write('alerts.jsonl', `${[...lines, attempt('9.9.9.9', 0)].join('\n')}\n`);
  const { code, out, error } = check('cart', 'shop');
  expect([code, out]).toEqual([1, expect.stringContaining('203.0.113.7')]);
  expect(error).toContain('left out, for no port: 2 times, such as 8.8.8.8\n');
  expect(error).toContain('left out, for multicast: once, such as 224.0.0.251 5353\n');
});

test.each([
  [['-n', 'shopp'], "there is no namespace shopp in what is known of the cluster; did you mean 'shop'?"],
  [['-w', 'cartt'], "there is no workload cartt; did you mean 'cart'?"],
  [['-n', 'data', '-w', 'cart'], 'there is no workload cart in namespace data'],
])('a slip in %j is told, and the exit code is 1', (args, why) => {
  const { code, error } = project.run('advise', 'alerts.jsonl', '--cluster-state', 'state.json', ...args);
  expect([code, error]).toEqual([1, expect.stringContaining(why)]);
});

test('what is named and there is no slip', () => {
  const args = ['-n', 'shop', '-w', 'Deployment/web', '-w', 'cart'];
  const { code, error } = project.run('advise', 'alerts.jsonl', '--cluster-state', 'state.json', ...args);
  expect([code, error]).toEqual([0, expect.not.stringContaining('there is no')]);
});
