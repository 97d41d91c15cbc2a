import { undecided } from './token';

/** Settings after defaults: every setting has a value; lists and maps with the user's own keys stay as they are. */
export type Resolved<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? string extends keyof T
      ? T
      : { readonly [K in keyof T]-?: Resolved<NonNullable<T[K]>> }
    : T;

type Node = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is Node {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return undecided()?.isOpen(value) !== true;
}

/**
 * What `over` says, and `base` where it is silent: maps are merged key by key, everything else (lists too) is replaced.
 * The same rule as Helm's for values files, so that an environment and a values file mean the same.
 */
export function merge(base: object, over: object): Node {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over) as [string, unknown][]) {
    const under = merged[key];
    if (value !== undefined) merged[key] = isMap(under) && isMap(value) ? merge(under, value) : value;
  }
  return merged;
}
