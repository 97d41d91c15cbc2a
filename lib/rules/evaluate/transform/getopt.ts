/**
 * The options among a program's arguments, as Falco's `getopt` lists them: each letter, followed by its value where the
 * options string says that it has one (`"l:p"`); `?` for a letter that it doesn't say. Stops at `--` and at the first
 * word that is no option; skips long options.
 */
export function getopt(words: readonly string[], optstring: string): string[] {
  const { withValue, without } = lettersOf(optstring);
  const missing = optstring.startsWith(':') ? ':' : '?';
  const found: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '--' || word.length < 2 || !word.startsWith('-')) break;
    if (word.startsWith('--')) continue;
    for (let at = 1; at < word.length; at += 1) {
      const letter = word.charAt(at);
      if (without.has(letter)) {
        found.push(letter);
      } else if (!withValue.has(letter)) {
        found.push('?');
      } else if (at + 1 < word.length) {
        found.push(letter, word.slice(at + 1));
        break;
      } else if (index + 1 < words.length) {
        index += 1;
        found.push(letter, words[index] ?? '');
        break;
      } else {
        found.push(missing);
      }
    }
  }
  return found;
}

function lettersOf(optstring: string): { withValue: ReadonlySet<string>; without: ReadonlySet<string> } {
  const withValue = new Set<string>();
  const without = new Set<string>();
  for (const [, letter = '', colon] of optstring.matchAll(/([^:])(:?)/g)) {
    if (colon === ':') withValue.add(letter);
    else if (!withValue.has(letter)) without.add(letter);
  }
  for (const letter of withValue) without.delete(letter);
  return { withValue, without };
}
