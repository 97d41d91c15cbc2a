import { performance } from 'node:perf_hooks';
import { QUARANTINE_LABEL } from '../../lib/names';
import type { ApiClient } from '../../lib/responder/cluster/api-client';
import type { Projection } from '../../lib/responder/cluster/projections';
import { Reflector } from '../../lib/responder/cluster/reflector';
import { CORE, type Resource } from '../../lib/responder/cluster/resource';
import { LABELLED } from './ground';
import { ObjectStore } from '../../lib/responder/cluster/store';
import { monotonicClock } from '../../lib/responder/clock';

const TIMES = { silence: 120_000, hold: 3_600, list: 60_000, pause: { least: 20, most: 1_000 } };

interface Seen {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** When something was seen; only the first time counts. */
interface Sight {
  readonly at: Promise<number>;
  readonly see: (at: number) => void;
}

/** Somebody else who watches: knows when each policy was there, and when each Pod carried the quarantine label, or that of the bench. */
export class Watcher {
  private readonly sights = new Map<string, Sight>();
  private readonly ended = new AbortController();

  static async start(client: ApiClient): Promise<Watcher> {
    const watcher = new Watcher();
    await watcher.follow(client, CORE.pods, ({ metadata: { labels } }) =>
      [QUARANTINE_LABEL, LABELLED].some((label) => labels?.[label] === 'true'),
    );
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

  /** Goes on where the API server drops a watch that is too slow for a burst. */
  private async follow(
    client: ApiClient,
    resource: Resource,
    counts: (object: Seen) => boolean,
  ): Promise<void> {
    const store = new ObjectStore<boolean>();
    store.subscribe(({ key: { namespace, name }, after }) => {
      if (after === true) this.sight(`${resource.name}/${namespace}/${name}`).see(performance.now());
    });
    const project: Projection<boolean> = (raw) => {
      const object = raw as Seen;
      const { namespace, name, uid, resourceVersion } = object.metadata;
      return { key: { namespace, name }, uid, version: resourceVersion, object: counts(object) };
    };
    const reflector = new Reflector({
      ...{ client, resource, project, store, times: TIMES, clock: monotonicClock, random: Math.random },
      log: (level, message, fields) => {
        console.error(level, message, fields);
      },
    });
    void reflector.run(this.ended.signal);
    await reflector.filled;
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
