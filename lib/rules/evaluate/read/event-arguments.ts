import type { FieldCatalogue } from '../../fields/field';
import type { Event } from '../event';

/** An argument of an event, as `evt.args` shows it: `res=-111(ECONNREFUSED)`. */
interface EventArgument {
  /** What stands before the brackets, or all of it. */
  readonly raw: string;
  /** What stands within the brackets at the end: a name, a path, a socket. */
  readonly resolved: string | undefined;
}

/** The arguments of an event, in their order. */
export type EventArguments = ReadonlyMap<string, EventArgument>;

const NONE: EventArguments = new Map();

/**
 * What takes the arguments of events apart. The same event is asked for several of them, so the last answer is kept.
 *
 * A value may hold blanks and what looks like the next argument: only names that events have begin one, and none within
 * the brackets of `fd=3(<u>/tmp/a b=c)`. What a program sends (`data=`) may still pretend to be an argument.
 *
 * @param catalogue whose `eventParameters` are the names; any word is one if it knows none
 */
export function argumentsReader(catalogue: FieldCatalogue): (event: Event) => EventArguments {
  let lastText: string | undefined;
  let last = NONE;
  return (event) => {
    const text = event['evt.args'];
    if (typeof text !== 'string') return NONE;
    if (text !== lastText) {
      last = parseArguments(text, catalogue.eventParameters);
      lastText = text;
    }
    return last;
  };
}

function parseArguments(text: string, names: ReadonlyMap<string, unknown>): EventArguments {
  const found = new Map<string, EventArgument>();
  let name: string | undefined;
  let from = 0;
  const end = (to: number): void => {
    if (name !== undefined && !found.has(name)) found.set(name, argumentOf(text.slice(from, to)));
  };
  for (const match of text.matchAll(/(?<=^| )([A-Za-z_]\w*)=/g)) {
    const next = match[1] ?? '';
    if (names.size > 0 && !names.has(next)) continue;
    if (name !== undefined && isWithinBrackets(text, from, match.index - 1)) continue;
    end(match.index - 1);
    name = next;
    from = match.index + match[0].length;
  }
  end(text.length);
  return found;
}

/** Whether a value began with a number and a bracket that hasn't been closed. */
function isWithinBrackets(text: string, from: number, to: number): boolean {
  let at = from;
  if (text[at] === '-') at += 1;
  while (at < to && /[\dA-F]/.test(text.charAt(at))) at += 1;
  return at > from && at < to && text[at] === '(' && text[to - 1] !== ')';
}

function argumentOf(text: string): EventArgument {
  const numbered = /^(-?[\dA-F]+)\((.*)\)$/s.exec(text);
  if (numbered !== null) return { raw: numbered[1] ?? '', resolved: numbered[2] };
  // A path that isn't absolute is followed by the one that is.
  const path = /^([^/].*)\((\/.*)\)$/s.exec(text);
  return { raw: path?.[1] ?? text, resolved: path?.[2] };
}
