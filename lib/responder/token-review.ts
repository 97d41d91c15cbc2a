import { createHash } from 'node:crypto';

/** Whose token it is, as the API server says. */
interface Review {
  /** Such as `system:serviceaccount:falco:falco-egress-collector`; `undefined` if the token is not valid. */
  readonly user: string | undefined;
  /** The node of the Pod to which the token is bound. */
  readonly node: string | undefined;
}

/** Asks the API server about a token; rejects if it can't be asked. */
export type Reviewer = (token: string, audience: string) => Promise<Review>;

const VALID_FOR = 60_000;
const INVALID_FOR = 10_000;
const MOST_KEPT = 2_000;

/** A reviewer that remembers answers for a short time, so that a stream of batches is not a stream of reviews. */
export function rememberingReviewer(ask: Reviewer, now: () => number = Date.now): Reviewer {
  const known = new Map<string, { readonly review: Review; readonly until: number }>();
  return async (token, audience) => {
    const key = createHash('sha256').update(`${audience}\n${token}`).digest('hex');
    const kept = known.get(key);
    if (kept !== undefined && kept.until > now()) return kept.review;
    const review = await ask(token, audience);
    // The oldest goes first; a flood of wrong tokens only costs others a new review.
    const [oldest] = known.keys();
    if (known.size >= MOST_KEPT && oldest !== undefined) known.delete(oldest);
    known.delete(key);
    known.set(key, { review, until: now() + (review.user === undefined ? INVALID_FOR : VALID_FOR) });
    return review;
  };
}
