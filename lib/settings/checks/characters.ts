import { each, is, keysWithin, matches, when } from '../decide';
import type { Findings } from '../finding';
import type { Settings } from '../settings';

/** Control characters but tab, line feed and carriage return. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/;

/** Keys and texts that YAML, or what reads it in Kubernetes, cannot carry. */
export function checkCharacters(settings: Settings): Findings {
  return each(keysWithin(settings), ({ path, key, texts }) => [
    // Facts: Helm prints such a key without quotes, and reads that as YAML 1.1's merge key.
    when(is(key, '<<'), () => ({
      path,
      message: `is YAML's key for merging; give it another name`,
    })),
    when(matches(key, CONTROL), () => ({
      path,
      message: `has a control character in its name; remove it`,
    })),
    each(texts, (text) =>
      when(matches(text, CONTROL), () => ({
        path,
        message: `holds a control character other than a tab or a line break, which YAML cannot carry; remove it`,
      })),
    ),
  ]);
}
