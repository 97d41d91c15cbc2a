import type { DenyTier } from '../../containment';
import { refused, unanswered } from '../../program/cluster-connection';
import { ClusterError } from '../../program/cluster-error';
import type { ApiClient } from './api-client';
import type { TierKind } from './cluster';
import { versionPath, type Resource } from './resource';
import { TIER_SOURCES, type TierSource } from './tier-kinds';

/** Where the kinds of tiers are served. */
type ServedKinds = ReadonlyMap<TierKind, Resource>;

/** Which tiers of policies the cluster serves, as it was last asked. */
export class TierDiscovery {
  /** By kind, where it is served. */
  served: ServedKinds = new Map();

  constructor(private readonly client: ApiClient) {}

  /**
   * Asks anew. What the cluster can't say now stays as it was: the API server behind it may be away.
   *
   * @returns for which tiers there was an answer
   */
  async refresh(): Promise<'all' | 'some' | 'none'> {
    const before = [...this.served];
    let silent = 0;
    const found = await Promise.all(
      TIER_SOURCES.map(async (source) => {
        try {
          return await this.discover(source);
        } catch (error) {
          if (!(error instanceof ClusterError)) throw error;
          silent++;
          return before.filter(([kind]) => source.kinds[kind] !== undefined);
        }
      }),
    );
    this.served = new Map(found.flat());
    if (silent === 0) return 'all';
    return silent === TIER_SOURCES.length ? 'none' : 'some';
  }

  /** Tiers that can deny. */
  denyTiers(): ReadonlySet<DenyTier> {
    const served = TIER_SOURCES.filter(({ denies }) => this.served.has(denies.kind));
    return new Set(served.map(({ denies }) => denies.tier));
  }

  /** Where the deny policy of a tier is written. */
  async denyResource(tier: DenyTier): Promise<{ readonly resource: Resource; readonly kind: TierKind }> {
    const kind = TIER_SOURCES.find(({ denies }) => denies.tier === tier)?.denies.kind;
    if (kind !== undefined && !this.served.has(kind)) await this.refresh();
    const resource = kind === undefined ? undefined : this.served.get(kind);
    if (kind === undefined || resource === undefined)
      throw new ClusterError('API_NOT_FOUND', `the cluster serves no policies of the tier ${tier}`, false);
    return { resource, kind };
  }

  private async discover({ versions, kinds }: TierSource): Promise<(readonly [TierKind, Resource])[]> {
    for (const version of versions) {
      const names = await this.names(version);
      const served = Object.entries(kinds).filter(([, name]) => names.has(name));
      if (served.length > 0) return served.map(([kind, name]) => [kind as TierKind, { ...version, name }]);
    }
    return [];
  }

  /** Names of the kinds of a group's version; none where there is no such version. */
  private async names(version: Pick<Resource, 'group' | 'version'>): Promise<ReadonlySet<string>> {
    const doing = `discover ${version.group}/${version.version}`;
    const { status, text } = await this.client.ask({ method: 'GET', path: versionPath(version), doing });
    if (status === 404) return new Set();
    if (status !== 200) throw refused(status, text, doing);
    return new Set(namesIn(text, doing));
  }
}

function namesIn(text: string, doing: string): string[] {
  try {
    const list = JSON.parse(text) as { readonly resources?: readonly { readonly name: string }[] };
    return (list.resources ?? []).map(({ name }) => name);
  } catch (error) {
    throw unanswered(error, doing);
  }
}
