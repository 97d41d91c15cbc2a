import type { FileReport } from './files/alert-file';
import type { LokiReport } from './loki/loki-history';

/** Why what was read is not whole: a line each; none if all that was to be read was read. */
export function holesIn(files: readonly FileReport[], lokis: readonly LokiReport[]): readonly string[] {
  return [
    ...files.flatMap(({ name, badCount, bad, holdsAny, inventory, of }) => [
      ...(holdsAny || inventory > 0
        ? []
        : [`${name}: no line of it is ${of === 'requests' ? 'a request' : 'an alert'}`]),
      ...(badCount === 0 ? [] : [`${name}: ${counted(badCount, 'line')} can't be read`]),
      ...bad.map(({ line, reason }) => `${name}:${line}: ${reason}`),
      ...(badCount > bad.length ? [`${name}: … and ${badCount - bad.length} more`] : []),
    ]),
    ...lokis.flatMap(({ name, gaps, badCount }) => [
      ...gaps.map(({ from, to, why }) => `${name}: not all from ${from} to ${to}: ${why}`),
      ...(badCount === 0 ? [] : [`${name}: ${counted(badCount, 'entry', 'entries')} can't be read`]),
    ]),
  ];
}

/** `1 line`, `2 lines`. */
export function counted(count: number, what: string, several = `${what}s`): string {
  return `${count} ${count === 1 ? what : several}`;
}
