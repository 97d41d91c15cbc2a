import type { ApiClient } from './api-client';
import type { Projection } from './projections';
import { collectionPath, type Resource } from './resource';

const PAGE = 500;

/** Which objects of a kind are listed, and how. */
export interface ListOptions {
  /** @default all namespaces */
  readonly namespace?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** In which form the answer may be. */
  readonly accept?: string;
}

/** Lists objects past every cache, page by page. */
export async function listAll<T>(
  client: ApiClient,
  resource: Resource,
  project: Projection<T>,
  { namespace, query = {}, accept }: ListOptions = {},
): Promise<T[]> {
  const found: T[] = [];
  let next = '';
  do {
    const page = (await client.json({
      method: 'GET',
      path: collectionPath(resource, namespace),
      query: { ...query, limit: String(PAGE), ...(next !== '' && { continue: next }) },
      ...(accept !== undefined && { accept }),
      doing: `list ${resource.name}${namespace === undefined ? '' : ` of namespace ${namespace}`}`,
    })) as { readonly items?: readonly unknown[]; readonly metadata?: { readonly continue?: string } };
    for (const item of page.items ?? []) {
      const observed = project(item);
      if (observed !== undefined) found.push(observed.object);
    }
    next = page.metadata?.continue ?? '';
  } while (next !== '');
  return found;
}
