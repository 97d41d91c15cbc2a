import { visit, type Document } from 'yaml';

/** What a terminal would obey or not show, but the ends of lines. */
const NOT_SHOWN = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\u2028\u2029]/gu;

/**
 * A document as YAML that a terminal may show: what it would obey, or not show, is escaped, and reads back as the same. Comments have to
 * be inert already.
 */
export function inertYaml(document: Document): string {
  visit(document, {
    Scalar(_, node) {
      // Only between these can anything be escaped.
      if (typeof node.value === 'string' && node.value.search(NOT_SHOWN) >= 0) node.type = 'QUOTE_DOUBLE';
    },
  });
  // Folding would tear selectors and annotations apart.
  return document.toString({ lineWidth: 0 }).replace(NOT_SHOWN, escaped);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const [letter, digits] = code > 0xffff ? ['U', 8] : ['u', 4];
  return `\\${letter}${code.toString(16).padStart(digits, '0')}`;
}
