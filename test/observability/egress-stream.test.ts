import { alertStreams, CONNECTION_LABELS } from '../../lib/observability/egress-stream';
import { testWith } from '../falco/falco-data';

interface Push {
  readonly streams: readonly {
    readonly stream: Readonly<Record<string, string>>;
    readonly values: readonly (readonly [string, string])[];
  }[];
}

/** What a selector asks of labels. */
function matchers(selector: string): [label: string, expression: RegExp][] {
  return [...selector.matchAll(/(\w+)=~"([^"]*)"/g)].map(([, label = '', expression = '']) => [
    label,
    new RegExp(`^(?:${expression})$`),
  ]);
}

testWith(
  '../shared/data/falcosidekick-2.34.jsonl',
  'asks for labels and fields that falcosidekick really sends to Loki',
  (text) => {
    const pushes = text
      .split('\n')
      .filter((line) => line.includes('outbound-k8s') && line.includes('loki'))
      .map(
        (line) =>
          JSON.parse(line) as Record<'run' | 'case' | 'output', string> & { request: { body: string } },
      )
      .filter((line) => line.run === 'full' && line.case === 'outbound-k8s' && line.output === 'loki')
      .map(({ request }) => JSON.parse(request.body) as Push);
    expect(pushes).toHaveLength(1);
    const sent = pushes[0]?.streams[0];
    const stream = sent?.stream ?? {};

    const selected = { cluster: 'demo', namespace: 'testkatz', rule: 'kubernetes .*', source: 'syscalls?' };
    const chosen = matchers(alertStreams(selected));
    expect(chosen.map(([label, expression]) => [label, expression.test(stream[label] ?? '')])).toEqual([
      ['rule', true],
      ['source', true],
      ['cluster', true],
      ['namespace', true],
      ['k8s_ns_name', true],
    ]);

    const line = sent?.values[0]?.[1] ?? '{}';
    const { output_fields: fields } = JSON.parse(line) as { output_fields: Record<string, unknown> };
    const asked = [...CONNECTION_LABELS.matchAll(/output_fields\[\\"([\w.]+)\\"\]/g)].map(
      ([, field = '']) => field,
    );
    expect(asked.filter((field) => !(field in fields))).toEqual(['evt.arg.addr', 'evt.res']);
  },
);
