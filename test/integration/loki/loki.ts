import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { dump, load } from 'js-yaml';

import { STREAM_LABELS } from '../../../lib/observability/egress-stream';
import { freePorts } from '../control-plane/free-ports';
import { ServerProcess } from '../control-plane/server-process';
import { waitUntil } from '../control-plane/wait';

const BUILD = resolve(__dirname, '../../../tools/loki/build.mjs');

/** The pinned Loki, where `node tools/loki/build.mjs` has built it. */
export function lokiBinary(): string | undefined {
  const { status, stdout } = spawnSync(process.execPath, [BUILD, '--cached'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? (JSON.parse(stdout) as { loki: string }).loki : undefined;
}

function config(folder: string, httpPort: number, grpcPort: number): object {
  const address = '127.0.0.1';
  return {
    // Whoever names no tenant is refused.
    auth_enabled: true,
    // Else it tells its makers that it runs.
    analytics: { reporting_enabled: false },
    server: {
      ...{ http_listen_address: address, http_listen_port: httpPort },
      ...{ grpc_listen_address: address, grpc_listen_port: grpcPort, log_level: 'warn' },
    },
    common: {
      ...{ instance_addr: address, path_prefix: folder, replication_factor: 1 },
      ring: { kvstore: { store: 'inmemory' } },
      storage: {
        filesystem: { chunks_directory: join(folder, 'chunks'), rules_directory: join(folder, 'rules') },
      },
    },
    // Else it is ready only 10 s later.
    frontend_worker: { frontend_address: `${address}:${grpcPort}` },
    ingester: { lifecycler: { join_after: '0s', min_ready_duration: '0s', final_sleep: '0s' } },
    schema_config: {
      configs: [
        {
          ...{ from: '2020-10-24', store: 'tsdb', object_store: 'filesystem', schema: 'v13' },
          index: { prefix: 'index_', period: '24h' },
        },
      ],
    },
    limits_config: {
      ...{ reject_old_samples: false, allow_structured_metadata: true, unordered_writes: true },
      ...{ ingestion_rate_mb: 200, ingestion_burst_size_mb: 400, per_stream_rate_limit: '200MB' },
      per_stream_rate_limit_burst: '400MB',
      // As docs/monitoring.md asks for.
      max_query_series: 10_000,
      otlp_config: {
        resource_attributes: { attributes_config: [{ action: 'index_label', attributes: STREAM_LABELS }] },
      },
    },
  };
}

/** What Loki says against a piece of its configuration, over that of the tests; nothing where it takes it. */
export function checkLokiConfig(binary: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'falco-egress-loki-config-'));
  const file = join(folder, 'loki.yaml');
  writeFileSync(file, dump({ ...config(folder, 1, 2), ...(load(text) as object) }));
  const { status, stdout, stderr } = spawnSync(binary, [`-config.file=${file}`, '-verify-config'], {
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

/** A running Loki on loopback. It ends, and what it stored goes, with this process at the latest. */
export class Loki {
  static async start(binary: string, configure: typeof config = config): Promise<Loki> {
    const folder = mkdtempSync(join(tmpdir(), 'falco-egress-loki-'));
    const [httpPort = 0, grpcPort = 0] = await freePorts(2);
    const file = join(folder, 'loki.yaml');
    writeFileSync(file, dump(configure(folder, httpPort, grpcPort)));
    const loki = new Loki(
      new URL(`http://127.0.0.1:${httpPort}`),
      ServerProcess.start('loki', binary, { 'config.file': file, target: 'all' }, folder),
      folder,
    );
    await waitUntil(
      async () => {
        await loki.server.check();
        return (await fetch(new URL('/ready', loki.url)).catch(() => undefined))?.status === 200;
      },
      120_000,
      () => loki.server.error('did not become ready'),
    );
    return loki;
  }

  private constructor(
    readonly url: URL,
    private readonly server: ServerProcess,
    private readonly folder: string,
  ) {}

  /** Posts JSON of a tenant; what Loki says against it, or nothing. */
  async post(path: string, tenant: string, body: string): Promise<string> {
    const answer = await fetch(new URL(path, this.url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Scope-OrgID': tenant },
      body,
    });
    const said = await answer.text();
    return answer.ok ? '' : `${answer.status} ${said}`;
  }

  /** The one number that a query gives; 0 where there is none. */
  async number(tenant: string, query: string, time?: string): Promise<number> {
    const url = new URL('/loki/api/v1/query', this.url);
    url.search = new URLSearchParams({ query, ...(time !== undefined && { time }) }).toString();
    const answer = await fetch(url, { headers: { 'X-Scope-OrgID': tenant } });
    const { data } = (await answer.json()) as { data?: { result: { value: [number, string] }[] } };
    return Number(data?.result[0]?.value[1] ?? 0);
  }

  /** Its metrics, as Prometheus reads them. */
  async metrics(): Promise<string> {
    return (await fetch(new URL('/metrics', this.url))).text();
  }

  /** Has it store what it holds in memory: until then queries don't see all that is older than a few hours. */
  async flush(): Promise<void> {
    await fetch(new URL('/flush', this.url), { method: 'POST' });
  }

  /** How many bytes its chunks take, once all is stored. */
  async storedBytes(): Promise<number> {
    await this.flush();
    let bytes = 0;
    let same = 0;
    await waitUntil(
      () => {
        const now = bytesIn(join(this.folder, 'chunks'));
        same = now === bytes ? same + 1 : 0;
        bytes = now;
        return Promise.resolve(bytes > 0 && same >= 50);
      },
      120_000,
      () => this.server.error('stores nothing'),
    );
    return bytes;
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  /** Has it store all that it holds, on whatever disk, and end. */
  async end(): Promise<void> {
    await fetch(new URL('/ingester/shutdown?flush=true&terminate=true', this.url), { method: 'POST' });
    await waitUntil(
      () =>
        this.server.check().then(
          () => false,
          () => true,
        ),
      60_000,
      () => this.server.error('does not end'),
    );
    rmSync(this.folder, { recursive: true });
  }
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
