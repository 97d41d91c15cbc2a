import { runWho } from '../../../lib/cli/who/who';
import { CANARY_RULE } from '../../../lib/rules/library/names';
import { startDeployed } from '../collector/deployed';
import { NodeDirectories } from '../collector/node';
import { otelcolBinary, type Otelcol } from '../collector/otelcol';
import { waitUntil } from '../control-plane/wait';
import { Loki, lokiBinary } from './loki';

jest.setTimeout(300_000);

const TENANT = 'covered';
const PROPS = {
  sidekickUi: { enabled: false },
  responder: { enabled: false },
  collector: { enabled: true, loki: { url: 'http://loki.example.org', tenant: TENANT } },
};
const MINUTE = 60_000;

const binary = lokiBinary();
if (binary === undefined)
  console.warn('skipped: there is no Loki; node tools/loki/build.mjs builds it, in about six minutes');
const withLoki = binary === undefined ? test.skip : test;

/** A full minute half an hour ago: what is asked for begins there, and is twenty minutes long. */
const BEGIN = Math.floor(Date.now() / MINUTE) * MINUTE - 30 * MINUTE;

let loki: Loki;
let node: NodeDirectories;
let collector: Otelcol;

beforeAll(async () => {
  if (binary === undefined) return;
  loki = await Loki.start(binary);
  node = new NodeDirectories();
  node.writeToken('token');
  collector = await startDeployed(
    { binary: await otelcolBinary(), node, responderPort: 1, lokiPort: Number(loki.url.port) },
    PROPS,
  );
}, 900_000);

afterAll(async () => {
  if (binary === undefined) return;
  await collector.stop('SIGKILL');
  node.remove();
  await loki.stop();
});

afterEach(() => {
  delete process.env['LOKI_ORG_ID'];
});

function at(minute: number, second: number): string {
  return new Date(BEGIN + minute * MINUTE + second * 1000).toISOString().replace('Z', '123456Z');
}

function clock(minute: number): string {
  return at(minute, 0).slice(0, 16).replace('T', ' ');
}

/** An alert as Falco prints it. */
function alert(hostname: string, rule: string, time: string, fields: object): string {
  const output = `${rule} (pod=falco-egress-collector-x7k2p)`;
  const more = { priority: 'Informational', rule, source: 'syscall', tags: ['canary', 'egress', 'network'] };
  return JSON.stringify({ hostname, output, output_fields: fields, ...more, time });
}

function canary(hostname: string, minute: number): string {
  const fields = {
    ...{ 'container.id': '3db00b476ee2', 'fd.sip': '127.0.0.1', 'fd.sport': 13133 },
    ...{ 'k8s.ns.name': 'falco', 'k8s.pod.name': 'falco-egress-collector-x7k2p' },
  };
  return alert(hostname, CANARY_RULE, at(minute, 7), fields);
}

async function who(...args: string[]): Promise<{ code: number; out: string }> {
  process.env['LOKI_ORG_ID'] = TENANT;
  let out = '';
  const streams = { out: (text: string) => (out += text), error: (text: string) => (out += text) };
  const range = [
    '--from',
    new Date(BEGIN).toISOString(),
    '--to',
    new Date(BEGIN + 20 * MINUTE).toISOString(),
  ];
  return { code: await runWho([...args, '--loki', loki.url.href, ...range], streams), out };
}

withLoki(
  'canaries come by the collector and by falcosidekick, and who says which share they cover',
  async () => {
    // By the log of a node and the collector: from before the time asked for to after it, but for minutes 5 to 9.
    const minutes = Array.from({ length: 24 }, (_, index) => index - 2);
    const heard = minutes.filter((minute) => minute < 5 || minute > 9);
    const drops = alert('node-1', 'Falco internal: syscall event drop', at(12, 30), { n_drops: '321' });
    const lines = heard.map((minute) => canary('node-1', minute));
    // As a collector writes that was killed: some twice.
    node
      .log()
      .write(
        [...lines, ...lines.slice(0, 3), drops].map((line) => `${timeIn(line)} stdout F ${line}\n`).join(''),
      );
    // As falcosidekick pushes them: the whole alert as the line.
    const streams = minutes
      .filter((minute) => minute >= 10)
      .map((minute) => ({
        stream: { rule: CANARY_RULE, hostname: 'node-2', cluster: 'prod-eu-1', source: 'syscall' },
        values: [[`${BEGIN + minute * MINUTE + 7000}000000`, canary('node-2', minute)]],
      }));
    expect(await loki.post('/loki/api/v1/push', TENANT, JSON.stringify({ streams }))).toBe('');
    const expected = [
      'covered: 83.33 % of node-minutes',
      `not covered: node-1, ${clock(5)}–${clock(10).slice(11)} (no canary)`,
      `not known: node-2 before ${clock(10)} (gone, or not watched)`,
      `events lost by Falco: node-1, ${clock(12)}–${clock(12).slice(11)} (321 or more)`,
    ].join('; ');
    let answer = { code: -1, out: '' };
    await waitUntil(
      async () => {
        answer = await who('203.0.113.7');
        return answer.out.includes(expected);
      },
      60_000,
      () => new Error(`${expected}\n${answer.out}\n${collector.log().slice(-1500)}`),
    );
    expect(answer.out).toContain('no connection to 203.0.113.7');
    expect(answer.code).toBe(0);
    // The canary itself is nobody's connection, and is told by whatever selects the streams.
    expect((await who('127.0.0.1')).out).toContain('no connection to 127.0.0.1');
    for (const selector of ['{rule=~".+"}', '{service_name=~".+"}'])
      expect((await who('203.0.113.7', '--selector', selector)).out).toContain(expected);
    const { coverage, inputs } = JSON.parse((await who('203.0.113.7', '--json')).out) as {
      coverage: { nodeMinutes: object; nodes: number };
      inputs: { canaries: object[] };
    };
    expect(coverage).toMatchObject({ nodeMinutes: { expected: 30, covered: 25 }, nodes: 2 });
    expect(inputs.canaries).toEqual([
      expect.objectContaining({ answers: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }),
    ]);
  },
);

withLoki(
  'nodes of the inventory are expected while they were there, whether or not they had a canary',
  async () => {
    const record = (name: string, seen: number, more: object = {}): string[] => {
      const known = { inventory: 1, kind: 'node', cluster: 'prod-eu-1', time: at(seen, 0), name, uid: name };
      const line = JSON.stringify({ ...known, since: at(-60, 0), ips: [], ...more });
      return [`${BEGIN + seen * MINUTE}000000`, line];
    };
    const values = [
      ...[
        record('node-1', 21),
        record('node-2', 9, { since: at(8, 0) }),
        record('node-2', 21, { since: at(8, 0) }),
      ],
      ...[record('silent', 0), record('silent', 15, { ended: at(14, 30) })],
    ];
    const streams = [{ stream: { source: 'inventory', cluster: 'prod-eu-1' }, values }];
    expect(await loki.post('/loki/api/v1/push', TENANT, JSON.stringify({ streams }))).toBe('');
    const expected = [
      // 20 minutes, 12, and 15.
      'covered: 53.19 % of node-minutes',
      `not covered: silent, ${clock(0)}–${clock(15).slice(11)} (no canary)`,
      `node-1, ${clock(5)}–${clock(10).slice(11)} (no canary)`,
      `node-2, ${clock(8)}–${clock(10).slice(11)} (no canary)`,
    ];
    let answer = { code: -1, out: '' };
    await waitUntil(
      async () => {
        answer = await who('203.0.113.7');
        return expected.every((each) => answer.out.includes(each));
      },
      60_000,
      () => new Error(`${expected.join('; ')}\n${answer.out}`),
    );
    expect(answer.out).not.toContain('not known');
  },
);

function timeIn(line: string): string {
  return (JSON.parse(line) as { time: string }).time;
}
