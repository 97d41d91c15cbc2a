import { blocksIn } from '../../docs/blocks';
import { checkLokiConfig, lokiBinary } from './loki';

/* Loki itself reads each piece of configuration that the documents tell people to give it. */

const binary = lokiBinary();
const blocks = blocksIn('lokiconfig');

test('there are some', () => {
  expect(blocks.map(({ document }) => document)).toEqual(
    expect.arrayContaining(['docs/loki.md', 'docs/monitoring.md', 'docs/privacy.md']),
  );
});

(binary === undefined ? test.skip : test).each(blocks)('$place', ({ text }) => {
  expect(checkLokiConfig(binary ?? '', text)).toBe('');
});

(binary === undefined ? test.skip : test)('what Loki does not know it refuses', () => {
  expect(checkLokiConfig(binary ?? '', 'limits_config: { max_series: 1 }')).toContain('max_series');
});
