import { parser as logql } from '@grafana/lezer-logql';
import { parser as promql } from '@prometheus-io/lezer-promql';
import { renderedMetrics } from '../../lib/responder/probes';
import { RequestCounter } from '../../lib/responder/metrics';
import { ResponderMetrics } from '../../lib/responder/report/responder-metrics';
import type { Live } from '../../lib/responder/report/responder-metrics';
import { testWith } from '../falco/falco-data';
import { jobName } from '../../lib/observability/job';
import { alertQueries, dashboardQueries, dashboards } from './queries';

/** Where a query can't be parsed. */
function broken(parser: typeof promql, expr: string): string[] {
  const wrong: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ type, from }) => {
      if (type.isError) wrong.push(`at ${from}: ${expr.slice(from, from + 30)}`);
    },
  });
  return wrong;
}

test('the parsers notice what is no query', () => {
  expect(broken(promql, 'sum by (node) (rate(x[5m])')).not.toEqual([]);
  expect(broken(logql, 'sum(count_over_time({a="b"} | json x= [5m]))')).not.toEqual([]);
});

test.each([...dashboardQueries('prometheus'), ...alertQueries()])('$place is PromQL', ({ expr }) => {
  expect(broken(promql, expr)).toEqual([]);
});

test.each(dashboardQueries('loki'))('$place is LogQL', ({ expr }) => {
  expect(broken(logql, expr)).toEqual([]);
});

test('each query uses variables that its dashboard has, and each dashboard says what it shows', () => {
  for (const { panels, templating } of dashboards) {
    const known = templating.list.map(({ name }) => name);
    const used = [...JSON.stringify([panels, templating]).matchAll(/\$\{?([a-z]\w*)/g)].map(
      ([, name = '']) => name,
    );
    expect(known).toEqual(expect.arrayContaining([...new Set(used)]));
    expect(known.filter((name) => !used.includes(name) && !['loki', 'prometheus'].includes(name))).toEqual(
      [],
    );
    const ids = panels.flatMap(({ targets }) =>
      targets === undefined ? [] : [targets.map(({ refId }) => refId)],
    );
    expect(ids.every((of) => !of.includes(undefined) && new Set(of).size === of.length)).toBe(true);
    expect(panels.filter((panel) => panel.type !== 'row' && !('description' in panel))).toEqual([]);
  }
  expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
});

test('an installation is known by any of its components that has metrics', () => {
  const { templating } = dashboards.find(({ uid }) => uid === 'falco-egress-operations') ?? {};
  const { query, regex = '' } = templating?.list.find(({ name }) => name === 'installation') ?? {};
  const [, jobs = ''] = /job=~"([^"]*)"/.exec(typeof query === 'string' ? query : '') ?? [];
  const value = new RegExp(regex.replaceAll('/', ''));
  const components = ['falco', 'sidekick', 'collector', 'responder', 'loki'] as const;
  const found = components.map((component) => jobName('my-falco', component));
  expect(found.filter((job) => !new RegExp(`^(?:${jobs})$`).test(job))).toEqual([]);
  expect(found.map((job) => value.exec(job)?.[1])).toEqual(components.map(() => 'my-falco'));
});

/** Names of metrics in all queries. */
const asked = [
  ...new Set(
    [...dashboardQueries('prometheus'), ...alertQueries()].flatMap(({ expr }) =>
      [...expr.matchAll(/\b(falco\w+_\w+)\{/g)].map(([, name = '']) => name),
    ),
  ),
];

test('the responder has the metrics that are asked of it', async () => {
  const live: Live = {
    engine: {
      depth: () => ({ waiting: 0, running: 0, oldestMs: 0, inbox: 0, failing: 0 }),
    } as unknown as Live['engine'],
    quarantined: { countOf: () => 0 } as unknown as Live['quarantined'],
    reporter: { size: 0 } as Live['reporter'],
    waitingPods: () => ({ approval: 0, limit: 0 }),
    staleness: () => 0,
  };
  const text = await renderedMetrics({
    version: '1',
    requests: new RequestCounter(),
    responses: new Map(),
    readiness: () => Promise.resolve({ ready: true, why: '' }),
    further: () => new ResponderMetrics().metrics(live),
    stopping: () => false,
    process: () => ({ residentBytes: 0, startedAtSeconds: 0 }),
  })();
  const has = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? [`${name}_bucket`] : [name],
  );
  const ours = asked.filter((name) => name.startsWith('falco_egress_'));
  expect(ours.length).toBeGreaterThan(6);
  expect(ours.filter((name) => !has.includes(name))).toEqual([]);
});

testWith(
  '../shared/reference/falco-facts.md',
  'Falco and falcosidekick have the metrics that are asked of them',
  (facts) => {
    // A run of names is written `_inputs_total, _outputs_total` after the first.
    const has = (name: string) =>
      facts.includes(name) || facts.includes(name.replace(/^falcosecurity_falcosidekick/, ''));
    const theirs = asked.filter((name) => name.startsWith('falcosecurity_'));
    expect(theirs.length).toBeGreaterThan(8);
    expect(theirs.filter((name) => !has(name))).toEqual([]);
  },
);
