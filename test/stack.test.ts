import { Testing } from 'cdk8s';
import { FalcoEgress } from '../lib/stack';

test('two installations in a chart have two names', () => {
  const chart = Testing.chart();
  new FalcoEgress(chart, 'one', { cluster: 'test' });
  expect(() => new FalcoEgress(chart, 'two', { cluster: 'test' })).toThrow(
    "name: 'falco-egress' is installed in this chart already; give one of them another name",
  );
});

test('one chart for each cluster may hold the same names', () => {
  for (const cluster of ['a', 'b']) {
    const stack = new FalcoEgress(Testing.chart(), 'stack', { cluster });
    expect(stack.settings.cluster).toBe(cluster);
  }
});
