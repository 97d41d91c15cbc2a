import { Testing } from 'cdk8s';
import { Namespace, Secret } from 'cdk8s-plus-27';
import { rule } from '../lib/rules/rule';
import type { FalcoEgressProps } from '../lib/settings/settings';
import { FalcoEgress } from '../lib/stack';

test('two installations in a chart have two names', () => {
  const chart = Testing.chart();
  new FalcoEgress(chart, 'one', { cluster: 'test' });
  expect(() => new FalcoEgress(chart, 'two', { cluster: 'test' })).toThrow(
    "name: 'falco-egress' is installed in this chart already; give one of them another name",
  );
});

test.each<[string, FalcoEgressProps]>([
  ['settings', { cluster: 'test', name: 'Not A Name' }],
  [
    'rules',
    {
      cluster: 'test',
      rules: [rule({ name: 'R', desc: 'd', condition: 'nonsense = 1', output: 'o', priority: 'INFO' })],
    },
  ],
])('what is refused for its %s leaves nothing in the chart, and another may take its place', (_, props) => {
  const chart = Testing.chart();
  expect(() => new FalcoEgress(chart, 'stack', props)).toThrow();
  expect(chart.node.children).toEqual([]);
  expect(new FalcoEgress(chart, 'stack', { cluster: 'test' }).settings.cluster).toBe('test');
});

test('what Falco would refuse of the rules is told by the names that their author gave them', () => {
  const body = { desc: 'd', output: 'o', priority: 'INFO' } as const;
  const rules = [
    rule({ ...body, name: 'Fine', condition: 'evt.type = connect' }),
    rule({ ...body, name: "The baker's", condition: 'evt.type = connect and fd.dip = "192.0.2.1"' }),
    { macro: 'late', condition: 'evt.typ = connect' },
    { rule: 'Uses it', desc: 'd', condition: 'late', output: 'o', priority: 'INFO' },
  ];
  expect(() => new FalcoEgress(Testing.chart(), 'stack', { cluster: 'test', rules })).toThrow(
    /rule 'The baker's': there is no field fd\.dip[^]*macro 'late': there is no field evt\.typ/,
  );
});

test('one chart for each cluster may hold the same names', () => {
  for (const cluster of ['a', 'b']) {
    const stack = new FalcoEgress(Testing.chart(), 'stack', { cluster });
    expect(stack.settings.cluster).toBe(cluster);
  }
});

test('objects of cdk8s-plus stand beside ours in a chart, and name what ours read', () => {
  const chart = Testing.chart();
  const secret = new Secret(chart, 'grafana-cloud', { metadata: { namespace: 'falco-egress' } });
  const payments = new Namespace(chart, 'payments', { metadata: { name: 'payments' } });
  const stack = new FalcoEgress(chart, 'stack', {
    cluster: 'test',
    sidekick: { loki: { url: 'https://logs.example.org', credentials: { secret: secret.name } } },
    responder: { protected: { namespaces: [payments.name] } },
  });
  expect(stack.settings.sidekick.loki.credentials.secret).toBe(secret.name);
  const text = JSON.stringify(Testing.synth(chart));
  expect(text).toContain(`"secretKeyRef":{"key":"LOKI_APIKEY","name":"${secret.name}"}`);
  expect(text).toContain('payments');
});
