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

/** It is not asked now, but may be in so many milliseconds. */
interface NotAsked {
  readonly waitMs: number;
}

/**
 * Asks about a token, unless it is known.
 *
 * @param wait called before a token is asked about that was never taken: in how many milliseconds it may be, 0 for now
 */
export type LimitedReviewer = (
  token: string,
  audience: string,
  wait: () => number,
) => Promise<Review | NotAsked>;

const VALID_FOR = 60_000;
const INVALID_FOR = 10_000;

/** Each collector has one token, and soon after its renewal two; a cluster has at most 5,000 nodes. */
const MOST_VALID = 10_000;
const MOST_INVALID = 2_000;

interface Kept {
  readonly review: Review;
  readonly until: number;
}

/**
 * A reviewer that remembers answers for a short time, so that a stream of batches is not a stream of reviews, and asks about a
 * token once at a time. A flood of wrong tokens takes no room from right ones, and one that was right is asked about again
 * whatever the flood has used up.
 */
export function rememberingReviewer(ask: Reviewer, now: () => number = Date.now): LimitedReviewer {
  const valid = new Map<string, Kept>();
  const invalid = new Map<string, Kept>();
  const asked = new Map<string, Promise<Review>>();
  const review = async (key: string, token: string, audience: string): Promise<Review> => {
    const answer = await ask(token, audience);
    const isValid = answer.user !== undefined;
    valid.delete(key);
    invalid.delete(key);
    const [kept, most, time] = isValid
      ? ([valid, MOST_VALID, VALID_FOR] as const)
      : ([invalid, MOST_INVALID, INVALID_FOR] as const);
    const [oldest] = kept.keys();
    if (kept.size >= most && oldest !== undefined) kept.delete(oldest);
    kept.set(key, { review: answer, until: now() + time });
    return answer;
  };
  return async (token, audience, wait) => {
    const key = createHash('sha256').update(`${audience}\n${token}`).digest('hex');
    const known = valid.get(key) ?? invalid.get(key);
    if (known !== undefined && known.until > now()) return known.review;
    const underWay = asked.get(key);
    if (underWay !== undefined) return underWay;
    const waitMs = valid.has(key) ? 0 : wait();
    if (waitMs > 0) return { waitMs };
    const asking = review(key, token, audience).finally(() => {
      asked.delete(key);
    });
    asked.set(key, asking);
    return asking;
  };
}
