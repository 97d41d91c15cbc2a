import { FALCO_VERSIONS } from '../falco/versions';

/** `0.44` is the newest 0.44 that is known. */
export function fullVersion(version: string | undefined): string {
  if (version === undefined) return FALCO_VERSIONS.at(-1) ?? '';
  return FALCO_VERSIONS.findLast((known) => known.startsWith(`${version}.`)) ?? version;
}
