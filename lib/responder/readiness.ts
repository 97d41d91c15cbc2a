/** Whether the API server can be used, and if not, why. */
export interface Readiness {
  readonly ready: boolean;
  readonly why: string;
}

const FRESH_FOR = 1_000;

/** Remembers an answer for a second and asks only once at a time, so that probes and scrapes cost nothing. */
export function rememberedReadiness(
  ask: () => Promise<Readiness>,
  now: () => number = Date.now,
): () => Promise<Readiness> {
  let answer: Promise<Readiness> | undefined;
  let answeredAt: number | undefined;
  return () => {
    const asking = answeredAt === undefined;
    if (answer !== undefined && (asking || now() - (answeredAt ?? 0) < FRESH_FOR)) return answer;
    answeredAt = undefined;
    answer = ask().finally(() => {
      answeredAt = now();
    });
    return answer;
  };
}
