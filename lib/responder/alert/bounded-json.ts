import { messageOf } from '../../program/failure';
import { parseExactJson } from '../../rules/recorded/exact-json';
import { endOfText } from '../../rules/recorded/json-text';
import { MalformedBodyError } from './malformed';

/** How deep lists and objects may nest. Alerts take three levels, a batch of log records nine. */
const MOST_LEVELS = 32;

/** @throws {@link MalformedBodyError} for what is no JSON, and for what nests too deep */
export function parseBounded(text: string): unknown {
  return parse(text, JSON.parse as (text: string) => unknown);
}

/**
 * The same with all digits of long numbers.
 *
 * @throws {@link MalformedBodyError}
 */
export function parseBoundedExact(text: string): unknown {
  return parse(text, parseExactJson);
}

function parse(text: string, read: (text: string) => unknown): unknown {
  const problem = problemOf(text);
  if (problem !== undefined) throw new MalformedBodyError('(body)', problem);
  try {
    return read(text);
  } catch (error) {
    throw new MalformedBodyError('(body)', `not JSON: ${messageOf(error)}`);
  }
}

/**
 * What is looked at before it is parsed: what walks over values recurses, and a stack ends.
 */
function problemOf(text: string): string | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfText(text, at);
        if (at < 0) return 'not JSON: a text does not end';
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        if (++depth > MOST_LEVELS) return `nests deeper than ${MOST_LEVELS} levels`;
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth--;
    }
  }
  return undefined;
}

const QUOTE = 0x22;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
