import type { Recorded } from './recording-proxy';

/** What the authorizer is asked about a request. */
export interface RequestAttributes {
  readonly verb: string;
  /** Such as `networkpolicies.networking.k8s.io`, `pods/eviction`, or a path such as `/readyz`. */
  readonly on: string;
}

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** What the authorizer is asked; `undefined` for discovery, which everybody may. */
export function attributesOf({
  method,
  path,
}: Pick<Recorded, 'method' | 'path'>): RequestAttributes | undefined {
  const { pathname, searchParams } = new URL(path, 'http://x');
  const parts = pathname.split('/').filter((part) => part !== '');
  const [root, ...rest] = parts;
  if (root !== 'api' && root !== 'apis') return { verb: method.toLowerCase(), on: pathname };
  const group = root === 'api' ? '' : (rest.shift() ?? '');
  rest.shift();
  if (rest.length === 0) return undefined;
  if (rest[0] === 'namespaces' && rest.length > 2) rest.splice(0, 2);
  const [resource = '', name, subresource] = rest;
  const read = searchParams.get('watch') === null ? (name === undefined ? 'list' : 'get') : 'watch';
  const verb = method === 'GET' ? read : (VERBS[method] ?? method);
  const on = `${resource}${subresource === undefined ? '' : `/${subresource}`}${group === '' ? '' : `.${group}`}`;
  return { verb, on };
}
