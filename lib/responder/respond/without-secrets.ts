import { isJsonObject } from '../../rules/recorded/json-value';

/** Lists of words that make a command line. */
const WORDS = new Set(['command', 'args']);

/** Lists of pairs of a name and a literal value. */
const PAIRS = new Set(['env', 'httpHeaders']);

/** In these kubectl, kapp and others keep all that was applied once more. */
const APPLIED = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'kapp.k14s.io/original',
  'objectset.rio.cattle.io/applied',
  'banzaicloud.com/last-applied',
]);

/** States of a container, of which the kubelet tells by what the container wrote or by the command that it could not run. */
const STATES = new Set(['waiting', 'terminated']);

/** Pairs of a name and a value that drivers of volumes read. */
const OPTIONS = new Set(['volumeAttributes', 'options']);

/**
 * A Pod's object without what people write secrets into: the words of commands and arguments, the literal values of variables, of
 * headers and of options of volumes, and what a container said at its end, each told by its length; and the queries of probes.
 * Names, images, references to Secrets and all else stay.
 */
export function withoutSecrets(pod: object): object {
  return kept(pod) as object;
}

function kept(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(kept);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !APPLIED.has(key))
      .map(([key, item]) => [key, keptAt(key, item)]),
  );
}

function keptAt(key: string, item: unknown): unknown {
  if (isJsonObject(item)) return keptWithin(key, item);
  if (!Array.isArray(item)) return kept(item);
  if (WORDS.has(key)) return item.map(lengthOf);
  if (!PAIRS.has(key)) return kept(item);
  return item.map((pair: unknown) =>
    isJsonObject(pair) && 'value' in pair ? { ...pair, value: lengthOf(pair['value']) } : kept(pair),
  );
}

function keptWithin(key: string, object: Readonly<Record<string, unknown>>): unknown {
  const { message, path } = object;
  if (OPTIONS.has(key))
    return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, lengthOf(value)]));
  if (STATES.has(key) && message !== undefined) return { ...object, message: lengthOf(message) };
  if (key === 'httpGet' && typeof path === 'string')
    return { ...(kept(object) as object), path: path.replace(/[?#].*/s, '?…') };
  return kept(object);
}

function lengthOf(text: unknown): string {
  return `(${String(text).length} characters)`;
}
