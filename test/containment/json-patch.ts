import type { PatchOperation, Pod } from '../../lib/containment';

/** Applies a JSON Patch of test, add and remove to members of objects; throws with the path where one fails. */
export function patched(pod: Pod, patch: readonly PatchOperation[]): Pod {
  const result = structuredClone(pod);
  for (const operation of patch) {
    const keys = operation.path
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() ?? '';
    let parent = result as Record<string, unknown>;
    for (const key of keys) {
      if (!(key in parent)) throw new Error(`no ${operation.path}`);
      parent = parent[key] as Record<string, unknown>;
    }
    if (operation.op === 'add') parent[last] = operation.value;
    else if (operation.op === 'test' && operation.value === null) {
      if (last in parent) throw new Error(`${operation.path} is there`);
    } else if (!(last in parent)) throw new Error(`no ${operation.path}`);
    else if (operation.op === 'remove') Reflect.deleteProperty(parent, last);
    else if (parent[last] !== operation.value) throw new Error(`${operation.path} is another`);
  }
  return result;
}
