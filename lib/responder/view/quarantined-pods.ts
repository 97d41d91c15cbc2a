import { isQuarantined, parseRecord, type QuarantineRecord } from '../../containment';
import { QUARANTINE_RECORD_ANNOTATION } from '../../names';
import type { ObjectKey, Store, WatchedPod } from '../cluster/cluster';

const MINUTE = 60_000;
/** How often those that are older than a minute are taken out: they count for so much longer at most. */
const TAKEN_OUT_EVERY = 100;

/** A Pod that is cut off, with its record as far as it can be read. */
interface Known {
  readonly pod: WatchedPod;
  readonly record: QuarantineRecord | undefined;
}

/** The Pods that are cut off, and those that are being cut off: limits count both. */
export class QuarantinedPods {
  private readonly known = new Map<string, Known>();
  private readonly byNamespace = new Map<string, Set<string>>();
  private readonly byOwner = new Map<string, Set<string>>();
  /** Being written, by UID; not seen by the watch yet. */
  private readonly begun = new Map<string, { readonly pod: WatchedPod; readonly key: string }>();
  /** When quarantines began, by the Pod's UID; only what is younger than a minute counts. */
  private readonly beginnings = new Map<string, number>();
  private takenOutAt = -Infinity;

  constructor(
    private readonly pods: Store<WatchedPod>,
    private readonly now: () => number,
  ) {
    for (const pod of pods.list()) this.see(keyOf(pod), pod);
    pods.subscribe(({ key, after }) => {
      this.see(key, after);
    });
  }

  /** Keys of all, or of those of one namespace. */
  keys(namespace?: string): readonly string[] {
    return [...(namespace === undefined ? this.known.keys() : (this.byNamespace.get(namespace) ?? []))];
  }

  /** How many there are in a namespace and in the cluster, those that are being written among them. */
  counts(namespace: string): { readonly inCluster: number; readonly inNamespace: number } {
    let inCluster = this.known.size;
    let inNamespace = this.byNamespace.get(namespace)?.size ?? 0;
    for (const { pod, key } of this.begun.values()) {
      if (this.known.has(key)) continue;
      inCluster += 1;
      if (pod.metadata?.namespace === namespace) inNamespace += 1;
    }
    return { inCluster, inNamespace };
  }

  /** Records of an owner's Pods. */
  recordsOf(namespace: string, owner: string): readonly QuarantineRecord[] {
    const keys = this.byOwner.get(`${namespace}/${owner}`) ?? [];
    return [...keys].flatMap((key) => this.known.get(key)?.record ?? []);
  }

  /** How many are judged so; those that have no record count as not contained. */
  countOf(verdict: 'contained' | 'partial' | 'not-contained'): number {
    let count = 0;
    for (const { record } of this.known.values())
      if ((record?.verdict?.verdict ?? 'not-contained') === verdict) count += 1;
    return count;
  }

  /** How many quarantines have begun within the last minute. */
  begunLastMinute(): number {
    const now = this.now();
    if (Math.abs(now - this.takenOutAt) >= TAKEN_OUT_EVERY) {
      this.takenOutAt = now;
      for (const [uid, at] of this.beginnings)
        if (at < now - MINUTE) this.beginnings.delete(uid);
        // The clock has been set back: from now on it is a minute again.
        else if (at > now) this.beginnings.set(uid, now);
    }
    return this.beginnings.size;
  }

  /** The Pods of a namespace, those that are being cut off already as if they were. */
  podsOf(namespace: string): readonly WatchedPod[] {
    const pods = this.pods.list(namespace);
    if (this.begun.size === 0) return pods;
    return pods.map((pod) => this.begun.get(uidOf(pod))?.pod ?? pod);
  }

  /**
   * A quarantine is being written.
   *
   * @param pod as it will be
   * @returns what to call once it has been written, or has not
   */
  begin(pod: WatchedPod): (written: boolean) => void {
    const uid = uidOf(pod);
    const isNew = !this.beginnings.has(uid);
    this.begun.set(uid, { pod, key: keyText(keyOf(pod)) });
    if (isNew) this.beginnings.set(uid, this.now());
    return (written) => {
      this.begun.delete(uid);
      if (!written && isNew) this.beginnings.delete(uid);
    };
  }

  private see(key: ObjectKey, pod: WatchedPod | undefined): void {
    const text = keyText(key);
    const before = this.known.get(text)?.record?.since;
    this.forget(key.namespace, text);
    if (pod === undefined || !isQuarantined(pod)) return;
    const record = parseRecord(pod.metadata?.annotations?.[QUARANTINE_RECORD_ANNOTATION] ?? '');
    this.known.set(text, { pod, record });
    addTo(this.byNamespace, key.namespace, text);
    if (record?.owner !== undefined) addTo(this.byOwner, `${key.namespace}/${record.owner}`, text);
    const since = Date.parse(record?.since ?? '');
    const uid = uidOf(pod);
    // Another replica's clock may be ahead: a minute that hasn't begun would not end either.
    if (record?.since !== before && !this.beginnings.has(uid) && since >= this.now() - MINUTE)
      this.beginnings.set(uid, Math.min(since, this.now()));
  }

  private forget(namespace: string, text: string): void {
    const known = this.known.get(text);
    if (known === undefined) return;
    this.known.delete(text);
    removeFrom(this.byNamespace, namespace, text);
    if (known.record?.owner !== undefined)
      removeFrom(this.byOwner, `${namespace}/${known.record.owner}`, text);
  }
}

/** The key of an object as one text. */
export function keyText({ namespace, name }: ObjectKey): string {
  return `${namespace}/${name}`;
}

/** The key of a Pod. */
export function keyOf({ metadata }: WatchedPod): ObjectKey {
  return { namespace: metadata?.namespace ?? '', name: metadata?.name ?? '' };
}

function uidOf({ metadata }: WatchedPod): string {
  return metadata?.uid ?? '';
}

function addTo(index: Map<string, Set<string>>, group: string, key: string): void {
  const keys = index.get(group) ?? new Set();
  keys.add(key);
  index.set(group, keys);
}

function removeFrom(index: Map<string, Set<string>>, group: string, key: string): void {
  const keys = index.get(group);
  keys?.delete(key);
  if (keys?.size === 0) index.delete(group);
}
