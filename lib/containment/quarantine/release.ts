import { QUARANTINE_LABEL, QUARANTINE_POLICY, QUARANTINE_RECORD_ANNOTATION } from '../../names';
import { metadataPatch, type Change, type PatchOperation } from './json-patch';
import { noLongerWaiting } from './pending';
import { isQuarantined, type Pod } from './pod';
import { parseRecord } from './record';

/** Why a Pod is not released. */
export interface ReleaseRefusal {
  readonly kind: 'refusal';
  readonly code: 'not-quarantined' | 'record-unreadable';
  readonly line: string;
}

/** The end of a quarantine, ready to be written. */
export interface ReleasePlan {
  readonly kind: 'plan';
  /** JSON Patch of the Pod. */
  readonly patch: readonly PatchOperation[];
  /** Labels that somebody else has set meanwhile, and that stay as they are. */
  readonly kept: readonly string[];
  /** The standing policy, where this was the last Pod that needed it: to be deleted after the patch. */
  readonly removePolicy: { readonly namespace: string; readonly name: string } | undefined;
}

/**
 * Plans the release of a Pod: its labels become what they were; the record goes, and with it
 * what waits for a person and who has agreed to it. A label that was stripped and that somebody
 * has set again stays as it is now.
 *
 * @param quarantined every quarantined Pod of its namespace
 * @param options `force`: release a Pod whose record can't be read, by its quarantine label alone; `expired`: nobody ends it but
 *   its time, so what waits besides a quarantine goes on waiting
 */
export function releasePlan(
  pod: Pod,
  quarantined: readonly Pod[],
  { force = false, expired = false }: { readonly force?: boolean; readonly expired?: boolean } = {},
): ReleasePlan | ReleaseRefusal {
  const { metadata = {} } = pod;
  const namespace = metadata.namespace ?? 'default';
  const where = `${namespace}/${metadata.name ?? ''}`;
  const text = metadata.annotations?.[QUARANTINE_RECORD_ANNOTATION];
  if (!isQuarantined(pod) && text === undefined)
    return { kind: 'refusal', code: 'not-quarantined', line: `${where} is not quarantined` };
  const record = parseRecord(text ?? '');
  if (record === undefined && !force) {
    const line = `${where} has no record of its quarantine that could be read: its labels can't be restored`;
    return { kind: 'refusal', code: 'record-unreadable', line };
  }
  const now = metadata.labels ?? {};
  const saved = Object.entries(record?.labels ?? {}).filter(([key]) => key !== QUARANTINE_LABEL);
  const kept = saved
    .filter(([key, value]) => Object.hasOwn(now, key) && now[key] !== value)
    .map(([key]) => key);
  const restored = saved
    .filter(([key, value]) => value !== null && !Object.hasOwn(now, key))
    .map(([key, value]): Change => ({ map: 'labels', key, value: value ?? undefined }));
  const before = record?.labels[QUARANTINE_LABEL] ?? undefined;
  const patch = metadataPatch(metadata, [
    { map: 'labels', key: QUARANTINE_LABEL, value: before },
    ...restored,
    { map: 'annotations', key: QUARANTINE_RECORD_ANNOTATION, value: undefined },
    // An agreement that is left would cut it off again.
    ...noLongerWaiting(pod, ({ action = 'quarantine' }) => !expired || action === 'quarantine'),
  ]);
  const others = quarantined.filter(
    (other) =>
      isQuarantined(other) &&
      (other.metadata?.namespace ?? 'default') === namespace &&
      other.metadata?.uid !== metadata.uid,
  );
  const removePolicy = others.length === 0 ? { namespace, name: QUARANTINE_POLICY } : undefined;
  return { kind: 'plan', patch, kept, removePolicy };
}
