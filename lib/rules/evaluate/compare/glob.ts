import { asciiLower, bytesOf } from './c-text';

/** One place of a pattern: any stretch, or one byte that must be as told. */
type Place = 'any stretch' | Accepts;
type Accepts = (byte: string) => boolean;
type Fold = (text: string) => string;

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[a-z\d]/i,
  alpha: /[a-z]/i,
  blank: /[ \t]/,
  // eslint-disable-next-line no-control-regex -- that is what the class is
  cntrl: /[\0-\x1f\x7f]/,
  digit: /\d/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  xdigit: /[\da-f]/i,
};

/**
 * What decides whether a whole text matches a pattern, as Falco's `glob` does: by `fnmatch` without flags, so `*` and
 * `?` match slashes and leading dots too (libs' `sinsp_utils::glob_match`). Takes time in proportion to
 * pattern × text at worst.
 *
 * @param ignoreCase as `iglob` does
 */
export function compileGlob(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  const places = placesOf(bytesOf(pattern), ignoreCase);
  if (places === undefined) return () => false;
  return (text) => matches(places, bytesOf(text));
}

function matches(places: readonly Place[], text: string): boolean {
  let place = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    const wanted = places[place];
    if (wanted === 'any stretch') {
      star = place;
      starAt = at;
      place += 1;
    } else if (wanted?.(text.charAt(at)) === true) {
      place += 1;
      at += 1;
    } else if (star >= 0) {
      place = star + 1;
      starAt += 1;
      at = starAt;
    } else {
      return false;
    }
  }
  while (places[place] === 'any stretch') place += 1;
  return place === places.length;
}

/** `undefined` for a pattern that matches nothing: one that ends in the middle of an escape. */
function placesOf(pattern: string, ignoreCase: boolean): Place[] | undefined {
  const fold: Fold = ignoreCase ? asciiLower : (text) => text;
  const places: Place[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const byte = pattern.charAt(at);
    if (byte === '*') {
      if (places.at(-1) !== 'any stretch') places.push('any stretch');
    } else if (byte === '?') {
      places.push(() => true);
    } else if (byte === '\\') {
      at += 1;
      if (at >= pattern.length) return undefined;
      places.push(literal(pattern.charAt(at), fold));
    } else {
      const set = byte === '[' ? bracket(pattern, at, fold) : undefined;
      places.push(set?.accepts ?? literal(byte, fold));
      at = set?.end ?? at;
    }
  }
  return places;
}

function between(low: string, high: string, fold: Fold): Accepts {
  return (byte) => fold(byte) >= low && fold(byte) <= high;
}

function literal(byte: string, fold: Fold): Accepts {
  const wanted = fold(byte);
  return (other) => fold(other) === wanted;
}

/** `[a-z]`, `[!…]`, `[[:digit:]…]`: what it accepts and where its last bracket is; `undefined` if it never ends. */
function bracket(pattern: string, start: number, fold: Fold): { accepts: Accepts; end: number } | undefined {
  const negated = /[!^]/.test(pattern.charAt(start + 1));
  const first = start + (negated ? 2 : 1);
  const members: Accepts[] = [];
  let at = first;
  for (; at === first || pattern.charAt(at) !== ']'; at += 1) {
    if (at >= pattern.length) return undefined;
    const named = /^\[:([a-z]+):\]/.exec(pattern.slice(at, at + 12));
    if (named !== null) {
      const letters = CLASSES[named[1] ?? ''];
      // Without regard to case, too: [[:upper:]] never matches a small letter.
      members.push((byte) => letters?.test(byte) === true);
      at += named[0].length - 1;
      continue;
    }
    if (pattern.charAt(at) === '\\') at += 1;
    const low = pattern.charAt(at);
    if (pattern.charAt(at + 1) === '-' && pattern.charAt(at + 2) !== ']' && at + 2 < pattern.length) {
      at += pattern.charAt(at + 2) === '\\' ? 3 : 2;
      members.push(between(fold(low), fold(pattern.charAt(at)), fold));
    } else {
      members.push(literal(low, fold));
    }
  }
  return { accepts: (byte) => members.some((accepts) => accepts(byte)) !== negated, end: at };
}
