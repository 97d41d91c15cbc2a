import { isJsonObject } from '../../rules/recorded/json-value';

/** Lists of words that make a command line. */
const WORDS = new Set(['command', 'args']);

/** Lists of pairs of a name and a literal value. */
const PAIRS = new Set(['env', 'httpHeaders']);

/** kubectl keeps all that was applied in it once more. */
const APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * A Pod's object without what people write secrets into: the words of commands and arguments, and the literal values of
 * variables and of headers, each told by its length. Names, images, references to Secrets and all else stay.
 */
export function withoutSecrets(pod: object): object {
  return kept(pod) as object;
}

function kept(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(kept);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== APPLIED)
      .map(([key, item]) => [key, keptAt(key, item)]),
  );
}

function keptAt(key: string, item: unknown): unknown {
  if (!Array.isArray(item)) return kept(item);
  if (WORDS.has(key)) return item.map(lengthOf);
  if (!PAIRS.has(key)) return kept(item);
  return item.map((pair: unknown) =>
    isJsonObject(pair) && 'value' in pair ? { ...pair, value: lengthOf(pair['value']) } : kept(pair),
  );
}

function lengthOf(text: unknown): string {
  return `(${String(text).length} characters)`;
}
