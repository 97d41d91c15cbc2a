/** One operation of a JSON Patch, RFC 6902. */
export type PatchOperation =
  | { readonly op: 'test' | 'add'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** The path of a label or an annotation. */
function pathOf(map: 'labels' | 'annotations', key: string): string {
  return `/metadata/${map}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** What is read of the object that is patched. */
interface Patched {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A key to set, or to take away. */
export interface Change {
  readonly map: 'labels' | 'annotations';
  readonly key: string;
  readonly value: string | undefined;
}

/** Tests that a key is as it was seen, be it absent: the API server takes null for that. */
export function unchanged(seen: Patched, map: Change['map'], key: string): PatchOperation {
  const values = seen[map] ?? {};
  return { op: 'test', path: pathOf(map, key), value: Object.hasOwn(values, key) ? values[key] : null };
}

/**
 * One patch that changes labels and annotations of this very object, or nothing. It tests the UID, and of each key what was
 * seen: the value of one that it takes away or replaces, the absence of one that it adds. Where a map is absent it has to be made whole, which would undo what
 * somebody else adds meanwhile: then the resourceVersion is tested too.
 */
export function metadataPatch(seen: Patched, changes: readonly Change[]): PatchOperation[] {
  const tests: PatchOperation[] = [{ op: 'test', path: '/metadata/uid', value: seen.uid }];
  const operations: PatchOperation[] = [];
  for (const map of ['labels', 'annotations'] as const) {
    const own = changes.filter((change) => change.map === map);
    const values = seen[map];
    if (values === undefined) {
      const set = own.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value] as const]));
      if (set.length === 0) continue;
      tests.push({ op: 'test', path: '/metadata/resourceVersion', value: seen.resourceVersion });
      operations.push({ op: 'add', path: `/metadata/${map}`, value: Object.fromEntries(set) });
      continue;
    }
    for (const { key, value } of own) {
      const path = pathOf(map, key);
      // Whoever has set it meanwhile was first.
      if (value !== undefined || Object.hasOwn(values, key)) tests.push(unchanged(seen, map, key));
      if (value !== undefined) operations.push({ op: 'add', path, value });
      else if (Object.hasOwn(values, key)) operations.push({ op: 'remove', path });
    }
  }
  return [...tests, ...operations];
}
