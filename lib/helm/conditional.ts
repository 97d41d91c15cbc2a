import type { Condition, Loop } from './node';
import { holdsAt, inRange, where, written, type Place } from './page';
import { range } from './range';

/** A side of a condition. */
export type Side = 'yes' | 'no';

/** Lines that depend on a condition: only what the chart's values have to tell stands under an `if`. */
export function conditional(
  condition: Condition,
  place: Place,
  print: (side: Side, at: Place) => string,
): string {
  const known = holdsAt(condition, place);
  if (known !== undefined) return print(known ? 'yes' : 'no', place);
  const yes = print('yes', where(condition, place));
  const no = print('no', where(condition.negation, place));
  if (yes === no) return yes;
  if (yes === '') return `{{- if ${written(condition.negation.code, place)} }}\n${no}{{- end }}\n`;
  return `{{- if ${written(condition.code, place)} }}\n${yes}${no === '' ? '' : otherwise(no)}{{- end }}\n`;
}

/** `else`, or `else if` where nothing but one `if` follows. */
function otherwise(lines: string): string {
  const depths = [...lines.matchAll(/\{\{-? (if|with|range|end)\b/g)].map(([, word]) =>
    word === 'end' ? -1 : 1,
  );
  const ends = depths.findIndex((_, index) => depths.slice(0, index + 1).reduce((a, b) => a + b, 0) === 0);
  const single = lines.startsWith('{{- if ') && ends === depths.length - 1 && lines.endsWith('{{- end }}\n');
  return single ? `{{- else ${lines.slice('{{- '.length, -'{{- end }}\n'.length)}` : `{{- else }}\n${lines}`;
}

/** Lines for each item of a list or a map. */
export function repeated(loop: Loop, place: Place, print: (at: Place) => string): string {
  const { action, body } = range(loop, place, print(inRange(place)));
  return `{{- ${action} }}\n${body}{{- end }}\n`;
}
