/** What becomes of a request; a label of the metrics, so the words are few. */
export type Outcome =
  | 'taken'
  | 'empty'
  | 'unavailable'
  | 'throttled'
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'wrong_request';

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly outcome: Outcome;
  /** Why, for the log alone: nothing that whoever asks should learn. */
  readonly reason?: string;
}

/** 401: who are you? */
export function unauthenticated(message: string): Answer {
  const headers = { 'WWW-Authenticate': 'Bearer realm="falco-egress"' };
  return { status: 401, headers, body: { code: 'UNAUTHENTICATED', message }, outcome: 'unauthenticated' };
}

/** 403: known, and not allowed. */
export function forbidden(message: string): Answer {
  return { status: 403, body: { code: 'FORBIDDEN', message }, outcome: 'forbidden' };
}

/** 400: the named field is wrong. */
export function malformed(field: string, problem: string): Answer {
  return {
    status: 400,
    body: { code: 'MALFORMED', field, message: `${field}: ${problem}` },
    outcome: 'malformed',
  };
}

/** Another 4xx. */
export function wrongRequest(status: number, code: string, message: string, headers = {}): Answer {
  return { status, headers, body: { code, message }, outcome: 'wrong_request' };
}

/** 503: the sender should keep it and come again. */
export function unavailable(message: string, retryAfterSeconds: number): Answer {
  const headers = { 'Retry-After': String(retryAfterSeconds) };
  return { status: 503, headers, body: { code: 'UNAVAILABLE', message }, outcome: 'unavailable' };
}

/** 429: the sender brings too much, and should keep it and come again. The collector does after 429 and 503, but no other 4xx. */
export function throttled(waitMs: number): Answer {
  const headers = { 'Retry-After': String(Math.max(1, Math.ceil(waitMs / 1000))) };
  const message = 'too much at once; keep it and come again';
  return { status: 429, headers, body: { code: 'THROTTLED', message }, outcome: 'throttled' };
}

/**
 * 503 where a 4xx would make the collector drop its batch for good, though it may be right in a moment: its token may be
 * renewed, and our configuration may be on its way.
 */
export function notYet(outcome: 'unauthenticated' | 'unavailable', reason: string): Answer {
  return { ...unavailable('not now; keep it and come again', 10), outcome, reason };
}
