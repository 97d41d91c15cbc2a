import { Demo } from '../../lib/constructs/demo';
import type { FalcoEgressProps } from '../../lib/settings/settings';
import { synthesize } from '../constructs';
import { template } from './find';

const demo = (props: Partial<FalcoEgressProps> = {}) =>
  synthesize((scope) => {
    new Demo(scope, 'demo', { cluster: 'test', demo: { enabled: true }, ...props });
  });

test('the objects', () => {
  expect(demo()).toMatchSnapshot();
});

test('none by default', () => {
  expect(demo({ demo: {} })).toEqual([]);
});

test('one namespace is exempt, by the label and the value that the settings name', () => {
  const exempt = { label: 'watch', values: ['off', 'no'] };
  const labelled = demo({ exempt }).filter(({ metadata }) => metadata.labels?.['watch'] !== undefined);
  expect(labelled.map(({ kind, metadata }) => [kind, metadata.name, metadata.labels?.['watch']])).toEqual([
    ['Namespace', 'testkatz-exempt', 'off'],
  ]);
});

test('the Pod that is cut off has a sibling', () => {
  const [acting] = demo().filter(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.namespace === 'demo',
  );
  expect(acting?.['spec']).toMatchObject({ replicas: 2 });
  expect(template(acting ? [acting] : [], 'Deployment').metadata.labels).toMatchObject({ app: 'nginx' });
});
