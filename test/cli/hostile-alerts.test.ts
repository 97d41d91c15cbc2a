import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { ScriptTarget, transpileModule } from 'typescript';
import { runAdvise } from '../../lib/cli/advise/advise';
import { runReport } from '../../lib/cli/report/report';
import { runWho } from '../../lib/cli/who/who';
import type { ExitCode, Streams } from '../../lib/synth/report';
import { egressPolicy, namespaceOf, podOf, serviceOf } from '../advise/cluster';
import { alertLine } from '../history/alert';

const folder = mkdtempSync(join(tmpdir(), 'falco-egress-hostile-'));
const at = (name: string): string => join(folder, name);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const HOSTILE: readonly string[] = [
  ...[
    '<script>alert(1)</script>',
    '" onload="alert(1)',
    "' onload='x",
    '</style><b>',
    '--><!--',
    '</title><i>',
  ],
  ...[
    '\u001b]0;owned\u0007',
    '\u001b[2J',
    '\u009b31m',
    '\u202eexe.txt',
    'a\u0000b',
    'a\nb: c\n---\n# d',
    'a\r\nb',
  ],
  ...[
    '*/ evil(); /*',
    '`${evil()}`',
    "'; evil(); '",
    '\\',
    '\u2028evil()',
    '# x',
    'a: b',
    '---',
    '- &a *b',
    '{{ x }}',
  ],
  ...[
    "=cmd|' /C calc'!A0",
    '+1+1',
    '-1+1',
    '@SUM(A1)',
    '\t=1+1',
    '\r=1',
    ',"=1',
    '\ud800',
    'x\udc00y',
    '\u{e0041}',
  ],
];
/** Short, and long enough to be broken and cut. */
const HARMLESS = ['harmless', 'h'.repeat(300)];

/** The second in which the alerts are, since 1970. */
const SECOND = Date.parse('2026-11-22T07:41:15Z') / 1000;

/**
 * Two alerts: one of a Pod of the cluster, one of which every name is hostile; one of a quarantine; lines of proxies' logs; and a cluster
 * in which others have such names.
 */
function feed(text: string): void {
  const names = { 'proc.name': text, 'proc.exepath': text, 'proc.cmdline': text, 'fd.sip.name': text };
  const alerts = [
    alertLine(names, { rule: text, hostname: text, time: '2026-11-22T07:41:15.000000001Z' }),
    alertLine(
      { ...names, 'evt.res': text, 'k8s.ns.name': text, 'k8s.pod.name': text, 'container.id': text },
      { rule: text, hostname: text, output: text, time: '2026-11-22T07:41:14.000000001Z' },
    ),
  ];
  writeFileSync(at('alerts.jsonl'), `${alerts.join('\n')}\n`);
  const named = alertLine({ ...names, cluster: text }, { time: '2026-11-22T07:41:16.000000001Z' });
  const cutOff = {
    'k8s.ns.name': text,
    'k8s.pod.name': text,
    'k8s.pod.uid': text,
    'falco_egress.rule': text,
  };
  const quarantine = alertLine(
    {
      ...cutOff,
      'evt.type': null,
      'fd.sip': null,
      'evt.arg.addr': null,
      'falco_egress.response': text,
      'falco_egress.cluster': text,
    },
    { rule: 'falco-egress: Quarantined', source: 'falco-egress' },
  );
  writeFileSync(at('clusters.jsonl'), `${[...alerts, named, quarantine].join('\n')}\n`);
  const field = text.replaceAll(/[\r\n]/g, ' ');
  const request = (agent: string, host: string): string =>
    `[2026-11-22T07:41:15.744Z] "GET / HTTP/1.1" 200 - 0 154 5 3 "10.244.1.7" "${agent}" "c4f2" "${host}" "203.0.113.7:443"`;
  writeFileSync(at('envoy.log'), `${request(field, 'shop.test')}\n${request('curl', field)}\n`);
  const word = text.replaceAll(/\s/g, '') || 'x';
  const squid = (client: string, host: string, user: string): string =>
    `${SECOND}.744 154 ${client} TCP_TUNNEL/200 39 CONNECT ${host}:443 ${user} HIER_DIRECT/203.0.113.7 ${word}`;
  const combined = `10.244.1.7 - ${word} [22/Nov/2026:07:41:15 +0000] "CONNECT shop.test:443 HTTP/1.1" 200 39 "-" "${field}" TCP_TUNNEL:HIER_DIRECT`;
  const lines = [
    squid(word, 'shop.test', '-'),
    squid('10.244.1.7', word, '-'),
    squid('10.244.1.7', 'shop.test', word),
  ];
  writeFileSync(at('squid.log'), `${[...lines, combined].join('\n')}\n`);
  const labels = { app: text, [text]: text };
  const objects = [
    ...CLUSTER,
    namespaceOf(text),
    podOf(text, `StatefulSet/${text}`, text, '203.0.113.7', {
      labels,
      ports: [{ name: text, containerPort: 443 }],
    }),
    serviceOf(text, text, '203.0.113.8', labels, { name: text, port: 443, protocol: 'TCP' }),
    egressPolicy('shop', text, [{ to: [{ podSelector: { matchLabels: labels } }] }], { matchLabels: labels }),
  ];
  writeFileSync(at('hostile-state.json'), JSON.stringify({ kind: 'List', items: objects }));
}

const CLUSTER = [namespaceOf('shop'), podOf('shop', 'StatefulSet/cart', 'cart-0', '10.244.1.7')];

beforeAll(() => {
  writeFileSync(at('state.json'), JSON.stringify({ kind: 'List', items: CLUSTER }));
  writeFileSync(at('closed.json'), JSON.stringify(egressPolicy('shop', 'closed', [])));
});

type Command = (args: readonly string[], streams: Streams) => Promise<ExitCode>;

/** What a command prints; nothing of it does anything to a terminal. */
async function said(command: Command, args: readonly string[], breaks = /\n/g): Promise<string> {
  const texts = { out: '', error: '' };
  const code = await command(args, {
    out: (text) => (texts.out += text),
    error: (text) => (texts.error += text),
  });
  expect([code, texts.error]).not.toEqual([2, expect.anything()]);
  for (const text of [texts.out.replaceAll(breaks, ''), texts.error.replaceAll('\n', '')])
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
  return texts.out;
}

const PROXY = ['envoy', 'squid'].flatMap((kind) => ['--proxy-log', `${kind}:${at(`${kind}.log`)}`]);
const who = (...args: string[]): Promise<string> =>
  said(
    runWho,
    ['203.0.113.7', at('clusters.jsonl'), ...PROXY, ...args],
    args.includes('--csv') ? /\r\n/g : /\n/g,
  );
const advise = (...args: string[]): Promise<string> =>
  said(runAdvise, [at('alerts.jsonl'), '--cluster-state', at('state.json'), ...PROXY, ...args]);
async function page(): Promise<string> {
  await said(runReport, [at('clusters.jsonl'), ...PROXY, '--out', at('page.html')]);
  return readFileSync(at('page.html'), 'utf8');
}

/** Tags with the names of their attributes; what scripts and styles hold apart. */
function markup(html: string): { readonly tags: Set<string>; readonly inner: string[] } {
  const inner: string[] = [];
  const bare = html.replace(
    /(<(script|style)[^>]*>)(.*?)(<\/\2>)/gs,
    (_, start: string, __, text: string, end: string) => {
      if (!start.includes('application/json')) inner.push(text);
      else JSON.parse(text);
      return `${start}${end}`;
    },
  );
  const tags = new Set<string>();
  for (const [, tag = '', rest = ''] of bare.matchAll(/<([^\s>]*)((?:[^">]|"[^"]*")*)>?/g)) {
    tags.add(tag);
    for (const [name] of rest.replaceAll(/="[^"]*"/g, ' ').matchAll(/\S+/g)) tags.add(`${tag} ${name}`);
  }
  return { tags, inner };
}

function rowsOf(csv: string): string[][] {
  const rows: string[][] = [[]];
  let read = '';
  for (const [all, cell = '', end] of csv.matchAll(/("(?:[^"]|"")*"|[^,"\r\n]*)(,|\r\n)/g)) {
    read += all;
    rows.at(-1)?.push(cell.replace(/^"(.*)"$/s, '$1').replaceAll('""', '"'));
    if (end !== ',') rows.push([]);
  }
  expect(read).toBe(csv);
  return rows.slice(0, -1);
}

const code = (module: string): string => {
  const { outputText, diagnostics } = transpileModule(module, {
    compilerOptions: { removeComments: true, target: ScriptTarget.ES2022 },
    reportDiagnostics: true,
  });
  expect(diagnostics).toEqual([]);
  return outputText;
};

const harmless = {
  html: new Set<string>(),
  page: new Set<string>(),
  inner: [] as string[],
  yaml: [] as unknown[],
};
let compiled = '';
let diff = '';
beforeAll(async () => {
  for (const text of HARMLESS) {
    feed(text);
    for (const tag of markup(await who('--html')).tags) harmless.html.add(tag);
    const { tags, inner } = markup(await page());
    for (const tag of tags) harmless.page.add(tag);
    harmless.inner = inner;
  }
  harmless.yaml = loadAll(await advise());
  compiled = code(await advise('--typescript'));
  diff = await advise('--diff');
  expect(harmless.yaml.filter((each) => each !== null)).toHaveLength(1);
});

describe.each(HOSTILE.map((text) => [JSON.stringify(text), text] as const))('%s', (_, text) => {
  beforeAll(() => {
    feed(text);
  });

  test('who', async () => {
    await who();
    const rows = rowsOf(await who('--csv'));
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
    expect(rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    const evidence = at(`${HOSTILE.indexOf(text)}.json`);
    const { rows: told } = JSON.parse(await who('--json', '--evidence', evidence)) as {
      rows: { process: string }[];
    };
    expect(told.map(({ process }) => process)).toContain(text);
    expect(JSON.parse(readFileSync(evidence, 'utf8'))).toMatchObject({ rows: told });
    expect([...markup(await who('--html')).tags].filter((tag) => !harmless.html.has(tag))).toEqual([]);
  });

  test('the folder of evidence', async () => {
    const kept = at(`evidence-${HOSTILE.indexOf(text)}`);
    await who('--evidence', kept);
    const [json = '', csv = '', html = ''] = ['json', 'csv', 'html'].map((kind) =>
      readFileSync(join(kept, `answer.${kind}`), 'utf8'),
    );
    const { rows } = JSON.parse(json) as { rows: { process: string; workload: { name: string } }[] };
    expect(rows.map(({ process }) => process)).toContain(text);
    expect(rowsOf(csv)).toHaveLength(rows.length + 1);
    expect([...markup(html).tags].filter((tag) => !harmless.html.has(tag))).toEqual([]);
    // Whoever reads them in a terminal is shown them, and nothing else.
    for (const file of [json, csv.replaceAll('\r\n', ''), html])
      expect(file.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
  });

  test('report', async () => {
    const { tags, inner } = markup(await page());
    expect([...tags].filter((tag) => !harmless.page.has(tag))).toEqual([]);
    expect(inner).toEqual(harmless.inner);
    const told = await said(runReport, [at('clusters.jsonl'), '--out', at('page.html'), '--json']);
    expect(JSON.parse(told)).toMatchObject({ quarantines: [{ state: 'quarantined' }] });
  });

  test('advise', async () => {
    expect(loadAll(await advise())).toEqual(harmless.yaml);
    expect(code(await advise('--typescript'))).toBe(compiled);
    expect(await advise('--diff')).toBe(diff);
    JSON.parse(await advise('--json'));
    expect(await advise('--check', at('closed.json'))).toMatch(
      /203\.0\.113\.7.* NetworkPolicy shop\/closed\n/,
    );
  });

  test('advise, in a cluster of such names', async () => {
    const state = ['--cluster-state', at('hostile-state.json')];
    const advised = (...args: string[]): Promise<string> =>
      said(runAdvise, [at('alerts.jsonl'), ...state, ...PROXY, ...args]);
    const policies = loadAll(await advised()).filter((each) => each !== null);
    expect(policies.length).toBeGreaterThan(0);
    for (const policy of policies)
      expect(policy).toMatchObject({
        kind: 'NetworkPolicy',
        metadata: { name: expect.anything() as string },
      });
    code(await advised('--typescript'));
    JSON.parse(await advised('--json'));
    await advised('--diff');
    await advised('--check', at('closed.json'));
  });

  test('what refuses to go on', async () => {
    let error = '';
    await runAdvise([at('clusters.jsonl'), '--cluster-state', at('state.json')], {
      out: () => undefined,
      error: (told) => (error += told),
    });
    expect(error).toMatch(/^the history is of several clusters, .*; choose by --cluster\n$/);
    expect(error.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
  });
});

const HUGE = '9007199254740993';
const line = alertLine();
test.each<[what: string, lines: readonly string[]]>([
  ['a port beyond 2^53', [line.replaceAll(':443', `:${HUGE}`)]],
  ['a port in a text', [alertLine({ 'fd.sport': HUGE, 'evt.arg.addr': null })]],
  ['a count beyond 2^53', [line.replace('{', `{"log_count":${HUGE},`)]],
  ['a count that is no number', [line.replace('{', '{"log_count":1e999,')]],
  ['a time beyond all', [alertLine({}, { time: '+275760-09-13T00:00:01Z' })]],
  ['a time that is a number', [line.replace(/"time":"[^"]*"/, `"time":${HUGE}`)]],
  ['a time before 1970', [alertLine({}, { time: '0001-01-01T00:00:00Z' })]],
  [
    'clocks that go back',
    [line, alertLine({}, { time: '2026-11-22T07:41:14Z' }), alertLine({}, { time: '2025-11-22T07:41:14Z' })],
  ],
  [
    'no fields',
    [
      line,
      '{}',
      '{"output_fields":null}',
      '{"output_fields":[]}',
      '[]',
      'null',
      '{"rule":"x","time":"2026-11-22T07:41:14Z","output_fields":{}}',
    ],
  ],
])('%s', async (_, lines) => {
  writeFileSync(at('alerts.jsonl'), `${lines.join('\n')}\n`);
  const asked = (...args: string[]) => said(runWho, ['203.0.113.7', at('alerts.jsonl'), ...args], /\r?\n/g);
  const { rows } = JSON.parse(await asked('--json')) as {
    rows: { first: string; last: string; times: number; destination: { port?: number } }[];
  };
  for (const { first, last, times, destination } of rows) {
    expect(Date.parse(first)).toBeLessThanOrEqual(Date.parse(last));
    expect(Number.isSafeInteger(times)).toBe(true);
    expect(destination.port ?? 0).toBeLessThanOrEqual(65_535);
  }
  const report = [at('alerts.jsonl'), '--out', at('page.html')];
  const texts = [await asked(), await asked('--csv'), await asked('--html'), await said(runReport, report)];
  const state = ['--cluster-state', at('state.json')];
  texts.push(readFileSync(at('page.html'), 'utf8').replaceAll(/<(script|style).*?<\/\1>/gs, ''));
  texts.push(await said(runAdvise, [at('alerts.jsonl'), ...state]));
  for (const text of texts)
    expect(text).not.toMatch(/\bNaN\b|Infinity|Invalid Date|\[object|\d[eE]\+\d|undefined/);
  loadAll(texts.at(-1) ?? '');
});
