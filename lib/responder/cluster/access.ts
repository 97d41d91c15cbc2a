import type { KubeConfig } from '@kubernetes/client-node';
import { createHash } from 'node:crypto';
import type { Agent } from 'node:http';
import type { RequestOptions } from 'node:https';
import { UsageError } from '../../program/failure';
import type { Clock } from '../clock';
import { TokenFile } from './token-file';

/** What a connection and a request to the API server need beside path and body. */
export interface Access {
  readonly server: URL;
  readonly tls: Pick<
    RequestOptions,
    'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'rejectUnauthorized' | 'servername'
  >;
  /** Where the cluster is behind a proxy. */
  readonly agent: Agent | undefined;
  /** The same for those who may share a connection: they have the same server, and show it the same. */
  readonly connection: string;
  /** The header, as it is now. */
  readonly authorization: () => string | undefined;
}

/** Credentials that are refused are read anew at most so often. */
const RENEWED_AT_MOST_EVERY = 1_000;

/** Where the API server is and who we are, kept up to date. */
export class AccessSource {
  private current: Promise<Access> | undefined;
  private renewedAt = -Infinity;
  private config: KubeConfig;

  /** @throws what `load` throws: without a cluster there is nothing to begin */
  constructor(
    private readonly load: () => KubeConfig,
    private readonly clock: Clock,
  ) {
    this.config = load();
  }

  get(): Promise<Access> {
    this.current ??= this.make(this.config).catch((error: unknown) => {
      this.current = undefined;
      throw error;
    });
    return this.current;
  }

  /** After a refusal: everything is read again. */
  async renew(): Promise<Access> {
    if (this.clock.now() - this.renewedAt >= RENEWED_AT_MOST_EVERY) {
      this.renewedAt = this.clock.now();
      this.config = this.load();
      this.current = undefined;
    }
    return this.get();
  }

  private async make(config: KubeConfig): Promise<Access> {
    const cluster = config.getCurrentCluster();
    if (cluster === null) throw new UsageError('the kubeconfig names no cluster');
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
    const headers = new Headers(options.headers as Record<string, string> | undefined);
    const basic = options.auth == null ? undefined : `Basic ${Buffer.from(options.auth).toString('base64')}`;
    const fixed = headers.get('authorization') ?? basic;
    const tokenFile = tokenFileOf(config);
    const token = tokenFile === undefined ? undefined : new TokenFile(tokenFile, this.clock);
    const tls = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
    return {
      server: new URL(cluster.server),
      tls,
      connection: digest([cluster.server, tls]),
      agent: cluster.proxyUrl === undefined ? undefined : (options.agent as Agent),
      authorization: token === undefined ? () => fixed : () => `Bearer ${token.read()}`,
    };
  }
}

/** The file of a ServiceAccount's token; client-node itself reads it once a minute. */
function tokenFileOf(config: KubeConfig): string | undefined {
  const provider: unknown = config.getCurrentUser()?.authProvider;
  if (typeof provider !== 'object' || provider === null || !('config' in provider)) return undefined;
  const { config: settings } = provider;
  if (typeof settings !== 'object' || settings === null || !('tokenFile' in settings)) return undefined;
  return typeof settings.tokenFile === 'string' ? settings.tokenFile : undefined;
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
