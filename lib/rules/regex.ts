import { matcher } from './regex/match';
import { parseRegex } from './regex/parse';
import { compileProgram } from './regex/program';

export { RegexError } from './regex/error';

/**
 * What decides whether a whole text matches a pattern, as Falco's `regex` operator does: RE2 in its POSIX syntax
 * (`RE2::POSIX` in libs' `sinsp_filtercheck.cpp`), never longer than the text asks for.
 *
 * @throws {@link RegexError} where RE2 would refuse the pattern
 */
export function compileRegex(pattern: string): (text: string) => boolean {
  return matcher(compileProgram(parseRegex(pattern)));
}
