import type { TierKind, TierPolicy } from './cluster';
import { wait } from './pauses';
import { projectTierPolicy } from './projections';
import { Reflector } from './reflector';
import type { Resource } from './resource';
import type { StateProps } from './state';
import type { ObjectStore } from './store';
import { TIER_KINDS } from './tier-kinds';

/** A watch of a kind where it is served now. */
interface TierWatch {
  readonly resource: Resource;
  readonly stop: AbortController;
  readonly tried: Promise<void>;
}

/** How soon it is asked again where there was no answer, in milliseconds. */
const ASK_AGAIN = 1_000;

/**
 * Watches those kinds of tier policies that the cluster serves, as it begins and ceases to serve them, until the signal.
 * Resolves once those that it serves and that may be read are there.
 */
export async function followTiers(
  props: StateProps,
  storeOf: (kind: TierKind) => ObjectStore<TierPolicy>,
  signal: AbortSignal,
): Promise<void> {
  const { tiers, clock, times } = props;
  const watches = new Map<TierKind, TierWatch>();
  let answered = await look();
  while (answered === 'none') {
    await pause();
    answered = await look();
  }
  void goOn();
  await Promise.all([...watches.values()].map(({ tried }) => tried));

  async function goOn(): Promise<void> {
    while (!signal.aborted) {
      await pause();
      answered = await look();
    }
  }

  function pause(): Promise<void> {
    return wait(answered === 'all' ? times.discover : Math.min(ASK_AGAIN, times.discover), clock, signal);
  }

  async function look(): Promise<'all' | 'some' | 'none'> {
    if (signal.aborted) return 'all';
    const answers = await tiers.refresh();
    for (const kind of TIER_KINDS) {
      const resource = tiers.served.get(kind);
      const watch = watches.get(kind);
      if (isSame(watch?.resource, resource)) continue;
      watch?.stop.abort();
      watches.delete(kind);
      storeOf(kind).clear();
      if (resource !== undefined) watches.set(kind, begin(resource, storeOf(kind)));
    }
    return answers;
  }

  function begin(resource: Resource, store: ObjectStore<TierPolicy>): TierWatch {
    const stop = new AbortController();
    const reflector = new Reflector({ ...props, resource, project: projectTierPolicy, store });
    void reflector.run(AbortSignal.any([signal, stop.signal]));
    return { resource, stop, tried: reflector.tried };
  }
}

function isSame(resource: Resource | undefined, other: Resource | undefined): boolean {
  return (
    resource?.group === other?.group && resource?.version === other?.version && resource?.name === other?.name
  );
}
