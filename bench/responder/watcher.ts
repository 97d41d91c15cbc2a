import { performance } from 'node:perf_hooks';
import type { ApiClient } from '../../lib/responder/cluster/api-client';
import { monotonicClock } from '../../lib/responder/clock';
import { collectionPath, CORE, type Resource } from '../../lib/responder/cluster/resource';
import { readWatch } from '../../lib/responder/cluster/watch-stream';
import { QUARANTINE_LABEL } from '../../lib/names';

const SILENCE = 600_000;

interface Seen {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** When something was seen; only the first time counts. */
interface Sight {
  readonly at: Promise<number>;
  readonly see: (at: number) => void;
}

/** Somebody else who watches: knows when each policy was there, and when each Pod carried the quarantine label. */
export class Watcher {
  private readonly sights = new Map<string, Sight>();
  private readonly ended = new AbortController();

  static async start(client: ApiClient): Promise<Watcher> {
    const watcher = new Watcher();
    await watcher.follow(client, CORE.pods, ({ metadata }) => metadata.labels?.[QUARANTINE_LABEL] === 'true');
    await watcher.follow(client, CORE.networkPolicies, () => true);
    return watcher;
  }

  /** When it was first seen: a policy by its name, a Pod by its name once it carries the label. */
  seen(resource: Resource, namespace: string, name: string): Promise<number> {
    return this.sight(`${resource.name}/${namespace}/${name}`).at;
  }

  stop(): void {
    this.ended.abort();
  }

  private async follow(
    client: ApiClient,
    resource: Resource,
    counts: (object: Seen) => boolean,
  ): Promise<void> {
    const response = await client.open({
      ...{ method: 'GET', path: collectionPath(resource), signal: this.ended.signal },
      query: { watch: '1', timeoutSeconds: '3600' },
      doing: `watch ${resource.name}`,
    });
    const event = ({ object }: { readonly object: unknown }): void => {
      if (!counts(object as Seen)) return;
      const { namespace, name } = (object as Seen).metadata;
      this.sight(`${resource.name}/${namespace}/${name}`).see(performance.now());
    };
    readWatch(response, { silence: SILENCE, clock: monotonicClock, heard: () => undefined, event }).catch(
      (error: unknown) => {
        if (!this.ended.signal.aborted) throw error;
      },
    );
  }

  private sight(key: string): Sight {
    const known = this.sights.get(key);
    if (known !== undefined) return known;
    let see: (at: number) => void = () => undefined;
    const at = new Promise<number>((resolve) => (see = resolve));
    const sight = { at, see };
    this.sights.set(key, sight);
    return sight;
  }
}
