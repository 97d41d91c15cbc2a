import { formatPath } from '../schema/finding';
import type { PositionedYaml } from '../synth/positions';
import type { Line, Outcome } from './line';

/** A line with its place in the values file; line and column start at 1. */
export interface PlacedLine {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The chart's value, as people write it; empty for what the file does not say. */
  readonly value: string;
  readonly outcome: Outcome;
  readonly settings: readonly string[];
  readonly message: string;
}

/** Lines with their places, in the order of the file; what the file does not say comes last. */
export function placed(yaml: PositionedYaml, lines: readonly Line[]): PlacedLine[] {
  return lines
    .map((line) => ({ line, place: placeOf(yaml, line) }))
    .toSorted(
      (a, b) =>
        Number(a.line.path.length === 0) - Number(b.line.path.length === 0) ||
        a.place.line - b.place.line ||
        a.place.column - b.place.column,
    )
    .map(({ line: { path, outcome, settings, message }, place }) => ({
      file: yaml.file,
      ...place,
      value: formatPath(path),
      outcome,
      settings,
      message,
    }));
}

function placeOf(yaml: PositionedYaml, { path, at }: Line): { line: number; column: number } {
  if (path.length === 0) return { line: 1, column: 1 };
  const key = yaml.span(path, 'key');
  if (at === undefined) return { line: key.line, column: key.column };
  // Lines of a literal text begin one after its mark; other forms fold lines, so their own place has to do.
  const span = yaml.span(path, 'value');
  if (!span.text.startsWith('|')) return { line: key.line, column: key.column };
  const line = span.line + at.line;
  const indent = /^ */.exec(
    span.text.split('\n').find((text, index) => index > 0 && text.trim() !== '') ?? '',
  );
  return { line, column: (indent?.[0].length ?? 0) + at.column };
}
