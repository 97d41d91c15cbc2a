import type { ArgumentList, FieldReference, Transformed, TransformerArgument, Value } from './ast';
import { TRANSFORMERS } from './operators';
import type { Scanner } from './scanner';
import { expected, unclosed } from './unexpected';

/** How deep transformers may nest; Falco has no limit that works. */
const MAX_TRANSFORMERS = 200;

const TRANSFORMER_STARTS = TRANSFORMERS.map((name) => `${name}(`);

/** A field with its argument, if one starts here: `proc.aname[2]`. */
export function parseField(scanner: Scanner): FieldReference | undefined {
  const start = scanner.position;
  const name = scanner.fieldName();
  if (name === undefined) return undefined;
  const argument = scanner.skip('[') ? readArgument(scanner) : undefined;
  return { kind: 'field', name, argument, start, end: scanner.position };
}

function readArgument(scanner: Scanner): string {
  const argument = scanner.atQuote ? scanner.quotedText() : scanner.bareArgument();
  if (argument === undefined) {
    throw (
      unclosed(scanner) ??
      expected(scanner, "the field's argument", 'quote an argument with blanks or brackets')
    );
  }
  if (!scanner.skip(']')) {
    throw expected(scanner, "']'", 'quote an argument with blanks or brackets: ["a b"]');
  }
  return argument;
}

/** `val(proc.name)`, if one starts here. */
export function parseVal(scanner: Scanner): Transformed | undefined {
  const start = scanner.position;
  if (!scanner.skip('val(')) return undefined;
  scanner.skipBlanks();
  const field = parseField(scanner);
  if (field === undefined) throw expected(scanner, "a field within 'val('");
  scanner.skipBlanks();
  if (!scanner.skip(')')) throw expected(scanner, "')' of 'val('");
  return { kind: 'transformer', name: 'val', arguments: [field], start, end: scanner.position };
}

/** A transformer with its arguments, if one starts here: `tolower(proc.name)`. */
export function parseTransformed(scanner: Scanner, depth = 1): Transformed | undefined {
  const start = scanner.position;
  const opening = TRANSFORMER_STARTS.find((token) => scanner.skip(token));
  if (opening === undefined) return undefined;
  if (depth > MAX_TRANSFORMERS) {
    throw expected(scanner, `at most ${MAX_TRANSFORMERS} transformers within each other`);
  }
  const parts: TransformerArgument[] = [];
  do {
    scanner.skipBlanks();
    parts.push(parseArgument(scanner, opening, depth));
    scanner.skipBlanks();
  } while (scanner.skip(','));
  if (!scanner.skip(')')) throw expected(scanner, `')' of '${opening}'`);
  return { kind: 'transformer', name: opening.slice(0, -1), arguments: parts, start, end: scanner.position };
}

function parseArgument(scanner: Scanner, opening: string, depth: number): TransformerArgument {
  const start = scanner.position;
  const argument = parseItem(scanner, depth);
  if (argument !== undefined) return argument;
  if (scanner.skip('(')) return parseArguments(scanner, start, depth);
  throw (
    unclosed(scanner) ?? expected(scanner, `a field, a value in quotes, a number or a list in '${opening}'`)
  );
}

function parseArguments(scanner: Scanner, start: number, depth: number): ArgumentList {
  const items: TransformerArgument[] = [];
  scanner.skipBlanks();
  if (!scanner.skip(')')) {
    do {
      scanner.skipBlanks();
      const item = parseItem(scanner, depth);
      if (item === undefined) {
        throw unclosed(scanner) ?? expected(scanner, 'a field, a value in quotes or a number');
      }
      items.push(item);
      scanner.skipBlanks();
    } while (scanner.skip(','));
    if (!scanner.skip(')')) throw expected(scanner, "',' or ')'");
  }
  return { kind: 'arguments', items, start, end: scanner.position };
}

function parseItem(scanner: Scanner, depth: number): FieldReference | Transformed | Value | undefined {
  return parseField(scanner) ?? parseTransformed(scanner, depth + 1) ?? readLiteral(scanner);
}

/** A number, or a text in quotes. */
function readLiteral(scanner: Scanner): Value | undefined {
  const start = scanner.position;
  const quoted = scanner.atQuote;
  const text = quoted ? scanner.quotedText() : scanner.number();
  return text === undefined ? undefined : { kind: 'value', text, quoted, start, end: scanner.position };
}
