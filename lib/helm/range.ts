import type { Loop } from './node';
import { written, type Place } from './page';

/** A `range`: its action, and what stands in it. */
export interface Range {
  readonly action: string;
  readonly body: string;
}

/** A `range` as an author of charts writes it: `.` for an item, and names only where `.` is not enough. */
export function range({ code, key, item }: Loop, place: Place, body: string): Range {
  const over = written(code, place);
  const named = { action: `range ${key}, ${item} := ${over}`, body };
  const actions = body.match(ACTION) ?? [];
  if (!key.startsWith('$index') || actions.some((action) => mentions(action, key))) return named;
  if (actions.some((action) => MOVES_DOT.test(action) || QUOTED_DOLLAR.test(action)))
    return { action: `range ${item} := ${over}`, body };
  const dot = (action: string) =>
    action.replace(new RegExp(`\\${item}(\\.|\\b)`, 'g'), (_all, field: string) => `.${field.slice(1)}`);
  return { action: `range ${over}`, body: body.replace(ACTION, dot) };
}

const ACTION = /\{\{.*?\}\}/gs;

/** An action in which `.` is something else than around it. */
const MOVES_DOT = /^\{\{-? (with|range|block|define)\b/;

/** A text with a dollar in it, which is no variable. */
const QUOTED_DOLLAR = /"[^"]*\$[^"]*"/;

function mentions(action: string, variable: string): boolean {
  return new RegExp(`\\${variable}\\b`).test(action);
}
