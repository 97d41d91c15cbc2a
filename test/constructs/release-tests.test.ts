import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { ASK_BY_NODE, ASK_SCRIPT, ReleaseTests } from '../../lib/constructs/release-tests';
import type { FalcoEgressProps } from '../../lib/settings/settings';
import type { KubeObject } from '../constructs';

function objects(props: Partial<FalcoEgressProps> = {}): KubeObject[] {
  const chart = new Chart(new App(), 'test');
  new ReleaseTests(chart, 'tests', { cluster: 'test', ...props });
  return chart.toJson() as KubeObject[];
}

const names = (found: readonly KubeObject[], kind: string) =>
  found.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);

/** What is off by default, and asked too. */
const STORE = { collector: { enabled: true }, loki: { enabled: true }, grafana: { enabled: true } } as const;

it('tests what is switched on', () => {
  expect(names(objects(), 'Pod')).toEqual([
    'falco-egress-test-rules',
    'falco-egress-test-sidekick',
    'falco-egress-test-sidekick-ui',
    'falco-egress-test-responder',
  ]);
  expect(names(objects(STORE), 'Pod').slice(3)).toEqual([
    'falco-egress-test-loki',
    'falco-egress-test-grafana',
    'falco-egress-test-responder',
  ]);
  expect(names(objects({ falco: { install: false }, sidekick: { enabled: false } }), 'Pod')).toEqual([
    'falco-egress-test-responder',
  ]);
});

it('makes nothing but hooks, which are gone when all went well', () => {
  for (const { metadata } of objects())
    expect(metadata.annotations).toMatchObject({
      'helm.sh/hook': 'test',
      'helm.sh/hook-delete-policy': expect.stringContaining('hook-succeeded') as string,
    });
});

it('lets Pods in for the time of the tests only, and makes no policy where none is wanted', () => {
  const policies = objects().filter(({ kind }) => kind === 'NetworkPolicy');
  expect(policies.map(({ metadata }) => metadata.name)).toEqual([
    'falco-egress-test-rules',
    'falco-egress-test-services',
    'falco-egress-test-ingress',
  ]);
  for (const { metadata } of policies)
    expect(metadata.annotations?.['helm.sh/hook-delete-policy']).toContain('hook-failed');
  expect(names(objects({ networkPolicies: { enabled: false } }), 'NetworkPolicy')).toEqual([]);
});

interface Reaches {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly podSelector: { readonly matchExpressions?: readonly { readonly values: readonly string[] }[] };
    readonly ingress?: readonly { readonly ports: readonly { readonly port: number }[] }[];
    readonly egress?: readonly {
      readonly to?: unknown;
      readonly ports: readonly { readonly port: number }[];
    }[];
  };
}

it('asks each service by its own address for whether it is ready, and both policies let it', () => {
  const made = objects(STORE);
  const urls = made.flatMap((object) => {
    const { spec } = object as unknown as { spec: { containers?: { command?: string[] }[] } };
    const url = new URL(spec.containers?.[0]?.command?.at(-1)?.match(/^http:.*/)?.[0] ?? 'none:');
    return url.protocol === 'http:' ? [url] : [];
  });
  expect(urls.map(String)).toEqual([
    'http://falco-egress-sidekick.falco-egress.svc:2801/ping',
    'http://falco-egress-sidekick-ui.falco-egress.svc:2802/api/v1/healthz',
    'http://falco-egress-loki.falco-egress.svc:3100/ready',
    'http://falco-egress-grafana.falco-egress.svc:3000/api/health',
    'http://falco-egress-responder.falco-egress.svc:9090/readyz',
  ]);
  const policies = made.filter(({ kind }) => kind === 'NetworkPolicy') as unknown as Reaches[];
  const spec = (end: string) => policies.find(({ metadata }) => metadata.name.endsWith(end))?.spec;
  const ports = (rules: readonly { ports: readonly { port: number }[] }[] = []) =>
    rules.flatMap((rule) => rule.ports.map(({ port }) => port));
  const out = ports(spec('services')?.egress?.filter(({ to }) => to !== undefined));
  const into = ports(spec('ingress')?.ingress);
  expect(out).toEqual(into);
  expect(urls.map(({ port }) => Number(port)).filter((port) => !into.includes(port))).toEqual([]);
  expect(spec('ingress')?.podSelector.matchExpressions?.[0]?.values).toEqual(
    urls.map(({ hostname }) => hostname.replace(/^falco-egress-(.*)\.falco-egress\.svc$/, '$1')),
  );
});

it('has no container that would keep a test from ending', () => {
  const sidecar = { name: 'side', image: 'side:1' };
  const pods = objects({
    falco: { sidecars: [sidecar] },
    sidekick: { sidecars: [sidecar] },
    responder: { sidecars: [sidecar] },
  }).filter(({ kind }) => kind === 'Pod');
  for (const pod of pods) expect(JSON.stringify(pod)).not.toContain('side:1');
});

describe.each<[string, (url: string) => readonly [string, ...string[]]]>([
  ['sh', (url) => ['sh', '-c', ASK_SCRIPT, 'ask', url]],
  ['node', (url) => [process.execPath, '-e', ASK_BY_NODE, url]],
])('asking by %s', (_by, command) => {
  /** A stand-in for wget, which not every machine has: fails as it does where the answer is no success. */
  const WGET = `#!/bin/sh
for url; do :; done
exec '${process.execPath}' -e 'fetch(process.argv[1]).then((answer) => process.exit(answer.ok ? 0 : 8))' "$url"
`;
  let server: Server;
  let bin: string;
  let status = 200;

  beforeAll(async () => {
    bin = mkdtempSync(join(tmpdir(), 'falco-egress-ask-'));
    writeFileSync(join(bin, 'wget'), WGET, { mode: 0o755 });
    server = createServer((_request, response) => response.writeHead(status).end('not ready'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });

  afterAll(() => {
    server.close();
    rmSync(bin, { recursive: true });
  });

  /** The exit code, and all that was printed. */
  async function ask(): Promise<{ code: number | null; output: string }> {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`;
    const [program, ...args] = command(url);
    const child = spawn(program, args, {
      env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, TRIES: '0' },
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    return new Promise((done) =>
      child.once('close', (code) => {
        done({ code, output });
      }),
    );
  }

  it('is content with an answer', async () => {
    status = 200;
    const { code, output } = await ask();
    expect(output).toMatch(/\/readyz answers\n$/);
    expect(code).toBe(0);
  });

  it('fails with the URL where the answer is no success', async () => {
    status = 503;
    const { code, output } = await ask();
    expect(code).toBe(1);
    expect(output).toContain('/readyz does not answer');
  });
});
