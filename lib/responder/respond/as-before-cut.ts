import { PREFIX } from '../../names';
import { isJsonObject } from '../../rules/recorded/json-value';
import type { WatchedPod } from '../cluster/cluster';

/**
 * A Pod's whole object with the labels, and of our annotations those, that it had when it was decided to cut it off: nothing
 * waits for the object, so the cut may have come first. `undefined` where another Pod has its name by now.
 */
export function asBeforeCut(whole: object, decided: WatchedPod): object | undefined {
  const metadata: unknown = 'metadata' in whole ? whole.metadata : undefined;
  const { uid, labels = {}, annotations = {} } = decided.metadata ?? {};
  if (!isJsonObject(metadata) || metadata['uid'] !== uid) return undefined;
  const isOurs = ([key]: readonly [string, unknown]): boolean => key.startsWith(`${PREFIX}/`);
  const others = isJsonObject(metadata['annotations']) ? Object.entries(metadata['annotations']) : [];
  const kept = [...others.filter((each) => !isOurs(each)), ...Object.entries(annotations).filter(isOurs)];
  return { ...whole, metadata: { ...metadata, labels, annotations: Object.fromEntries(kept) } };
}
