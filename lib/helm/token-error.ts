import { ROOT, VALUES } from './node';

/** A token was looked into otherwise than by `lib/settings/decide.ts`, or did not come back as it went in. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly code = 'TOKEN';

  constructor(token: string, what: string) {
    super(
      `${readable(token)}: ${what}; a construct looks into a setting only by the functions of lib/settings/decide.ts`,
    );
  }
}

/** The code of a token as an author of charts knows it. */
function readable(code: string): string {
  return code.replaceAll(VALUES, '.Values').replaceAll(ROOT, '.');
}
