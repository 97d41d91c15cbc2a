import { checkMatch, compileMatch, parseMatch } from '../../rules/alerts/match';
import type { Alert } from '../alert/alert';

/** A response whose condition is none: which, and what is wrong. */
export class MatchError extends Error {
  override readonly name = 'MatchError';
  readonly code = 'INVALID_MATCH';

  constructor(
    /** Its place in the list. */
    readonly index: number,
    readonly problem: string,
  ) {
    super(`responses[${index}].match: ${problem}`);
  }
}

/** The responses that fit an alert, in their order. */
export type Matcher<R> = (alert: Pick<Alert, 'event'>) => readonly R[];

/**
 * Makes responses ready.
 *
 * @param matching whether an alert is answered by the first that fits, or by all
 * @throws {@link MatchError}
 */
export function compileResponses<R extends { readonly match: string }>(
  responses: readonly R[],
  matching: 'first' | 'all',
): Matcher<R> {
  const ready = responses.map((response, index) => {
    const problem = checkMatch(response.match);
    if (problem !== undefined) throw new MatchError(index, problem);
    return { response, fits: compileMatch(parseMatch(response.match)) };
  });
  return ({ event }) => {
    const fitting: R[] = [];
    for (const { response, fits } of ready) {
      if (!fits(event)) continue;
      fitting.push(response);
      if (matching === 'first') break;
    }
    return fitting;
  };
}
