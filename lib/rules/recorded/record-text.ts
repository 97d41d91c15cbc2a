/** What the node's container runtime writes before each line of a Pod's log. */
const LOG_PREFIX = /^\S+ std(?:out|err) [FP] /;

/** A line of a recording without what is not of the record: a byte order mark, and what the container runtime adds. */
export function recordText(line: string): string {
  return line.replace(/^\uFEFF/, '').replace(LOG_PREFIX, '');
}
