import { Buffer } from 'node:buffer';

/** What is longer than that is cut: no address, name or command line that a response asks about is. */
const LONGEST_TEXT = 8192;

/**
 * A text from a stranger, cut and with every half of a surrogate pair replaced by U+FFFD, as falcosidekick does it: then it
 * is the same by each way in, and can be sent on as UTF-8.
 */
export function harmless(text: string, longest = LONGEST_TEXT): string {
  const cut = text.length > longest ? text.slice(0, longest) : text;
  return /\p{Surrogate}/u.test(cut) ? Buffer.from(cut).toString() : cut;
}
