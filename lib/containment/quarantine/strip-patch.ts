import { QUARANTINE_RECORD_ANNOTATION } from '../../names';
import type { Labels } from '../objects';
import { metadataPatch, type Change, type PatchOperation } from './json-patch';
import type { Pod } from './pod';
import { labelsBefore, parseRecord, type QuarantineRecord } from './record';

/**
 * The patch that takes labels from a quarantined Pod and saves them in its record, for the release; `undefined` where the
 * Pod has no record to save them in.
 */
export function stripPatch({ metadata = {} }: Pod, remove: Labels): PatchOperation[] | undefined {
  const record = parseRecord(metadata.annotations?.[QUARANTINE_RECORD_ANNOTATION] ?? '');
  if (record === undefined) return undefined;
  const keys = Object.keys(remove);
  // What was saved first is what the Pod had.
  const labels = { ...labelsBefore(metadata.labels ?? {}, keys), ...record.labels };
  const saved: QuarantineRecord = { ...record, labels };
  return metadataPatch(metadata, [
    ...keys.map((key): Change => ({ map: 'labels', key, value: undefined })),
    { map: 'annotations', key: QUARANTINE_RECORD_ANNOTATION, value: JSON.stringify(saved) },
  ]);
}
