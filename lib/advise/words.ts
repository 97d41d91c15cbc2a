/** `1 time`, `12 times`. */
export function timesText(times: number): string {
  return times === 1 ? 'once' : `${times} times`;
}

/** A day, or from one to another. */
export function spanText(first: number, last: number): string {
  const [from, to] = [dayOf(first), dayOf(last)];
  return from === to ? from : `${from} to ${to}`;
}

/** `12 minutes`, `3 hours`: how long, rounded down. */
export function lengthText(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return 'less than a minute';
  const [length, unit] = minutes < 120 ? [minutes, 'minute'] : [Math.floor(minutes / 60), 'hour'];
  return `${length} ${unit}${length === 1 ? '' : 's'}`;
}

/** `2026-11-22 07:41`, in UTC. */
export function minuteOf(at: number): string {
  return isoOf(at).slice(0, 16).replace('T', ' ');
}

/** RFC 3339 to the second, in UTC. */
export function isoOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function dayOf(at: number): string {
  return isoOf(at).slice(0, 10);
}
