import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Where built programs and fetched CRDs are kept: outside the repository, so that `git clean` and a fresh
 * clone cost no rebuild.
 */
export function cacheFolder() {
  const own = process.env.FALCO_EGRESS_CACHE;
  const shared = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'falco-egress');
  return join(resolve(own || shared), 'control-plane');
}
