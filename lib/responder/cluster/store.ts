import type { Change, ObjectKey, Store } from './cluster';

/** An object as the API server told us of it. */
export interface Observed<T> {
  readonly key: ObjectKey;
  readonly uid: string;
  /** Its `resourceVersion`. */
  readonly version: string;
  readonly object: T;
}

/** What a watch says of an object. */
export type ObservedEvent<T> = Observed<T> & { readonly type: 'set' | 'gone' };

/** What we know before the watch does, by our own writes. */
interface Ahead {
  /** Of the object as it was written, or as it was when it was ended. */
  readonly version: string;
  /** The UID of an object that has been ended. */
  readonly gone?: string;
}

/** Whether a `resourceVersion` is later than another: decimal numbers without leading zeros, of any length. */
export function isLater(version: string, other: string): boolean {
  return version.length === other.length ? version > other : version.length > other.length;
}

/**
 * The objects of one kind. A reflector tells it what a list and a watch say; what our own writes are answered is taken in at
 * once, and what the watch then says of the time before is passed over.
 */
export class ObjectStore<T> implements Store<T> {
  private readonly namespaces = new Map<string, Map<string, Observed<T>>>();
  private readonly listeners = new Set<(change: Change<T>) => void>();
  private readonly ahead = new Map<string, Ahead>();
  /** The store has everything up to this. */
  private version: string | undefined;

  /** @param failed told of a listener that throws: the others hear of the change all the same */
  constructor(private readonly failed: (error: unknown) => void = () => undefined) {}

  get(key: ObjectKey): T | undefined {
    return this.find(key)?.object;
  }

  list(namespace?: string): readonly T[] {
    const objects: T[] = [];
    const maps = namespace === undefined ? this.namespaces.values() : [this.namespaces.get(namespace)];
    for (const map of maps) for (const { object } of map?.values() ?? []) objects.push(object);
    return objects;
  }

  subscribe(listener: (change: Change<T>) => void): () => void {
    // Wrapped, so that one who subscribes twice is told twice.
    const own = (change: Change<T>): void => {
      listener(change);
    };
    this.listeners.add(own);
    return () => this.listeners.delete(own);
  }

  /** All that there is at a version: what isn't listed is gone. */
  replace(listed: readonly Observed<T>[], version: string): void {
    this.version = version;
    const ids = new Set<string>();
    for (const observed of listed) {
      ids.add(text(observed.key));
      this.apply({ ...observed, type: 'set' });
    }
    // What we wrote after the list was made is not in it.
    const isAhead = (id: string): boolean => isLater(this.ahead.get(id)?.version ?? '', version);
    for (const { key } of this.all()) {
      const id = text(key);
      if (!ids.has(id) && !isAhead(id)) this.put(key, undefined);
    }
    for (const id of this.ahead.keys()) if (!ids.has(id) && !isAhead(id)) this.ahead.delete(id);
  }

  /** What the watch says next. */
  apply(event: ObservedEvent<T>): void {
    const id = text(event.key);
    const ahead = this.ahead.get(id);
    if (ahead !== undefined) {
      if (isLater(ahead.version, event.version)) return;
      if (ahead.gone === event.uid && event.type === 'set') return;
      this.ahead.delete(id);
    }
    const { type, ...observed } = event;
    this.put(event.key, type === 'gone' ? undefined : observed);
  }

  /** The watch has told all up to this version. */
  reached(version: string): void {
    this.version = version;
  }

  /** An object as a write of ours was answered, perhaps before the watch tells. */
  absorb(observed: Observed<T>): void {
    if (this.version === undefined || !isLater(observed.version, this.version)) return;
    if (this.ahead.get(text(observed.key))?.gone === observed.uid) return;
    const before = this.find(observed.key);
    if (before !== undefined && !isLater(observed.version, before.version)) return;
    this.ahead.set(text(observed.key), { version: observed.version });
    this.put(observed.key, observed);
  }

  /** An object that a write of ours has ended, perhaps before the watch tells. */
  absorbGone(key: ObjectKey, uid: string): void {
    const before = this.find(key);
    if (before?.uid !== uid) return;
    this.ahead.set(text(key), { version: before.version, gone: uid });
    this.put(key, undefined);
  }

  /** The cluster has no such kind any more. */
  clear(): void {
    this.version = undefined;
    this.ahead.clear();
    for (const { key } of this.all()) this.put(key, undefined);
  }

  private all(): Observed<T>[] {
    return [...this.namespaces.values()].flatMap((map) => [...map.values()]);
  }

  private find({ namespace, name }: ObjectKey): Observed<T> | undefined {
    return this.namespaces.get(namespace)?.get(name);
  }

  private put(key: ObjectKey, observed: Observed<T> | undefined): void {
    const before = this.find(key);
    if (before === undefined && observed === undefined) return;
    if (before !== undefined && before.version === observed?.version) return;
    // Another object of that name: the old one has gone, whether a watch told of it or not.
    if (before !== undefined && observed !== undefined && before.uid !== observed.uid) {
      this.put(key, undefined);
      this.put(key, observed);
      return;
    }
    const names = this.namespaces.get(key.namespace) ?? new Map<string, Observed<T>>();
    if (observed === undefined) names.delete(key.name);
    else names.set(key.name, observed);
    if (names.size === 0) this.namespaces.delete(key.namespace);
    else this.namespaces.set(key.namespace, names);
    this.tell({ key, before: before?.object, after: observed?.object });
  }

  private tell(change: Change<T>): void {
    for (const listener of this.listeners) {
      try {
        listener(change);
      } catch (error) {
        this.failed(error);
      }
    }
  }
}

function text({ namespace, name }: ObjectKey): string {
  return `${namespace}/${name}`;
}
