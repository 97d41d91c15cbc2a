import { ReleaseError } from './release-error';

/** `MAJOR.MINOR.PATCH`, or the same with `-rc.N` for a candidate. */
const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-rc\.([1-9]\d*))?$/;

/** The numbers of a version; a candidate comes before what it is a candidate of. Throws where it is none. */
function parts(version: string): readonly number[] {
  const match = VERSION.exec(version);
  if (match === null)
    throw new ReleaseError('BAD_VERSION', `${version} is no version: expected 1.2.3 or 1.2.3-rc.1`);
  // A group that took no part is undefined, whatever its type says.
  return match
    .slice(1)
    .map((number: string | undefined) => (number === undefined ? Infinity : Number(number)));
}

/** Below 0 where the first version comes before the second. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [parts(one), parts(other)];
  const at = a.findIndex((number, index) => number !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) < (b[at] ?? 0) ? -1 : 1;
}

/** Whether a version is a candidate, which nobody gets who does not ask for it. */
export function isCandidate(version: string): boolean {
  return parts(version).at(-1) !== Infinity;
}
