import { isScalar, visit, type Document, type Scalar } from 'yaml';

/** A scalar that YAML 1.1 reads otherwise than 1.2 does. */
export interface AmbiguousScalar {
  readonly source: string;
  readonly range: readonly [number, number];
  /** What it is to Helm. */
  readonly other: string;
}

const TRUE = /^(y|yes|on)$/i;
const FALSE = /^(n|no|off)$/i;
/** Not `nO`: only these spellings are words of YAML 1.1. */
const SPELLED = /^([a-z]+|[A-Z][a-z]*|[A-Z]+)$/;
const NO_JSON = /^[-+]?\.inf$|^\.nan$/i;
const OCTAL = /^[-+]?0[0-7]+$/;
const BASED = /^[-+]?0(b[01_]+|o[0-7_]+|x[0-9a-f_]+)$/i;
const SPACED = /^[-+]?([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9][0-9_]*)$/;

/**
 * Scalars without quotes that mean one thing here and another to Helm, so that an environment would not be the values file
 * that it looks like. Facts: how `helm template` of Helm 3 and 4 prints them; it reads YAML 1.1, but for `12:30` and dates.
 */
export function ambiguousScalars(document: Document): AmbiguousScalar[] {
  const found: AmbiguousScalar[] = [];
  visit(document, {
    Scalar(_key, node) {
      const { source, range } = node;
      const other = isScalar(node) && node.type === 'PLAIN' && !node.tag ? otherReading(node) : undefined;
      if (other !== undefined && source !== undefined && range)
        found.push({ source, range: [range[0], range[1]], other });
    },
  });
  return found;
}

function otherReading({ source = '', value }: Scalar): string | undefined {
  if (SPELLED.test(source) && TRUE.test(source)) return 'true';
  if (SPELLED.test(source) && FALSE.test(source)) return 'false';
  if (NO_JSON.test(source)) return 'no value';
  if (OCTAL.test(source)) {
    const octal = parseInt(source, 8);
    return octal === value ? undefined : String(octal);
  }
  if (BASED.test(source)) return typeof value === 'number' ? undefined : 'a number';
  return source.includes('_') && SPACED.test(source) ? 'a number' : undefined;
}
